"""Evaluations fall due by the state, the time and the money of a project (domain §4.6, §10.5)."""

from __future__ import annotations

from datetime import date, datetime

from django.conf import settings
from django.db import transaction
from django.db.models import Q, Sum

from accounts.rules import acts_by_rule, refuse_unless_by_rule
from common.actors import Actor
from common.clock import day_of
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from delivery.enums import DisbursementState
from delivery.models import Disbursement
from evaluation.enums import EvaluationState
from evaluation.models import ENDED, Evaluation
from evaluation.parameters import Course
from evaluation.queries import latest_evaluation, open_findings, parameters_of, policy_on
from evaluation.rules import refuse_unless_supervisor
from projects.enums import ProjectState, Stage
from projects.models import Project
from projects.services import begin_ex_post, begin_mid_term
from reference.queries import add_working_days

DESK_CEILING_FEN = 5_000_000
SPENT = [
    DisbursementState.PAID, DisbursementState.RECEIVED, DisbursementState.VOUCHERED, DisbursementState.RECONCILED,
    DisbursementState.CLOSED,
]  # fmt: skip
WATCHED = {
    ProjectState.EX_ANTE: Stage.EX_ANTE,
    ProjectState.IN_PROGRESS: Stage.MID_TERM,
    ProjectState.MID_EVALUATING: Stage.MID_TERM,
    ProjectState.COMPLETING: Stage.EX_POST,
    ProjectState.EX_POST: Stage.EX_POST,
}


@transaction.atomic
def open_due_evaluations(*, by: Actor, at: datetime) -> list[Evaluation]:
    """Open what is due and bring its projects along; a second call on the same day opens nothing."""
    refuse_unless_by_rule(by)
    opened = []
    candidates = Project.objects.filter(state__in=[*WATCHED, ProjectState.RECTIFYING]).order_by("pk")
    live = Q(evaluations__isnull=False) & ~Q(evaluations__state__in=ENDED)
    for project in candidates.exclude(pk__in=Project.objects.filter(live).values("pk")):
        evaluation = open_due_evaluation(project=project, by=by, at=at)
        if evaluation is not None:
            opened.append(evaluation)
    return opened


@transaction.atomic
def open_due_evaluation(*, project: Project, by: Actor, at: datetime) -> Evaluation | None:
    """The evaluation this project is due for, or None; its state follows in the same transaction."""
    project = lock(project)
    if not acts_by_rule(by):
        refuse_unless_supervisor(project, by)
    stage = _stage_due(project, day_of(at))
    if stage is None or project.evaluations.exclude(state__in=ENDED).exists():
        return None
    if project.gates.filter(stage=stage).exists():
        return None
    if stage == Stage.MID_TERM and project.state != ProjectState.MID_EVALUATING:
        begin_mid_term(project=project, by=by, at=at)
    if stage == Stage.EX_POST and project.state != ProjectState.EX_POST:
        begin_ex_post(project=project, by=by, at=at)
    earlier = latest_evaluation(project, stage=stage)
    policy = policy_on(day_of(at))
    course = parameters_of(policy).course
    number_of_round = earlier.round + 1 if earlier else 1
    desk = _is_desk(project, stage)
    days = course.desk_days if desk else course.full_days
    evaluation = Evaluation(
        number=next_number("V", project.place, at),
        project=project,
        stage=stage,
        round=number_of_round,
        desk=desk,
        policy=policy,
        opened_at=at,
        due=add_working_days(day_of(at), days),
        state=EvaluationState.PLANNED,
        state_since=at,
    )
    evaluation.save(force_insert=True)
    record("evaluation.opened", evaluation, by=by, at=at, project=project.public_id, stage=str(stage), desk=desk,
           round=number_of_round)  # fmt: skip
    return evaluation


def _stage_due(project: Project, day: date) -> Stage | None:
    if project.state == ProjectState.RECTIFYING:
        return _stage_to_repeat(project, day)
    stage = WATCHED.get(ProjectState(project.state))
    if project.state == ProjectState.IN_PROGRESS and not _half_way(project, day):
        return None
    return stage


def _stage_to_repeat(project: Project, day: date) -> Stage | None:
    """Looked at again when everything was put right, or when the time for it is over."""
    last = latest_evaluation(project)
    if last is None:
        return None
    over = project.rectify_due is not None and day > project.rectify_due
    put_right = last.findings.filter(due__isnull=False).exists() and not open_findings(last)
    return Stage(last.stage) if over or put_right else None


def _half_way(project: Project, day: date) -> bool:
    """Two fifths of the time or of the money (domain §10.5), once work has begun; what families kept of a recovered
    payment was spent."""
    course: Course = parameters_of(policy_on(day)).course
    share = course.mid_term_share
    begun = max(project.start, day_of(project.started_at)) if project.started_at else project.start
    if (day - begun).days >= share * (project.end - begun).days:
        return True
    money = Disbursement.objects.filter(project=project).aggregate(
        paid=Sum("amount", filter=Q(state__in=SPENT)), kept=Sum("kept")
    )
    return bool((money["paid"] or 0) + (money["kept"] or 0) >= share * project.funds)


def _is_desk(project: Project, stage: str) -> bool:
    """Small projects are reviewed at the desk before and midway; afterwards everybody is visited (design §5)."""
    ceiling = getattr(settings, "EVALUATION_DESK_CEILING_FEN", DESK_CEILING_FEN)
    return stage != Stage.EX_POST and project.funds < ceiling
