"""The family agrees to a plan with its own word; from then on it stands as it is."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.attainment import GOALS_AT_LEAST, GOALS_AT_MOST
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from files.models import Attachment
from households.enums import PlanState, StepState
from households.models import PlanRating, PlanStep, ServicePlan
from households.rules import refuse_paused, refuse_unless_case_role
from households.services.speaking import NOBODY_ELSE, hear_family

LONGEST = timedelta(days=366)  # no plan stands longer without being looked at


def open_points(plan: ServicePlan, on: date) -> list[tuple[str, str]]:
    """What is missing before the family can agree: a code and a sentence each."""
    goals: Any = plan.goals
    steps: Any = plan.steps
    found = []
    if not GOALS_AT_LEAST <= len(goals) <= GOALS_AT_MOST:
        found.append(("goals_count", _("Name two to five goals.")))
    if any(not goal["text"].strip() or not all(text.strip() for text in goal["levels"]) for goal in goals):
        found.append(("levels_missing", _("Describe all five levels of every goal before anything is done.")))
    if any(goal["now"] is None for goal in goals):
        found.append(("baseline_missing", _("Say for every goal at which level the family is now.")))
    if not steps or any(not step["what"].strip() or not step["due"] for step in steps):
        found.append(("steps_missing", _("Name at least one step, each with a day.")))
    if plan.review_due is None or not on < plan.review_due <= on + LONGEST:
        found.append(("review_missing", _("Name the day on which the plan is looked at, within a year.")))
    return found


@transaction.atomic
def agree_plan(*, plan: ServicePlan, evidence: Attachment | None, by: User, at: datetime) -> ServicePlan:
    """The family's own word, shown: from now on the plan stands as it is, and the one before is replaced."""
    plan = lock(plan)
    household = lock(plan.household)
    refuse_unless_case_role(by, household)
    refuse_paused(household)
    if plan.state == PlanState.DRAFT and (points := open_points(plan, day_of(at))):
        raise Refused("plan_incomplete", " ".join(words for _code, words in points))
    hear_family(household, scope=NOBODY_ELSE, evidence=evidence, by=by, at=at)
    before = household.plans.filter(state=PlanState.AGREED).first()
    if before is not None:
        _replace(before, plan, by, at)
    also = {"agreed_at": at, "evidence": evidence}
    plan = move(plan, PlanState.AGREED, by=by, at=at, also=also, household=household.public_id)
    goals: Any = plan.goals
    steps: Any = plan.steps
    levels: Any = [goal["now"] for goal in goals]
    for step in steps:
        PlanStep.objects.create(
            plan=plan,
            household=household,
            what=step["what"],
            who=step["who"],
            due=date.fromisoformat(step["due"]),
            state=StepState.OPEN,
            state_since=at,
        )
    PlanRating.objects.create(
        plan=plan, household=household, stage=0, levels=levels, rated_on=day_of(at), rated_by=by
    )
    return plan


def _replace(before: ServicePlan, plan: ServicePlan, by: User, at: datetime) -> None:
    move(lock(before), PlanState.REPLACED, by=by, at=at, version=plan.edition)
    for step in before.tasks.filter(state=StepState.OPEN):
        move(step, StepState.DROPPED, by=by, at=at, also={"word": _("goes on in the new plan")})
