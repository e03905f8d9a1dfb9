"""What an evaluation found, and goals on the five-step scale (domain §4.4, §4.6)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from evaluation.enums import EvaluationState
from evaluation.formulas.gas import GOALS_AT_LEAST, GOALS_AT_MOST, LEVELS
from evaluation.models import Evaluation, Finding, Goal
from evaluation.rules import refuse_unless_supervisor, seat_of
from projects.enums import ProjectState, Stage
from projects.models import Project
from projects.rules import refuse_unless_agency

BEFORE_WORK = frozenset(
    {
        ProjectState.DRAFT, ProjectState.REVISE, ProjectState.SUBMITTED, ProjectState.SCREENING, ProjectState.EX_ANTE,
        ProjectState.APPROVED, ProjectState.FUNDED, ProjectState.AGREED,
    }
)  # fmt: skip
OPEN_TO_FINDINGS = frozenset(
    {
        EvaluationState.TEAM_ASSIGNED,
        EvaluationState.SCORING,
        EvaluationState.ARBITRATING,
    }
)


@transaction.atomic
def add_finding(
    *, evaluation: Evaluation, text: str, due: date | None = None, by: User, at: datetime
) -> Finding:
    """An evaluator writes down what was found; with a date it must be put right before the stage is passed."""
    evaluation = lock(evaluation)
    seat_of(evaluation, by)
    if evaluation.state not in OPEN_TO_FINDINGS:
        raise Refused("closed", _("This evaluation is closed; nothing can be added to it."))
    if not text.strip():
        raise Refused("text_missing", _("Say what was found."), field="text")
    if due is not None and due <= day_of(at):
        raise Refused(
            "due_past", _("Choose a later day, so that there is time to put it right."), field="due"
        )
    finding = Finding.objects.create(
        evaluation=evaluation, text=text.strip(), due=due, found_by=by, found_at=at
    )
    record("evaluation.found", evaluation, by=by, at=at, finding=finding.public_id, binding=due is not None)
    return finding


@transaction.atomic
def resolve_finding(*, finding: Finding, answer: str, by: User, at: datetime) -> Finding:
    """A supervisor has seen that it was put right."""
    finding = lock(finding)
    refuse_unless_supervisor(finding.evaluation.project, by)
    if finding.resolved_at is not None:
        raise Refused("resolved", _("This has been put right already."))
    if not answer.strip():
        raise Refused(
            "answer_missing", _("Say how it was put right, and by what you saw it."), field="answer"
        )
    finding.answer, finding.resolved_at, finding.resolved_by = answer.strip()[:300], at, by
    finding.save(update_fields=["answer", "resolved_at", "resolved_by"])
    record("evaluation.resolved", finding.evaluation, by=by, at=at, finding=finding.public_id)
    return finding


@transaction.atomic
def set_goals(*, project: Project, goals: Sequence[Mapping[str, Any]], by: User, at: datetime) -> list[Goal]:
    """Two to five goals with five steps each, written before the work begins (domain §4.4)."""
    project = lock(project)
    refuse_unless_agency(project, by)
    if project.state not in BEFORE_WORK:
        raise Refused("too_late", _("Goals are written before the work begins."))
    if not GOALS_AT_LEAST <= len(goals) <= GOALS_AT_MOST:
        raise Refused("goal_count", _("Write down two to five goals."), field="title")
    for goal in goals:
        _refuse_incomplete(goal)
    project.scaled_goals.all().delete()
    rows = [
        Goal.objects.create(
            project=project,
            title=goal["title"].strip(),
            weight=goal["weight"],
            steps=[step.strip() for step in goal["steps"]],
            baseline=goal["baseline"],
            written_at=at,
        )
        for goal in goals
    ]
    record("evaluation.goals_set", project, by=by, at=at, count=len(rows))
    return rows


@transaction.atomic
def rate_goals(*, evaluation: Evaluation, attained: Mapping[str, int], by: User, at: datetime) -> list[Goal]:
    """An evaluator, never the agency, says which step was reached (domain §4.4: the rater does not deliver)."""
    evaluation = lock(evaluation)
    seat_of(evaluation, by)
    if evaluation.stage != Stage.EX_POST or evaluation.state not in OPEN_TO_FINDINGS:
        raise Refused("not_now", _("Goals are rated in the evaluation after the end, before it is closed."))
    goals = list(Goal.objects.filter(project=evaluation.project).order_by("pk"))
    if set(attained) != {goal.public_id for goal in goals}:
        raise Refused("goals_incomplete", _("Say for each goal which step was reached."))
    if any(level not in LEVELS for level in attained.values()):
        raise Refused("step_unknown", _("A goal reaches one of the five steps."))
    for goal in goals:
        goal.attained, goal.rated_at, goal.rated_by = attained[goal.public_id], at, by
        goal.save(update_fields=["attained", "rated_at", "rated_by"])
    record("evaluation.goals_rated", evaluation, by=by, at=at, count=len(goals))
    return goals


def _refuse_incomplete(goal: Mapping[str, Any]) -> None:
    if not goal["title"].strip():
        raise Refused("title_missing", _("Name the goal."), field="title")
    if len(goal["steps"]) != len(LEVELS) or not all(step.strip() for step in goal["steps"]):
        raise Refused("steps_missing", _("Say what each of the five steps means."), field="steps")
    if goal["baseline"] not in LEVELS or goal["weight"] < 1:
        raise Refused("step_unknown", _("A goal begins at one of the five steps and weighs at least one."))
