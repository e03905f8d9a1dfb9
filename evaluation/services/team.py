"""The team: drawn by a seed nobody chooses, from independent evaluators; recusal is replaced by a fresh draw."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.queries import holders_of
from accounts.rules import acts_by_rule
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from evaluation.enums import EvaluationState
from evaluation.models import Evaluation, Score, TeamMember
from evaluation.queries import eligible_evaluators, in_last_team, members_in, parameters_of, seats_missing
from evaluation.rules import refuse_unless_supervisor, seat_of
from notices.services import notify, notify_all
from reference.queries import add_working_days

OPEN_TO_DRAW = frozenset(
    {
        EvaluationState.PLANNED,
        EvaluationState.TEAM_ASSIGNED,
        EvaluationState.SCORING,
        EvaluationState.ARBITRATING,
    }
)


@transaction.atomic
def draw_team(*, evaluation: Evaluation, by: Actor, at: datetime) -> list[TeamMember]:
    """Fill the empty seats from those who are independent; too few of them is refused and nothing is drawn."""
    evaluation = lock(evaluation)
    if not acts_by_rule(by):
        refuse_unless_supervisor(evaluation.project, by)
    if evaluation.state not in OPEN_TO_DRAW:
        raise Refused(
            "not_drawing",
            _("This evaluation is “%(state)s”; nobody is drawn for it any more.")
            % {"state": evaluation.state_label},
        )
    drawn = _fill(evaluation, by=by, at=at)
    if drawn is None:
        raise Refused(
            "too_few_evaluators",
            _(
                "There are not enough independent evaluators for this project. "
                "Ask the system administrator to invite more, then draw again."
            ),
        )
    return drawn


@transaction.atomic
def draw_or_report(*, evaluation: Evaluation, by: Actor, at: datetime) -> list[TeamMember]:
    """Draw as a job does: too few evaluators is told to the supervisors of the place and remains their to-do."""
    evaluation = lock(evaluation)
    drawn = _fill(evaluation, by=by, at=at) if evaluation.state in OPEN_TO_DRAW else []
    if drawn is None:
        _tell_missing(evaluation, by=by, at=at)
    return drawn or []


@transaction.atomic
def declare_recusal(*, evaluation: Evaluation, reason: str, by: User, at: datetime) -> TeamMember:
    """An evaluator who has a tie steps back before submitting; a fresh draw fills the seat."""
    evaluation = lock(evaluation)
    member = seat_of(evaluation, by)
    if not reason.strip():
        raise Refused(
            "reason_missing", _("Say in a few words what ties you to this project."), field="reason"
        )
    _refuse_submitted(member)
    return _step_back(member, evaluation, reason.strip(), by=by, at=at)


@transaction.atomic
def release_member(*, member: TeamMember, reason: str, by: User, at: datetime) -> TeamMember:
    """A supervisor releases an evaluator who cannot score in time; what was submitted stays."""
    evaluation = lock(member.evaluation)
    member = lock(member)
    refuse_unless_supervisor(evaluation.project, by)
    if member.recused:
        raise Refused("released_already", _("This seat is free already."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say why this evaluator is released."), field="reason")
    _refuse_submitted(member)
    return _step_back(member, evaluation, reason.strip(), by=by, at=at)


def _step_back(
    member: TeamMember, evaluation: Evaluation, reason: str, *, by: Actor, at: datetime
) -> TeamMember:
    member.recused, member.recusal_reason = True, reason[:200]
    member.save(update_fields=["recused", "recusal_reason"])
    Score.objects.filter(evaluation=evaluation, evaluator=member.user).delete()
    record("evaluation.recused", evaluation, by=by, at=at, evaluator=member.user.public_id)
    draw_or_report(evaluation=evaluation, by=by, at=at)
    return member


def _refuse_submitted(member: TeamMember) -> None:
    if member.evaluation.scores.filter(evaluator=member.user, submitted_at__isnull=False).exists():
        raise Refused("score_submitted", _("This score has been submitted, so the seat stays as it is."))


def _fill(evaluation: Evaluation, *, by: Actor, at: datetime) -> list[TeamMember] | None:
    """None when there are too few; an empty list when every seat is taken; who judged last time comes last."""
    arbiter = evaluation.state == EvaluationState.ARBITRATING
    wanted = int(not members_in(evaluation, arbiter=True)) if arbiter else seats_missing(evaluation)
    pool = eligible_evaluators(evaluation) if wanted else []
    if len(pool) < wanted:
        return None
    last = in_last_team(evaluation)
    order = sorted(pool, key=lambda user: (user.pk in last, lot_of(evaluation, user)))
    drawn = [
        TeamMember.objects.create(evaluation=evaluation, user=user, arbiter=arbiter, drawn_at=at)
        for user in order[:wanted]
    ]
    if drawn:
        refs = [member.user.public_id for member in drawn]
        again = [member.user.public_id for member in drawn if member.user_id in last]
        record(
            "evaluation.team_drawn", evaluation, by=by, at=at, drawn=refs, of=len(pool), arbiter=arbiter, again=again
        )  # fmt: skip
    if drawn and arbiter:
        course = parameters_of(evaluation.policy).course
        days = course.desk_days if evaluation.desk else course.full_days
        evaluation.due = max(evaluation.due, add_working_days(day_of(at), days))
        evaluation.save(update_fields=["due"])
    if evaluation.state == EvaluationState.PLANNED and not seats_missing(evaluation):
        move(evaluation, EvaluationState.TEAM_ASSIGNED, by=by, at=at)
    params = {"number": evaluation.number, "due": evaluation.due.isoformat()}
    for member in drawn:
        url = reverse("evaluation:file", args=[evaluation.public_id])
        notify(to=member.user, kind="evaluation_assigned", params=params, url=url, by=by, at=at)
    return drawn


def lot_of(evaluation: Evaluation, user: User) -> str:
    """The place in the draw: a digest of two random identifiers, fixed before anybody could choose."""
    return hashlib.sha256(f"{evaluation.public_id}:{user.public_id}".encode()).hexdigest()


def _tell_missing(evaluation: Evaluation, *, by: Actor, at: datetime) -> None:
    record("evaluation.team_missing", evaluation, by=by, at=at)
    notify_all(
        to=holders_of(Role.SUPERVISOR, area=evaluation.project.place),
        kind="team_missing",
        params={"number": evaluation.number},
        url=reverse("admin:evaluation_evaluation_file", args=[evaluation.public_id]),
        by=by,
        at=at,
    )
