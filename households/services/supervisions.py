"""What a supervisor advised on a case, and that the colleague read it."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from households.models import Household, Supervision
from households.rules import CASE_ROLES, refuse_unless_supervisor
from households.services.links import care_page
from households.services.saying import said
from notices.services import notify


@transaction.atomic
def record_supervision(
    *,
    household: Household,
    worker: User,
    held_on: date,
    about: str,
    advice: str,
    due: date | None,
    by: User,
    at: datetime,
) -> Supervision:
    """What a supervisor of the area advised a colleague on this case; the colleague says that it was read."""
    household = lock(household)
    refuse_unless_supervisor(by, household)
    if worker.pk == by.pk or not _serves(worker, household):
        raise Refused("not_a_colleague", _("Choose a colleague of your area."), field="worker")
    if held_on > day_of(at):
        raise Refused("in_the_future", _("This day is still to come. When was it done?"), field="held_on")
    if due is not None and due < day_of(at):
        raise Refused("in_the_past", _("This day is over. Name one to come."), field="due")
    found: Supervision = Supervision.objects.create(
        household=household,
        supervisor=by,
        worker=worker,
        held_on=held_on,
        about=said(about, "about"),
        advice=said(advice, "advice"),
        due=due,
        written_at=at,
    )
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("supervision.recorded", found, by=by, at=at, household=household.public_id, user=worker.public_id)
    notify(
        to=worker,
        kind="supervision_for_worker",
        params={"number": household.number},
        url=care_page(household),
        by=by,
        at=at,
    )
    return found


def _serves(worker: User, household: Household) -> bool:
    seats = worker.memberships.in_force().filter(role__in=CASE_ROLES)
    return any(household.area.startswith(seat.prefix) for seat in seats)


@transaction.atomic
def read_supervision(*, supervision: Supervision, by: User, at: datetime) -> Supervision:
    """The colleague has read the advice."""
    supervision = lock(supervision)
    if supervision.worker_id != by.pk:
        raise Refused("not_yours", _("Only the colleague it was held with says so."))
    if supervision.read_at is not None:
        raise Refused("read_already", _("It is marked as read already."))
    supervision.read_at = at
    supervision.save(update_fields=["read_at"])
    record("supervision.read", supervision, by=by, at=at, household=supervision.household.public_id)
    return supervision
