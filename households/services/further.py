"""Something more is needed: a family on file asks again, without becoming a second file (R48)."""

from __future__ import annotations

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import holders_of
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from households.answers import ApplicationAnswers, NeedAnswer
from households.enums import ApplicationState, Channel, NeedState
from households.models import Application, Delegation, Household, Member
from households.rules import ON_FILE, groups_of, refuse_unless_speaking, waits_from_list
from households.services.clocks import days_for
from households.services.intake import note_need
from households.services.links import file_page
from households.services.news import tell_household
from notices.services import notify_all

ASKED = [NeedState.DRAFT, NeedState.ASSESSED, NeedState.OPEN]
SCOPE = "apply"


@transaction.atomic
def request_further(
    *,
    household: Household,
    answer: NeedAnswer,
    beneficiary: Member | None,
    read_back: bool,
    by: Actor,
    at: datetime,
) -> Application:
    """One more need of a family on file, also in the year after its exit (R48): it goes the way of an application.

    It hangs on the same file and is followed with the same code; it is accepted, assessed and decided like the first.
    So does the first need of a family that came from a list and was not filed with it.
    """
    household = lock(household)
    refuse_unless_speaking(household, by, at, scope=SCOPE)
    if household.state not in ON_FILE and not waits_from_list(household):
        raise Refused("file_not_open", _("This file is not open now. Ask the social worker."))
    consent = household.consents.filter(purpose="apply", withdrawn_at__isnull=True).first()
    if consent is None:
        raise Refused(
            "consent_missing", _("The consent to look for help was withdrawn. Give it again first.")
        )
    if household.needs.filter(item__slug=answer.item, state__in=ASKED).exists():
        raise Refused(
            "asked_already",
            _("This was asked for already. Look at its state on the page before."),
            field="item",
        )
    delegation = None
    if by.actor_kind == "delegate":
        delegation = Delegation.objects.get(public_id=by.actor_ref)
        if not read_back:
            raise Refused(
                "not_read_back",
                _("Read the application aloud to the household first, then tick that you did."),
                field="read_back",
            )
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    today, days = day_of(at), days_for({answer.urgency})
    application = Application(
        number=next_number("A", household.area, at),
        household=household,
        delegation=delegation,
        channel=_channel(by),
        area=household.area,
        snapshot=json.dumps(_said(household, answer).as_json(), ensure_ascii=False),
        read_back_at=at if read_back else None,
        submitted_at=at,
        accept_due=days.accept_by(today),
        decide_due=days.decide_by(today),
        state=ApplicationState.SUBMITTED,
        state_since=at,
    )
    application.save(force_insert=True)
    need = note_need(
        household=household,
        application=application,
        answer=answer,
        beneficiary=beneficiary,
        consent=consent,
        groups=groups_of(household, today),
        at=at,
    )
    if not answer.quantity_known and "quantity" not in household.incomplete:
        household.incomplete = [*household.incomplete, "quantity"]
        household.save(update_fields=["incomplete"])
    record(
        "application.further",
        application,
        by=by,
        at=at,
        household=household.public_id,
        need=need.public_id,
        channel=application.channel,
    )
    _tell(application, by, at)
    return application


def is_further(application: Application) -> bool:
    """Asked for by a family on file, after what it was filed for."""
    if application.household.channel == Channel.BATCH:
        return application.channel != Channel.BATCH
    earlier = application.household.applications.filter(pk__lt=application.pk)
    return bool(earlier.filter(state=ApplicationState.APPROVED).exists())


def _channel(by: Actor) -> Channel:
    if isinstance(by, User):
        return Channel.DESK
    return Channel.DELEGATE if by.actor_kind == "delegate" else Channel.SELF


def _said(household: Household, answer: NeedAnswer) -> ApplicationAnswers:
    """What was said this time; who belongs to the family stands in its file."""
    return ApplicationAnswers(area=household.area, members=(), needs=(answer,), consents=("apply",))


def _tell(application: Application, by: Actor, at: datetime) -> None:
    household = application.household
    params = {"number": application.number}
    kind = "delegate_acted" if by.actor_kind == "delegate" else "application_received"
    tell_household(household, kind, params, by=by, at=at)
    known = household.worker
    workers = holders_of(Role.SOCIAL_WORKER, area=household.area) if known is None else [known]
    others = [worker for worker in workers if worker.actor_ref != by.actor_ref]
    notify_all(to=others, kind="new_application", params=params, url=file_page(household), by=by, at=at)
