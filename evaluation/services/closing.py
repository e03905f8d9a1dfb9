"""From the sealed sheets to the result: closed, commented on by the agency, final, published (domain §10.8)."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import members_of
from accounts.rules import acts_by_rule
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from evaluation.enums import EvaluationState, Outcome
from evaluation.formulas.policy import level_of
from evaluation.formulas.scorecard import ProjectScore, project_score
from evaluation.models import Evaluation, Score
from evaluation.queries import members_in, open_findings, parameters_of
from evaluation.rules import outcome_of, refuse_not_own_agency, refuse_unless_supervisor
from evaluation.services.cases import freeze_after_veto
from evaluation.services.scoring import all_submitted, digest_of, sheet_of
from evaluation.services.team import draw_or_report
from notices.services import notify_all
from projects.enums import Stage
from projects.models import Project
from projects.services import (
    accept_project,
    after_mid_term,
    ask_revision,
    fail_project,
    pass_gate,
    rectify_project,
    reject_project,
    terminate_project,
)
from reference.queries import add_working_days


@transaction.atomic
def close_round(*, evaluation: Evaluation, by: Actor, at: datetime) -> Evaluation:
    """All have submitted: the mean becomes the draft, or a third evaluator is drawn when two differ by over ten."""
    evaluation = lock(evaluation)
    if not acts_by_rule(by):
        refuse_unless_supervisor(evaluation.project, by)
    if evaluation.state not in {EvaluationState.SCORING, EvaluationState.ARBITRATING}:
        raise Refused(
            "not_scoring",
            _("This evaluation is “%(state)s” and is not being scored.") % {"state": evaluation.state_label},
        )
    if not all_submitted(evaluation):
        raise Refused("not_all_submitted", _("Not everybody has submitted yet; the scores stay sealed."))
    result = _result(evaluation)
    if result.needs_arbitration:
        move(evaluation, EvaluationState.ARBITRATING, by=by, at=at, spread=str(result.spread))
        draw_or_report(evaluation=evaluation, by=by, at=at)
        return evaluation
    if result.score is None or result.grade is None:
        raise Refused("not_all_submitted", _("Not everybody has submitted yet; the scores stay sealed."))
    also = {
        "score": result.score,
        "spread": result.spread,
        "grade": result.grade,
        "veto": result.vetoes[0] if result.vetoes else "",
        "inputs": _inputs(evaluation, result),
    }
    move(evaluation, EvaluationState.DRAFTED, by=by, at=at, also=also, score=str(result.score))
    due = add_working_days(day_of(at), parameters_of(evaluation.policy).course.comment_days)
    move(evaluation, EvaluationState.FEEDBACK, by=by, at=at, also={"comments_due": due})
    _tell_agency(evaluation, "evaluation_comment", by=by, at=at, due=due.isoformat())
    return evaluation


@transaction.atomic
def comment(*, evaluation: Evaluation, text: str, by: User, at: datetime) -> Evaluation:
    """The agency answers the draft within five working days; it may rewrite its answer until then."""
    evaluation = lock(evaluation)
    refuse_not_own_agency(evaluation.project.agency, by)
    if evaluation.state != EvaluationState.FEEDBACK or evaluation.comments_due is None:
        raise Refused("not_in_feedback", _("This evaluation is not open for comments now."))
    if day_of(at) > evaluation.comments_due:
        raise Refused("comments_over", _("The five working days are over. You may still appeal the result."))
    if not text.strip():
        raise Refused("text_missing", _("Write your comment, or that you have none."), field="text")
    evaluation.agency_comment, evaluation.commented_at = text.strip(), at
    evaluation.save(update_fields=["agency_comment", "commented_at"])
    record("evaluation.commented", evaluation, by=by, at=at)
    return evaluation


@transaction.atomic
def finalise(*, evaluation: Evaluation, by: User, at: datetime) -> Evaluation:
    """A supervisor closes it once the agency has spoken or its time is over; the gate and the project follow."""
    evaluation = lock(evaluation)
    if not isinstance(by, User):
        raise Refused("person_needed", _("A supervisor closes an evaluation, never the clock."))
    refuse_unless_supervisor(evaluation.project, by)
    if (
        evaluation.state != EvaluationState.FEEDBACK
        or evaluation.comments_due is None
        or evaluation.score is None
    ):
        raise Refused(
            "not_in_feedback",
            _("This evaluation is “%(state)s” and cannot be made final now.")
            % {"state": evaluation.state_label},
        )
    if evaluation.commented_at is None and day_of(at) <= evaluation.comments_due:
        raise Refused("comments_running", _("The agency may still comment. Wait until its time is over."))
    register_involvement(file=evaluation, duty=Duty.REVIEWER, by=by, at=at)
    findings = open_findings(evaluation)
    outcome = outcome_of(
        stage=evaluation.stage,
        score=evaluation.score,
        veto=evaluation.veto,
        findings=len(findings),
        course=parameters_of(evaluation.policy).course,
    )
    also = {"outcome": outcome, "final_at": at}
    move(evaluation, EvaluationState.FINAL, by=by, at=at, also=also, outcome=str(outcome))
    _carry_out(evaluation, by=by, at=at)
    if evaluation.veto:
        freeze_after_veto(evaluation=evaluation, by=by, at=at)
    _tell_agency(evaluation, "evaluation_final", by=by, at=at)
    return evaluation


@transaction.atomic
def publish_evaluation(*, evaluation: Evaluation, summary: str, by: User, at: datetime) -> Evaluation:
    """The summary of a final result, for everybody to read; it names no household. After an appeal it is due anew."""
    evaluation = lock(evaluation)
    refuse_unless_supervisor(evaluation.project, by)
    if not summary.strip():
        raise Refused("summary_missing", _("Write the summary that everybody will read."), field="summary")
    also = {"summary": summary.strip(), "published_at": evaluation.published_at or at}
    return move(evaluation, EvaluationState.PUBLISHED, by=by, at=at, also=also)


def _result(evaluation: Evaluation) -> ProjectScore:
    """The formula over the sheets, each checked against the digest journaled when it was submitted."""
    sheets, arbiter, vetoes = [], None, []
    scores = {score.evaluator_id: score for score in evaluation.scores.select_related("evaluator")}
    for member in members_in(evaluation):
        score: Score = scores[member.user_id]
        if score.digest != digest_of(score):
            raise Refused(
                "sheet_altered", _("A submitted sheet was altered. Call the auditor before going on.")
            )
        if member.arbiter:
            arbiter = sheet_of(score)
        else:
            sheets.append(sheet_of(score))
        if score.veto and score.veto not in vetoes:
            vetoes.append(score.veto)
    policy = parameters_of(evaluation.policy).agencies
    return project_score(sheets, arbiter=arbiter, vetoes=vetoes, policy=policy)


def _inputs(evaluation: Evaluation, result: ProjectScore) -> dict[str, Any]:
    """What the result rests on: digests of the sheets, totals, and the mean of each heading."""
    scores = [score for score in evaluation.scores.order_by("pk") if score.submitted_at]
    headings = parameters_of(evaluation.policy).agencies.scorecard
    means = {
        name: str(sum((Decimal(score.points[name]) for score in scores), Decimal(0)) / len(scores))
        for name in headings
    }
    return {
        "policy": evaluation.policy.version,
        "digests": [score.digest for score in scores],
        "totals": [str(total) for total in result.totals],
        "dimensions": {name: str(value) for name, value in result.dimensions.items()},
        "headings": means,
    }


def _carry_out(evaluation: Evaluation, *, by: User, at: datetime) -> None:
    """The project follows the outcome of its stage (domain §10.5)."""
    project: Project = evaluation.project
    if evaluation.outcome == Outcome.PASSED:
        pass_gate(project=project, stage=evaluation.stage, evaluation_ref=evaluation.public_id, by=by, at=at)
        if evaluation.stage == Stage.MID_TERM:
            after_mid_term(project=project, by=by, at=at)
        if evaluation.stage == Stage.EX_POST:
            accept_project(project=project, by=by, at=at)
        return
    reason = _reason(evaluation)
    if evaluation.outcome == Outcome.REVISE:
        if evaluation.stage == Stage.EX_ANTE:
            ask_revision(project=project, reason=reason, by=by, at=at)
            return
        dates = [finding.due for finding in open_findings(evaluation) if finding.due]
        days = parameters_of(evaluation.policy).course.rectify_days
        due = max(dates) if dates else day_of(at) + timedelta(days=days)
        rectify_project(project=project, due=due, reason=reason, by=by, at=at)
        return
    ended = {
        Stage.EX_ANTE: reject_project,
        Stage.MID_TERM: terminate_project,
        Stage.EX_POST: fail_project,
    }[Stage(evaluation.stage)]
    ended(project=project, reason=reason, by=by, at=at)


def _reason(evaluation: Evaluation) -> str:
    text = _("Evaluation %(number)s: %(score)s points.") % {
        "number": evaluation.number,
        "score": evaluation.score,
    }
    return " ".join([text, *(finding.text for finding in open_findings(evaluation))])


def correct_score(evaluation: Evaluation, score: Decimal) -> dict[str, Any]:
    """The fields that change when an appeal is granted; what it was before stays in the inputs."""
    policy = parameters_of(evaluation.policy).agencies
    before = {"score": str(evaluation.score), "grade": evaluation.grade}
    return {
        "score": score,
        "grade": level_of(score, policy.grades),
        "inputs": {**evaluation.inputs, "before_appeal": before},
    }


def _tell_agency(evaluation: Evaluation, kind: str, *, by: Actor, at: datetime, **params: Any) -> None:
    notify_all(
        to=members_of(evaluation.project.agency.organisation_id, role=Role.AGENCY),
        kind=kind,
        params={"number": evaluation.number, **params},
        url=reverse("evaluation:comment", args=[evaluation.public_id]),
        by=by,
        at=at,
    )
