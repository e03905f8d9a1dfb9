"""Somebody spoke of harming themselves: supervisors hear at once, and nothing is closed without what was done."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import holders_of
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from households.enums import SafetyState
from households.models import InstrumentResult, SafetyAlert
from households.rules import refuse_unless_case_role, refuse_unless_supervisor
from households.services.links import safety_page
from notices.services import notify_all

ACT_WITHIN = timedelta(hours=1)


def raise_alert(result: InstrumentResult, by: User, at: datetime) -> None:
    household = result.household
    alert = SafetyAlert.objects.create(
        household=household,
        result=result,
        raised_at=at,
        due=at + ACT_WITHIN,
        state=SafetyState.OPEN,
        state_since=at,
    )
    record("safety.raised", alert, by=by, at=at, household=household.public_id, due=alert.due)
    people = {person.pk: person for person in holders_of(Role.SUPERVISOR, area=household.area)}
    if household.worker is not None and household.worker_id != by.pk:
        people[household.worker.pk] = household.worker
    notify_all(
        to=list(people.values()),
        kind="safety_alert",
        params={"number": household.number},
        url=safety_page(alert),
        by=by,
        at=at,
    )


@transaction.atomic
def act_on_alert(
    *, alert: SafetyAlert, steps: list[str], done: str, next_contact: date, by: User, at: datetime
) -> SafetyAlert:
    """What was done to keep the person safe, and by which day somebody sees them again; also while paused."""
    alert = lock(alert)
    household = alert.household
    refuse_unless_case_role(by, household)
    offered = {step.slug for step in alert.result.instrument.scale.safety_steps}
    if not steps or set(steps) - offered:
        raise Refused("steps_missing", _("Tick what was done of the list."), field="steps")
    if not done.strip():
        raise Refused("text_missing", _("Write down what was done, and with whom."), field="done")
    if next_contact < day_of(at):
        raise Refused("in_the_past", _("This day is over. When is the next contact?"), field="next_contact")
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    text = f"{alert.done}\n\n{done.strip()}" if alert.done else done.strip()
    also = {
        "steps": sorted({*alert.steps, *steps}),
        "done": text,
        "done_by": by,
        "done_at": at,
        "next_contact": next_contact,
    }
    return move(alert, SafetyState.ACTED, by=by, at=at, also=also, household=household.public_id)


@transaction.atomic
def close_alert(*, alert: SafetyAlert, closing: str, by: User, at: datetime) -> SafetyAlert:
    """A supervisor who neither asked nor acted reads what was done and says how things stand now."""
    alert = lock(alert)
    household = alert.household
    refuse_unless_supervisor(by, household)
    if by.pk in {alert.result.taken_by_id, alert.done_by_id}:
        raise Refused("four_eyes", _("You took part in it. Another supervisor looks at it."))
    if not closing.strip():
        raise Refused("text_missing", _("Write how things stand now."), field="closing")
    register_involvement(file=household, duty=Duty.REVIEWER, by=by, at=at)
    also = {"closing": closing.strip(), "closed_by": by, "closed_at": at}
    return move(alert, SafetyState.CLOSED, by=by, at=at, also=also, household=household.public_id)
