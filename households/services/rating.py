"""How far the goals of a plan are reached, and what came of its steps."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.attainment import LEVELS
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from households.enums import PlanState
from households.models import PlanRating, PlanStep, ServicePlan
from households.rules import refuse_paused, refuse_unless_case_role


@transaction.atomic
def rate_plan(
    *, plan: ServicePlan, levels: list[int], note: str, rated_on: date, by: User, at: datetime
) -> PlanRating:
    """How far each goal is reached by now, held against the levels written before (domain §4.4)."""
    plan = lock(plan)
    refuse_unless_case_role(by, plan.household)
    refuse_paused(plan.household)
    if plan.state != PlanState.AGREED:
        raise Refused("plan_not_agreed", _("Only a plan the family agreed to is rated."))
    goals: Any = plan.goals
    if len(levels) != len(goals) or set(levels) - set(LEVELS):
        raise Refused("answer_unknown", _("Choose an answer from the list."))
    last = plan.ratings.latest("stage")
    if not last.rated_on <= rated_on <= day_of(at):
        raise Refused(
            "rating_day", _("The day lies after the last rating and not in the future."), field="rated_on"
        )
    register_involvement(file=plan.household, duty=Duty.HANDLER, by=by, at=at)
    kept: Any = list(levels)
    rating: PlanRating = PlanRating.objects.create(
        plan=plan,
        household=plan.household,
        stage=last.stage + 1,
        levels=kept,
        note=note.strip(),
        rated_on=rated_on,
        rated_by=by,
    )
    record("plan.rated", rating, by=by, at=at, household=plan.household.public_id, stage=f"T{rating.stage}")
    return rating


@transaction.atomic
def end_step(*, step: PlanStep, to: str, word: str, by: User, at: datetime) -> PlanStep:
    """Done, or no longer to be done: with what came of it."""
    step = lock(step)
    refuse_unless_case_role(by, step.household)
    refuse_paused(step.household)
    if not word.strip():
        raise Refused("text_missing", _("Write what came of it."), field="word")
    register_involvement(file=step.household, duty=Duty.HANDLER, by=by, at=at)
    return move(step, to, by=by, at=at, also={"word": word.strip()}, household=step.household.public_id)
