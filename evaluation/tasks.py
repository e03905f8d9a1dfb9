"""Jobs of evaluation: they open, draw, close and compute; what they leave are drafts for people (domain §11.5)."""

from __future__ import annotations

from collections.abc import Generator
from datetime import date, datetime
from typing import Any

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from common import clock
from common.actors import SYSTEM
from common.clock import day_of
from evaluation.enums import EliminationState, EvaluationState, RatingState
from evaluation.models import EliminationCase, Evaluation, Rating
from evaluation.queries import parameters_of, seats_missing
from evaluation.queries.running import open_appeals
from evaluation.services import (
    all_submitted,
    close_round,
    compute_rankings,
    compute_ratings,
    draw_or_report,
    finish_case,
    open_due_evaluations,
    open_due_reviews,
    put_into_force,
)
from jobs.models import Job
from jobs.registry import Step, handler
from jobs.schedule import every

Work = Generator[Step, None, dict[str, Any]]


@handler("evaluation.open_due", title=_("Opening evaluations that are due"))
def open_due(job: Job) -> Work:
    """What is due is opened; every empty seat is drawn, or told to the supervisors."""
    at = clock.now()
    opened = open_due_evaluations(by=job.by, at=at)
    yield Step(done=1, total=2)
    drawn = draw_waiting(job, at)
    yield Step(done=2, total=2)
    return {"opened": len(opened), "drawn": drawn}


@handler("evaluation.draw", title=_("Drawing evaluators"))
def draw(job: Job) -> Work:
    """Every empty seat, in the order the evaluations were opened."""
    drawn = draw_waiting(job, clock.now())
    yield Step(done=1, total=1)
    return {"drawn": drawn}


def draw_waiting(job: Job, at: datetime) -> int:
    waiting = [EvaluationState.PLANNED, EvaluationState.TEAM_ASSIGNED, EvaluationState.SCORING]
    rows = Evaluation.objects.filter(state__in=waiting).order_by("pk")
    drawn = [draw_or_report(evaluation=row, by=job.by, at=at) for row in rows if seats_missing(row)]
    arbiters = Evaluation.objects.filter(state=EvaluationState.ARBITRATING).order_by("pk")
    drawn += [draw_or_report(evaluation=row, by=job.by, at=at) for row in arbiters]
    return sum(len(members) for members in drawn)


@handler("evaluation.close", title=_("Closing a round of scores"), follows=True)
def close(job: Job) -> Work:
    """The last sheet was submitted; a round that somebody closed already is left as it is."""
    evaluation = Evaluation.objects.get(public_id=job.params["evaluation"])
    being_scored = evaluation.state in {EvaluationState.SCORING, EvaluationState.ARBITRATING}
    if being_scored and all_submitted(evaluation):
        evaluation = close_round(evaluation=evaluation, by=job.by, at=clock.now())
    yield Step(done=1, total=1)
    return {"state": evaluation.state}


@handler("evaluation.finish_cases", title=_("Closing cases nobody appealed"))
def finish_cases(job: Job) -> Work:
    """Decisions about agencies become final when the time to appeal is over."""
    at = clock.now()
    done = 0
    for case in EliminationCase.objects.filter(state=EliminationState.DECIDED).order_by("pk"):
        days = parameters_of(case.policy).course.appeal_days
        if case.decided_at is not None and (at - case.decided_at).days >= days:
            finish_case(case=case, by=job.by, at=at)
            done += 1
    yield Step(done=1, total=1)
    return {"final": done}


@handler("evaluation.open_reviews", title=_("Looking again at measures whose time is over"))
def open_reviews(job: Job) -> Work:
    """Every measure whose last day has passed gets a case; people lift it or go on."""
    opened = open_due_reviews(by=SYSTEM, at=clock.now())
    yield Step(done=1, total=1)
    return {"opened": len(opened)}


@handler("evaluation.put_into_force", title=_("Putting announced ratings into force"))
def end_announcements(job: Job) -> Work:
    """Ratings whose seven days are over; one with an open objection waits for its answer."""
    at = clock.now()
    due = Rating.objects.filter(state=RatingState.ANNOUNCED, announced_until__lt=day_of(at)).order_by(
        "as_of", "pk"
    )
    ready = [rating for rating in due if not open_appeals(rating).exists()]
    for rating in ready:
        put_into_force(rating=rating, by=job.by, at=at)
    yield Step(done=1, total=1)
    return {"in_force": len(ready)}


@handler("evaluation.rate", title=_("Computing the ratings of agencies"))
def rate(job: Job) -> Work:
    """Drafts for every admitted agency, in one step."""
    done = compute_ratings(as_of=date.fromisoformat(job.params["as_of"]), by=job.by, at=clock.now())
    yield Step(done=1, total=1)
    return done


@handler("evaluation.rank", title=_("Computing the boards of donors"))
def rank(job: Job) -> Work:
    """A draft board for every kind of donor, in one step."""
    done = compute_rankings(as_of=date.fromisoformat(job.params["as_of"]), by=job.by, at=clock.now())
    yield Step(done=1, total=1)
    return done


def _as_of(began: datetime) -> dict[str, Any]:
    return {"as_of": day_of(began).isoformat()}


every("evaluation.open_due", crontab(hour="3", minute="10"), "evaluation.open_due")
every("evaluation.finish_cases", crontab(hour="3", minute="20"), "evaluation.finish_cases")
every("evaluation.open_reviews", crontab(hour="3", minute="30"), "evaluation.open_reviews")
every("evaluation.put_into_force", crontab(hour="3", minute="40"), "evaluation.put_into_force")
every("evaluation.rank", crontab(hour="4", minute="0", day_of_week="1"), "evaluation.rank", params=_as_of)
every("evaluation.rate", crontab(hour="4", minute="30", day_of_month="1"), "evaluation.rate", params=_as_of)
