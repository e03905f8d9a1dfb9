"""What evaluation has to say on the pages of others: to-dos, the project's and the agency's file."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import PLATFORM_STAFF, Role
from common import clock
from common.clock import SHANGHAI
from common.panels import provide
from common.todos import Panel, Todo
from evaluation.enums import AppealState, EliminationState, EvaluationState, RankingState, RatingState
from evaluation.models import TO_SCORE, Appeal, EliminationCase, Evaluation, Goal, Ranking, Rating
from evaluation.rules import may_rate
from evaluation.services.findings import BEFORE_WORK
from files.gates import allow
from implementers.models import Agency
from projects.models import Project


def install() -> None:
    """Called once, when the applications are ready."""
    provide(f"todo.{Role.EVALUATOR}", todos_of_evaluator)
    provide(f"todo.{Role.AGENCY}", todos_of_agency)
    provide(f"todo.{Role.SUPERVISOR}", todos_of_supervisor)
    provide(f"todo.{Role.SOCIAL_WORKER}", todos_of_worker)
    provide("project.file", on_project_file)
    provide("project.public", on_public_project)
    provide("agency.file", on_agency_file)
    provide("agency.desk", on_agency_desk)
    allow("evaluation.eliminationcase", may_open_evidence)
    provide(f"nav.{Role.EVALUATOR}", lambda _user: [(10, _("My evaluations"), "evaluation:mine")])
    provide(
        f"nav.{Role.AGENCY}",
        lambda _user: [(50, _("Results"), "evaluation:results"), (60, _("Our rating"), "evaluation:rating")],
    )
    provide("nav.public", lambda _user: [(60, _("Evaluations"), "evaluation:published")])


def todos_of_evaluator(user: Any) -> list[Todo]:
    """Sheets to submit, as an ordinary evaluator or as the arbiter."""
    seat = Q(team__arbiter=False, state__in=TO_SCORE) | Q(
        team__arbiter=True, state=EvaluationState.ARBITRATING
    )
    rows = (
        Evaluation.objects.filter(seat, team__user=user, team__recused=False)
        .exclude(scores__evaluator=user, scores__submitted_at__isnull=False)
        .select_related("project")
        .order_by("due", "pk")
    )
    return [
        Todo(
            title=_("Score a project"),
            detail=row.project.title,
            url=reverse("evaluation:file", args=[row.public_id]),
            due=_end_of(row.due),
            kind="score",
        )
        for row in rows
    ]


def todos_of_agency(user: Any) -> list[Todo]:
    """Drafts to comment on and statements to make."""
    rows = (
        Evaluation.objects.visible_to(user)
        .filter(
            state=EvaluationState.FEEDBACK,
            commented_at__isnull=True,
            project__agency__organisation_id=user.seat.organisation_id,
        )
        .select_related("project")
    )
    todos = [
        Todo(
            title=_("Comment on an evaluation"),
            detail=row.project.title,
            url=reverse("evaluation:comment", args=[row.public_id]),
            due=_end_of(row.comments_due),
            kind="comment",
        )
        for row in rows.order_by("comments_due", "pk")
    ]
    cases = EliminationCase.objects.visible_to(user).filter(state=EliminationState.OPENED)
    todos += [
        Todo(
            title=_("Make a statement"),
            detail=row.get_trigger_display(),
            url=reverse("evaluation:case", args=[row.public_id]),
            due=_end_of(row.statement_due),
            kind="statement",
        )
        for row in cases.order_by("statement_due", "pk")
    ]
    return todos


def todos_of_supervisor(user: Any) -> list[Todo]:
    """Empty seats, results to close, ratings, boards, cases and appeals that wait for a person."""
    own = Evaluation.objects.filter(project__place__startswith=user.seat.prefix)
    evaluations = reverse("admin:evaluation_evaluation_changelist")
    today = clock.today()
    over = own.filter(state=EvaluationState.FEEDBACK).filter(
        Q(commented_at__isnull=False) | Q(comments_due__lt=today)
    )
    cases = EliminationCase.objects.visible_to(user).filter(
        Q(state=EliminationState.STATED) | Q(state=EliminationState.OPENED, statement_due__lt=today)
    )
    kinds = [
        (
            _("Evaluations without a team"),
            own.filter(state=EvaluationState.PLANNED),
            f"{evaluations}?state=planned",
        ),
        (_("Empty seats in a team"), own.with_empty_seat(), f"{evaluations}?waits=seat"),
        (_("Scores that are late"), own.late_on(today), f"{evaluations}?waits=late"),
        (_("Evaluations to make final"), over, f"{evaluations}?state=feedback"),
        (
            _("Results to publish"),
            own.filter(state=EvaluationState.FINAL),
            f"{evaluations}?state=final",
        ),
        (
            _("Results to publish after an appeal was turned down"),
            own.filter(state=EvaluationState.UPHELD, published_at__isnull=True),
            f"{evaluations}?state=upheld",
        ),
        (
            _("Results changed by an appeal: write the summary anew"),
            own.filter(state=EvaluationState.CHANGED),
            f"{evaluations}?state=changed",
        ),
        (
            _("Ratings to announce"),
            Rating.objects.visible_to(user).filter(state=RatingState.REVIEWED).exclude(reviewed_by=user),
            reverse("admin:evaluation_rating_changelist") + "?state=reviewed",
        ),
        (
            _("Boards to put into force"),
            Ranking.objects.filter(state=RankingState.DRAFT),
            reverse("admin:evaluation_ranking_changelist") + "?state=draft",
        ),
        (
            _("Cases to decide"),
            cases.exclude(first_decider=user),
            reverse("admin:evaluation_eliminationcase_changelist"),
        ),
        (
            _("Appeals to decide"),
            Appeal.objects.visible_to(user).filter(state=AppealState.RECEIVED).exclude(first_decider=user),
            reverse("admin:evaluation_appeal_changelist") + "?state=received",
        ),
    ]
    return [*_grouped(kinds), *todos_of_worker(user)]


def todos_of_worker(user: Any) -> list[Todo]:
    """Drafts of ratings that a first person looks at."""
    drafts = Rating.objects.visible_to(user).filter(state=RatingState.DRAFT)
    url = reverse("admin:evaluation_rating_changelist") + "?state=draft"
    return _grouped([(_("Ratings to review"), drafts, url)])


def _grouped(kinds: list[tuple[Any, Any, str]]) -> list[Todo]:
    return [
        Todo(title=title, url=url, count=count, kind="evaluation")
        for title, rows, url in kinds
        if (count := rows.count())
    ]


def on_project_file(project: Project, user: Any) -> list[Panel]:
    """Evaluations the user may see, and the goals."""
    rows = list(Evaluation.objects.visible_to(user).filter(project=project).order_by("-pk"))
    goals = list(Goal.objects.visible_to(user).filter(project=project).order_by("pk"))
    is_agency = user.seat.role == Role.AGENCY
    writes_goals = is_agency and project.state in BEFORE_WORK
    panels = []
    if rows:
        context = {"rows": rows, "role": user.seat.role}
        panels.append(Panel(_("Results of the evaluations"), "evaluation/panels/project.html", context))
    if goals or writes_goals:
        context = {"goals": goals, "project": project, "is_agency": is_agency, "writes": writes_goals}
        panels.append(Panel(_("Goals"), "evaluation/panels/goals.html", context))
    return panels


def on_public_project(project: Project) -> list[Panel]:
    """Published summaries."""
    rows = list(Evaluation.objects.all().readable().filter(project=project).order_by("-pk"))
    if not rows:
        return []
    return [
        Panel(
            _("Results of the evaluations"),
            "evaluation/panels/project.html",
            {"rows": rows, "role": "public"},
        )
    ]


def on_agency_file(agency: Agency, user: Any) -> list[Panel]:
    """The rating in force and published results."""
    rating = Rating.objects.visible_to(user).filter(agency=agency, state=RatingState.EFFECTIVE).first()
    rows = Evaluation.objects.all().readable().filter(project__agency=agency)
    context = {"rating": rating, "rows": list(rows.select_related("project").order_by("-published_at")[:10])}
    if rating is None and not context["rows"]:
        return []
    return [Panel(_("Rating and results"), "evaluation/panels/agency.html", context)]


def on_agency_desk(agency: Agency, user: Any) -> list[Panel]:
    """Its cases, and the way to open one for a supervisor who may judge it."""
    if not may_rate(agency, user, supervisor=True):
        return []
    cases = EliminationCase.objects.visible_to(user).filter(agency=agency).order_by("-opened_at", "-pk")[:10]
    return [Panel(_("Cases"), "evaluation/panels/cases.html", {"agency": agency, "cases": list(cases)})]


def may_open_evidence(user: Any, ref: str) -> bool:
    """What a case rests on is opened by the workers of the place; the agency reads the facts in words."""
    if user.seat is None or user.seat.role not in PLATFORM_STAFF:
        return False
    return bool(EliminationCase.objects.visible_to(user).filter(public_id=ref).exists())


def _end_of(day: Any) -> datetime | None:
    return None if day is None else datetime.combine(day, time(23, 59, 59), SHANGHAI)
