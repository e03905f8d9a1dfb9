"""What a rating in force sets going: the table of domain §11.4, gravest first, one case a rating."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from common.actors import Actor
from evaluation.enums import EliminationState, Measure, Trigger
from evaluation.models import EliminationCase, Rating
from evaluation.parameters import Course
from evaluation.queries import parameters_of
from evaluation.services.cases import open_elimination
from implementers.enums import Standing

FAIL = "fail"
Found = tuple[Trigger, Measure, dict[str, Any]]


def open_cases_after_rating(
    *, rating: Rating, earlier: Rating | None, by: Actor, at: datetime
) -> EliminationCase | None:
    """Open the gravest case the facts call for; nothing changes for the agency before two people decide."""
    if rating.agency.standing in {Standing.ELIMINATED, Standing.FROZEN}:
        return None
    course = parameters_of(rating.policy).course
    found = (
        _two_low(rating, earlier, course)
        or _failed_project(rating, earlier)
        or _warning(rating, earlier, course)
    )
    if found is None:
        return None
    trigger, measure, facts = found
    if measure == Measure.WARNED and _warnings(rating, course, at) + 1 >= course.warnings_at_most:
        trigger, measure = Trigger.THREE_WARNINGS, Measure.ELIMINATED
    facts = {**facts, "rating": rating.public_id}
    if rating.score is not None:
        facts["score"] = str(rating.score)
    return open_elimination(
        agency=rating.agency,
        trigger=trigger,
        measure=measure,
        facts=facts,
        by=by,
        at=at,
        policy=rating.policy,
    )


def _two_low(rating: Rating, earlier: Rating | None, course: Course) -> Found | None:
    scores = [one.score for one in (rating, earlier) if one is not None and one.score is not None]
    if len(scores) == 2 and all(score < course.suspend_below for score in scores):
        before = str(earlier.score) if earlier else ""
        measure = Measure.SUSPENDED
        if rating.agency.standing == Standing.SUSPENDED:
            measure = Measure.ELIMINATED
        return Trigger.TWICE_LOW, measure, {"before": before}
    return None


def _failed_project(rating: Rating, earlier: Rating | None) -> Found | None:
    """A project that was not passed since the rating before."""
    told = {result["evaluation"] for result in earlier.inputs["results"]} if earlier else set()
    failed = [
        result["evaluation"]
        for result in rating.inputs["results"]
        if result["grade"] == FAIL and result["evaluation"] not in told
    ]
    if not failed or rating.agency.standing == Standing.SUSPENDED:
        return None
    return Trigger.PROJECT_FAILED, Measure.SUSPENDED, {"evaluations": failed}


def _warning(rating: Rating, earlier: Rating | None, course: Course) -> Found | None:
    if rating.score is None:
        return None
    if rating.score < course.warn_below:
        return Trigger.LOW, Measure.WARNED, {}
    if earlier is not None and earlier.score is not None and earlier.score - rating.score >= course.warn_drop:
        return Trigger.DROP, Measure.WARNED, {"before": str(earlier.score)}
    return None


def _warnings(rating: Rating, course: Course, at: datetime) -> int:
    """Warnings decided in the last two years that were not taken back."""
    since = at - timedelta(days=course.warnings_months * 365 // 12)
    return EliminationCase.objects.filter(
        agency=rating.agency,
        decision=Measure.WARNED,
        decided_at__gte=since,
        state__in=[EliminationState.DECIDED, EliminationState.FINAL],
    ).count()
