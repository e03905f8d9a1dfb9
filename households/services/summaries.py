"""Closing a plan: what was reached, and how the family is looked in on; two people."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

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
from households.enums import ClosingReason, PlanState, StepState, SummaryState, VisitKind
from households.models import ClosingSummary, Household
from households.rules import refuse_paused, refuse_unless_case_role, refuse_unless_supervisor
from households.services.links import care_page
from households.services.saying import said
from households.services.visits import open_visit_task
from notices.services import notify_all


@transaction.atomic
def write_summary(
    *,
    household: Household,
    reason: str,
    result: str,
    family: str,
    follow_up: str,
    first_visit: date,
    by: User,
    at: datetime,
) -> ClosingSummary:
    """What the plan in force has reached, what the family says, and how it is looked in on afterwards."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    refuse_paused(household)
    plan = household.plans.filter(state=PlanState.AGREED).first()
    if plan is None:
        raise Refused("no_plan", _("Only the plan in force is closed with a summary; there is none."))
    if household.closing_summaries.filter(state=SummaryState.WRITTEN).exists():
        raise Refused("written_already", _("A summary is waiting for a supervisor already."))
    if not plan.ratings.filter(stage__gt=0).exists():
        raise Refused("not_rated", _("Rate the goals with the family first."))
    if plan.tasks.filter(state=StepState.OPEN).exists():
        raise Refused("steps_open", _("Say first what came of every step."))
    if reason not in ClosingReason.values:
        raise Refused("answer_unknown", _("Choose an answer from the list."), field="reason")
    if first_visit <= day_of(at):
        raise Refused("in_the_past", _("This day is over. Name one to come."), field="first_visit")
    summary: ClosingSummary = ClosingSummary.objects.create(
        household=household,
        plan=plan,
        reason=reason,
        result=said(result, "result"),
        family=said(family, "family"),
        follow_up=said(follow_up, "follow_up"),
        first_visit=first_visit,
        written_by=by,
        written_at=at,
        state=SummaryState.WRITTEN,
        state_since=at,
    )
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("summary.written", summary, by=by, at=at, household=household.public_id, cause=reason)
    supervisors = holders_of(Role.SUPERVISOR, area=household.area)
    notify_all(
        to=[person for person in supervisors if person.pk != by.pk],
        kind="summary_waiting",
        params={"number": household.number},
        url=care_page(household),
        by=by,
        at=at,
    )
    return summary


@transaction.atomic
def decide_summary(
    *, summary: ClosingSummary, confirm: bool, reason: str, by: User, at: datetime
) -> ClosingSummary:
    """A second person sends it back, or confirms: the plan is closed and the first follow-up stands on the list."""
    summary = lock(summary)
    household = summary.household
    refuse_unless_supervisor(by, household)
    if summary.written_by_id == by.pk:
        raise Refused("four_eyes", _("You wrote this summary. A colleague reviews it."))
    also: dict[str, Any] = {"decided_by": by}
    if not confirm:
        also["sent_back_reason"] = said(reason, "reason")
        return move(summary, SummaryState.SENT_BACK, by=by, at=at, also=also, household=household.public_id)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    move(lock(summary.plan), PlanState.CLOSED, by=by, at=at, household=household.public_id)
    open_visit_task(
        household=household,
        kind=VisitKind.FOLLOW_UP,
        due=summary.first_visit,
        cause_ref=summary.public_id,
        by=by,
        at=at,
    )
    return move(summary, SummaryState.CONFIRMED, by=by, at=at, also=also, household=household.public_id)
