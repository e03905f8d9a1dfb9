"""Ratings of agencies: computed by a job from evaluations alone, put into force by two people (domain §11.2–§11.4)."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import members_of
from accounts.rules import refuse_unless_by_rule
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from evaluation.computing import compute
from evaluation.enums import RatingState
from evaluation.hashing import digest
from evaluation.models import Rating, RatingPolicy
from evaluation.queries import parameters_of, policy_on
from evaluation.queries.running import open_appeals
from evaluation.queries.snapshot import snapshot
from evaluation.rules import refuse_rater, refuse_unless_worker
from evaluation.services.triggers import open_cases_after_rating
from implementers.models import Agency
from implementers.services import set_standing
from jobs.models import Job
from jobs.services import enqueue
from notices.services import notify_all

OWN_PAGE = "/evaluation/rating/"
ANNOUNCED = timedelta(days=7)  # domain §10.9
COMPUTED = [
    "inputs",
    "inputs_hash",
    "figures",
    "project_score",
    "score",
    "level",
    "projects_counted",
    "computed_at",
]


@transaction.atomic
def start_rating(*, as_of: date, by: Actor, at: datetime) -> Job:
    """Ask for the ratings of a day; one live job for a day and a policy version."""
    refuse_unless_worker(by)
    policy = policy_on(as_of)
    return enqueue(
        "evaluation.rate",
        key=f"evaluation.rate:{as_of.isoformat()}:{policy.version}",
        by=by,
        at=at,
        params={"as_of": as_of.isoformat()},
    )


@transaction.atomic
def compute_ratings(*, as_of: date, by: Actor, at: datetime) -> dict[str, Any]:
    """Write a draft for every admitted agency; a second run changes nothing unless the facts of the day changed.

    What people have reviewed, approved or set aside is left alone.
    """
    refuse_unless_by_rule(by)
    policy = policy_on(as_of)
    parameters = parameters_of(policy).agencies
    inputs = snapshot(as_of, parameters)
    known = {
        rating.agency_id: rating
        for rating in Rating.objects.filter(as_of=as_of, policy=policy).exclude(state=RatingState.SET_ASIDE)
    }
    fresh, changed = [], []
    for agency_id, content in inputs.items():
        hashed = digest(content)
        rating = known.get(agency_id)
        if rating is None:
            rating = Rating(
                agency_id=agency_id, policy=policy, as_of=as_of, state=RatingState.DRAFT, state_since=at
            )
            fresh.append(_filled(rating, content, hashed, policy, at))
        elif rating.state == RatingState.DRAFT and rating.inputs_hash != hashed:
            changed.append(_filled(rating, content, hashed, policy, at))
    Rating.objects.bulk_create(fresh, batch_size=500)
    Rating.objects.bulk_update(changed, COMPUTED, batch_size=200)
    done = {"as_of": as_of.isoformat(), "policy": policy.version, "agencies": len(inputs), "new": len(fresh),
            "changed": len(changed), "inputs_hash": digest(sorted(digest(one) for one in inputs.values()))}  # fmt: skip
    record("evaluation.ratings_computed", policy, by=by, at=at, **done)
    return done


def _filled(
    rating: Rating, content: dict[str, Any], hashed: str, policy: RatingPolicy, at: datetime
) -> Rating:
    numbers = compute(content, parameters_of(policy).agencies)
    rating.inputs, rating.inputs_hash, rating.figures = content, hashed, numbers.as_json()
    rating.project_score, rating.score = numbers.projects.rating, numbers.composite.score
    rating.level, rating.projects_counted = numbers.level, numbers.projects.n
    rating.computed_at = at
    return rating


@transaction.atomic
def review_rating(*, rating: Rating, by: User, at: datetime) -> Rating:
    """A first person has looked at the numbers and their inputs, and recomputed them."""
    rating = lock(rating)
    refuse_rater(rating.agency, by, supervisor=False)
    _refuse_irreproducible(rating)
    return move(rating, RatingState.REVIEWED, by=by, at=at, also={"reviewed_by": by})


@transaction.atomic
def approve_rating(*, rating: Rating, by: User, at: datetime) -> Rating:
    """A supervisor, other than the reviewer, announces it for seven days; objections are heard (domain §10.9)."""
    rating = lock(rating)
    agency = lock(rating.agency)
    refuse_rater(agency, by, supervisor=True)
    if rating.reviewed_by_id == by.pk:
        raise Refused("second_person", _("You reviewed this rating, so a colleague must approve it."))
    newer = Rating.objects.filter(
        agency=agency, state__in=[RatingState.ANNOUNCED, RatingState.EFFECTIVE], as_of__gt=rating.as_of
    )
    if newer.exists():
        raise Refused("older_rating", _("A rating of a later day is in force. Set this one aside."))
    _refuse_irreproducible(rating)
    register_involvement(file=agency, duty=Duty.RATING_APPROVER, by=by, at=at)
    until = day_of(at) + ANNOUNCED
    also = {"approved_by": by, "announced_until": until}
    rating = move(rating, RatingState.ANNOUNCED, by=by, at=at, also=also, level=rating.level)
    readers = members_of(agency.organisation_id, role=Role.AGENCY)
    params = {"until": until.isoformat()}
    notify_all(to=readers, kind="rating_announced", params=params, url=OWN_PAGE, by=by, at=at)
    return rating


@transaction.atomic
def put_into_force(*, rating: Rating, by: Actor, at: datetime) -> Rating:
    """Its seven days are over and no objection is open: standing, the earlier one, and what follows."""
    refuse_unless_by_rule(by)
    rating = lock(rating)
    agency = lock(rating.agency)
    if rating.announced_until is None or day_of(at) <= rating.announced_until:
        raise Refused("announcement_running", _("Objections are still heard. It is in force afterwards."))
    if open_appeals(rating).exists():
        raise Refused("appeal_open", _("The agency may still appeal."))
    earlier = Rating.objects.filter(agency=agency, state=RatingState.EFFECTIVE).first()
    if earlier is not None:
        move(lock(earlier), RatingState.SUPERSEDED, by=by, at=at)
    rating = move(rating, RatingState.EFFECTIVE, by=by, at=at, level=rating.level)
    set_standing(
        agency=agency,
        level=rating.level,
        score=rating.score,
        since=at,
        rating_ref=rating.public_id,
        projects=rating.projects_counted,
        by=by,
        at=at,
    )
    open_cases_after_rating(rating=rating, earlier=earlier, by=by, at=at)
    _tell(agency, rating, by=by, at=at)
    return rating


@transaction.atomic
def set_aside(*, rating: Rating, reason: str, by: User, at: datetime) -> Rating:
    """Not put into force, with the reason; the next run may compute the day anew."""
    rating = lock(rating)
    refuse_rater(rating.agency, by, supervisor=True)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why this rating is set aside."), field="reason")
    return move(rating, RatingState.SET_ASIDE, by=by, at=at, reason="set_aside")


def recomputes(rating: Rating) -> bool:
    """Whether the stored inputs and policy give the stored numbers."""
    numbers = compute(rating.inputs, parameters_of(rating.policy).agencies)
    same = (numbers.projects.rating, numbers.composite.score, numbers.level)
    return rating.inputs_hash == digest(rating.inputs) and same == (
        rating.project_score,
        rating.score,
        rating.level,
    )


def _refuse_irreproducible(rating: Rating) -> None:
    if not recomputes(rating):
        raise Refused(
            "not_reproducible", _("The inputs do not give these numbers. Call the auditor before going on.")
        )


def _tell(agency: Agency, rating: Rating, *, by: Actor, at: datetime) -> None:
    """Without a level the agency reads that there are too few evaluations yet, not a dash."""
    kind = "standing_changed" if rating.level else "standing_unrated"
    params = {"level": rating.level} if rating.level else {}
    readers = members_of(agency.organisation_id, role=Role.AGENCY)
    notify_all(to=readers, kind=kind, params=params, url=OWN_PAGE, by=by, at=at)
