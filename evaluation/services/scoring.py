"""Sealed score sheets: saved as often as needed, submitted once, hidden until every seat has submitted."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.recording import record
from common.states import move
from evaluation.enums import EvaluationState
from evaluation.formulas.scorecard import sheet_total
from evaluation.hashing import digest
from evaluation.models import Evaluation, Score, TeamMember
from evaluation.queries import members_in, papers_of, parameters_of
from evaluation.rules import check_points, check_veto, refuse_incomplete, seat_of
from jobs.services import enqueue


@transaction.atomic
def save_score(
    *,
    evaluation: Evaluation,
    points: Mapping[str, Any],
    reasons: Mapping[str, str],
    evidence: Mapping[str, Mapping[str, str]] | None = None,
    veto: str = "",
    version: int | None = None,
    by: User,
    at: datetime,
) -> Score:
    """Keep an unfinished sheet; only its evaluator ever sees it before all have submitted."""
    evaluation = lock(evaluation)
    _refuse_not_scoring(evaluation, seat_of(evaluation, by))
    policy = parameters_of(evaluation.policy).agencies
    changes: dict[str, Any] = {
        "points": check_points(points, policy),
        "reasons": {name: text.strip() for name, text in reasons.items() if name in policy.scorecard},
        "evidence": _checked(evidence or {}, evaluation, policy.scorecard),
        "veto": check_veto(veto),
        "saved_at": at,
    }
    for file in (evaluation.project, evaluation.project.agency):
        register_involvement(file=file, duty=Duty.EVALUATOR, by=by, at=at)
    score = Score.objects.filter(evaluation=evaluation, evaluator=by).first()
    if score is None:
        score = Score.objects.create(evaluation=evaluation, evaluator=by, **changes)
    else:
        _refuse_submitted(score)
        score = save_edited(score, version=score.version if version is None else version, changes=changes)
    if evaluation.state == EvaluationState.TEAM_ASSIGNED:
        move(evaluation, EvaluationState.SCORING, by=by, at=at)
    record("evaluation.score_saved", evaluation, by=by, at=at, headings=len(changes["points"]))
    return score


@transaction.atomic
def submit_score(*, evaluation: Evaluation, by: User, at: datetime) -> Score:
    """Complete and for good: its digest goes into the journal at once, so that nobody can change it unseen."""
    evaluation = lock(evaluation)
    _refuse_not_scoring(evaluation, seat_of(evaluation, by))
    score = Score.objects.filter(evaluation=evaluation, evaluator=by).first()
    if score is None:
        raise Refused("nothing_saved", _("Fill in the score sheet first."))
    _refuse_submitted(score)
    policy = parameters_of(evaluation.policy).agencies
    refuse_incomplete(score.points, score.reasons, policy)
    score.total = sheet_total(sheet_of(score), policy=policy)
    score.submitted_at = at
    score.digest = digest_of(score)
    score.save(update_fields=["total", "submitted_at", "digest"])
    record("evaluation.score_submitted", evaluation, by=by, at=at, digest=score.digest)
    if all_submitted(evaluation):
        key = f"evaluation.close:{evaluation.public_id}:{evaluation.scores.count()}"
        enqueue("evaluation.close", key=key, by=by, at=at, params={"evaluation": evaluation.public_id})
    return score  # type: ignore[no-any-return]


def _checked(
    evidence: Mapping[str, Mapping[str, str]], evaluation: Evaluation, scorecard: Mapping[str, int]
) -> dict[str, dict[str, str]]:
    """Each heading may name a paper on record of this project, and in words what else was seen (domain §4.7)."""
    papers = papers_of(evaluation.project) if evidence else {}
    checked = {}
    for heading, named in evidence.items():
        seen = {name: named.get(name, "").strip() for name in ("paper", "other")}
        if seen["paper"] and seen["paper"] not in papers:
            raise Refused(
                "paper_unknown",
                _(
                    "This is not on record of the project. Choose from the list, or say in words what you saw."
                ),
                field=f"paper_{heading}",
            )
        if heading in scorecard and any(seen.values()):
            checked[heading] = {name: words for name, words in seen.items() if words}
    return checked


def sheet_of(score: Score) -> dict[str, Decimal]:
    """The points as the formula reads them."""
    return {heading: Decimal(value) for heading, value in score.points.items()}


def digest_of(score: Score) -> str:
    """What was submitted, in one digest; a sheet that names no evidence has the digest it had before one could."""
    return digest(
        [
            score.evaluation.public_id,
            score.evaluator.public_id,
            score.points,
            score.reasons,
            *([score.evidence] if score.evidence else []),
            score.veto,
            f"{score.total:.2f}",  # the column keeps two places; the digest must not change on the way
        ]
    )


def all_submitted(evaluation: Evaluation) -> bool:
    """Every seat is taken and has submitted; while an arbiter is awaited, the arbiter too."""
    team = members_in(evaluation)
    ordinary = [member for member in team if not member.arbiter]
    if len(ordinary) < parameters_of(evaluation.policy).agencies.evaluators:
        return False
    if evaluation.state == EvaluationState.ARBITRATING and len(team) == len(ordinary):
        return False
    submitted = set(
        evaluation.scores.filter(submitted_at__isnull=False).values_list("evaluator_id", flat=True)
    )
    return all(member.user_id in submitted for member in team)


def _refuse_not_scoring(evaluation: Evaluation, member: TeamMember) -> None:
    open_states = {EvaluationState.TEAM_ASSIGNED, EvaluationState.SCORING}
    if member.arbiter:
        open_states = {EvaluationState.ARBITRATING}
    if evaluation.state not in open_states:
        raise Refused(
            "not_scoring",
            _("This evaluation is “%(state)s”; the sheet can no longer be changed.")
            % {"state": evaluation.state_label},
        )


def _refuse_submitted(score: Score) -> None:
    if score.submitted_at is not None:
        raise Refused("submitted", _("You have submitted this sheet; it cannot be changed any more."))
