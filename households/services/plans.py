"""The service plan is written: goals and their levels before anything is done (domain §4.2, §4.4)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.attainment import GOALS_AT_MOST, LEVELS
from common.exceptions import Difference, Refused, Stale
from common.locking import lock, save_edited
from common.recording import record
from households.enums import Doer, PlanState, StepState
from households.models import Household, ServicePlan
from households.planning import STEPS_AT_MOST, differences, flat, label_of
from households.rules import ON_FILE, refuse_paused, refuse_unless_case_role

HEAVIEST = 5


COLUMNS = frozenset({"goals", "steps", "review_due"})


@transaction.atomic
def start_plan(*, household: Household, by: User, at: datetime) -> ServicePlan:
    """A plan for a family on file; one is written at a time, beginning from the one in force."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    refuse_paused(household)
    if household.state not in ON_FILE:
        raise Refused("not_on_file", _("A plan is written once the family is on file."))
    known: ServicePlan | None = household.plans.filter(state=PlanState.DRAFT).first()
    if known is not None:
        return known
    last = household.plans.filter(state=PlanState.AGREED).first()
    open_steps = last.tasks.filter(state=StepState.OPEN) if last else []
    goals: Any = list(last.goals) if last else []
    steps: Any = [{"what": one.what, "who": one.who, "due": one.due.isoformat()} for one in open_steps]
    edition = household.plans.aggregate(last=Max("edition"))["last"] or 0
    plan = ServicePlan(
        household=household,
        edition=edition + 1,
        goals=goals,
        steps=steps,
        author=by,
        created_at=at,
        state=PlanState.DRAFT,
        state_since=at,
    )
    try:
        with transaction.atomic():
            plan.save(force_insert=True)
    except IntegrityError:
        begun: ServicePlan = household.plans.get(state=PlanState.DRAFT)
        return begun
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    record("plan.started", plan, by=by, at=at, household=household.public_id, version=plan.edition)
    return plan


@transaction.atomic
def save_plan(
    *, plan: ServicePlan, version: int, changes: dict[str, Any], by: User, at: datetime
) -> ServicePlan:
    """Keep what is written so far; a stale save shows both versions. What the family agreed to is not edited."""
    plan = lock(plan)
    refuse_unless_case_role(by, plan.household)
    refuse_paused(plan.household)
    if plan.state != PlanState.DRAFT:
        raise Refused("plan_agreed", _("The family has agreed to this plan. Write a new one instead."))
    if set(changes) - COLUMNS:
        raise Refused("answer_unknown", _("Choose an answer from the list."))
    if fault := _fault_of(changes.get("goals", []), changes.get("steps", [])):
        raise fault
    _refuse_stale(plan, version, changes)
    saved = save_edited(plan, version=version, changes=changes)
    record("plan.saved", saved, by=by, at=at, household=plan.household.public_id, fields=sorted(changes))
    return saved


def _refuse_stale(plan: ServicePlan, version: int, changes: dict[str, Any]) -> None:
    """Both versions answer by answer, not as two heaps."""
    if plan.version == version:
        return
    goals: Any = plan.goals
    steps: Any = plan.steps
    theirs = {**flat(goals, steps), "review_due": plan.review_due}
    yours = {
        **flat(changes.get("goals", goals), changes.get("steps", steps)),
        "review_due": changes.get("review_due", plan.review_due),
    }
    field: Any = ServicePlan._meta.get_field("review_due")
    raise Stale(
        _("Someone changed this after you opened it. Look at both versions, then decide which to keep."),
        differences=[
            Difference(name, str(field.verbose_name) if name == "review_due" else label_of(name), one, other)
            for name, one, other in differences(theirs, yours)
        ],
        version=plan.version,
    )


def _fault_of(goals: list[dict[str, Any]], steps: list[dict[str, Any]]) -> Refused | None:
    """Whatever is written is of its kind; what is still open is said when the family agrees."""
    odd = [
        goal
        for goal in goals
        if goal["weight"] not in range(1, HEAVIEST + 1)
        or len(goal["levels"]) != len(LEVELS)
        or (goal["now"] is not None and goal["now"] not in LEVELS)
    ]
    if odd or any(step["who"] not in Doer.values for step in steps):
        return Refused("answer_unknown", _("Choose an answer from the list."))
    if len(goals) > GOALS_AT_MOST or len(steps) > STEPS_AT_MOST:
        return Refused("too_many", _("At most five goals and eight steps: what matters most comes first."))
    return None
