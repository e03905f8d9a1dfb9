"""Counters of a need, moved with F() under CHECK; its severity, and what becomes of it once help is there."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from households.enums import NeedState
from households.measures.severity import need_severity
from households.models import Assessment, Need
from households.rules import (
    ON_FILE,
    refuse_unless_case_role,
    refuse_unless_speaking,
    refuse_unless_supervisor,
)
from households.services.news import tell_of_delegate

OVERRIDDEN = "override"
AT_ONCE = "at_once"  # before the assessment, which rates it like any other
RATED = ("severity", "severity_rule", "severity_reason")


@transaction.atomic
def reserve_need(*, need: Need, amount: int, by: Actor, at: datetime) -> Need:
    """Promise part of a need; never more than is still missing."""
    if amount < 1:
        raise Refused("amount", _("Give a quantity of at least one."), field="amount")
    changed = _change(
        need, state=NeedState.OPEN, consent__withdrawn_at__isnull=True, reserved=F("reserved") + amount
    )
    if not changed:
        need.refresh_from_db()
        left = need.remaining if need.state == NeedState.OPEN else 0
        raise Refused(
            "need_taken", _("Only %(left)s is still missing here.") % {"left": left}, field="amount"
        )
    record("need.reserved", need, by=by, at=at, amount=amount)
    return lock(need)


@transaction.atomic
def release_need(*, need: Need, amount: int, by: Actor, at: datetime) -> Need:
    """Give a promised part free again."""
    if not _change(need, reserved=F("reserved") - amount):
        raise Refused("not_reserved", _("This part is no longer reserved. Reload the page."))
    record("need.released", need, by=by, at=at, amount=amount)
    return lock(need)


@transaction.atomic
def deliver_need(*, need: Need, amount: int, by: Actor, at: datetime) -> Need:
    """A promised part arrived; when everything has arrived the need is fulfilled, exactly at its quantity."""
    if not _change(need, reserved=F("reserved") - amount, delivered=F("delivered") + amount):
        raise Refused("not_reserved", _("This part is no longer reserved. Reload the page."))
    record("need.delivered", need, by=by, at=at, amount=amount)
    need = lock(need)
    if need.delivered == need.requested:
        move(need, NeedState.FULFILLED, by=by, at=at)
    return need


@transaction.atomic
def verify_need(*, need: Need, by: User, at: datetime) -> Need:
    """A worker saw that the help is there."""
    need = lock(need)
    refuse_unless_case_role(by, need.household)
    register_involvement(file=need.household, duty=Duty.VERIFIER, by=by, at=at)
    return move(need, NeedState.VERIFIED, by=by, at=at)


@transaction.atomic
def close_need(*, need: Need, by: User, at: datetime) -> Need:
    """Nothing more to do: the help is there and was seen. That a need is none any more, the family says itself."""
    need = lock(need)
    refuse_unless_case_role(by, need.household)
    if need.state == NeedState.EXPIRED:
        raise Refused(
            "still_wanted",
            _("Its day is over, the need may not be. Ask the family: a new day, or it no longer wants it."),
        )
    register_involvement(file=need.household, duty=Duty.HANDLER, by=by, at=at)
    return move(need, NeedState.CLOSED, by=by, at=at, also={"closed_at": at})


@transaction.atomic
def override_severity(*, need: Need, severity: int, reason: str, by: User, at: datetime) -> Need:
    """A supervisor may set another severity than the rule's, with a reason."""
    need = lock(need)
    refuse_unless_supervisor(by, need.household)
    if not 1 <= severity <= 5:
        raise Refused("severity", _("Choose a severity from 1 to 5."), field="severity")
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the rule does not fit here."), field="reason")
    register_involvement(file=need.household, duty=Duty.REVIEWER, by=by, at=at)
    before = need.severity
    need.severity, need.severity_rule, need.severity_reason, need.overridden_by = (
        severity,
        OVERRIDDEN,
        reason[:200],
        by,
    )
    need.save(update_fields=["severity", "severity_rule", "severity_reason", "overridden_by"])
    record("need.severity_overridden", need, by=by, at=at, before=before, after=severity)
    return need


@transaction.atomic
def renew_need(*, need: Need, deadline: date, by: Actor, at: datetime) -> Need:
    """The day has passed and it is still needed: the family or its worker names a new day and the search goes on."""
    need = lock(need)
    household = need.household
    refuse_unless_speaking(household, by, at, scope="update")
    if household.state not in ON_FILE:
        raise Refused("file_not_open", _("This file is not open now. Ask the social worker."))
    if deadline < day_of(at):
        raise Refused("deadline_past", _("This day is already over. By when is it needed?"), field="deadline")
    if need.consent is None or need.consent.withdrawn_at is not None:
        raise Refused(
            "consent_missing", _("The consent to look for help was withdrawn. Give it again first.")
        )
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    tell_of_delegate(household, by=by, at=at)
    also: dict[str, object] = {"deadline": deadline}
    if need.assessment is not None and need.severity_rule != OVERRIDDEN:
        rate(need, need.assessment, deadline, on=day_of(at))
        also |= {name: getattr(need, name) for name in RATED}
    return move(need, NeedState.OPEN, by=by, at=at, also=also, reason="still_needed", deadline=deadline)


def rate(need: Need, assessment: Assessment, deadline: date | None, *, on: date) -> None:
    """Severity from the rule, with its version and reasons."""
    days = (deadline - on).days if deadline else None
    result = need_severity(
        grade=assessment.grade or 0, immediate_risk=bool(assessment.risks), days_to_deadline=days
    )
    need.severity = result.severity
    need.severity_rule = result.rule_version
    need.severity_reason = ",".join(result.reasons)


def _change(need: Need, **changes: object) -> bool:
    """One conditional UPDATE; the CHECK constraints keep the promise even when two come at once."""
    conditions = {name: value for name, value in changes.items() if not hasattr(value, "resolve_expression")}
    updates = {name: value for name, value in changes.items() if name not in conditions}
    try:
        with transaction.atomic():
            return bool(Need.objects.filter(pk=need.pk, **conditions).update(**updates))
    except IntegrityError:
        return False
