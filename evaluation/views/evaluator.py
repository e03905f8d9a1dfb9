"""The evaluator's pages: assigned evaluations, the file with its evidence, the sealed sheet, findings, goals."""

from __future__ import annotations

from typing import Any

from django.db.models import Sum
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from delivery.enums import DeliveryState
from delivery.models import Delivery, Disbursement, ProgressReport, Voucher
from evaluation.enums import EvaluationState, Heading, Veto
from evaluation.forms.sheets import FindingForm, GoalRatingForm, RecusalForm, ScoreForm
from evaluation.models import Evaluation, Goal, Score
from evaluation.queries import members_in, open_findings, papers_of, parameters_of
from evaluation.services import add_finding, declare_recusal, rate_goals, save_score, submit_score
from evaluation.services.findings import OPEN_TO_FINDINGS
from projects.enums import AnalysisState, Stage
from projects.models import Project
from projects.queries import capacity_of, milestones_of
from projects.words import described_in, facts_of

ASSIGNED = Evaluation.objects.select_related(
    "project__agency__organisation", "project__fund_holder__organisation", "policy"
)
TO_SCORE = {EvaluationState.TEAM_ASSIGNED, EvaluationState.SCORING, EvaluationState.ARBITRATING}


def assigned(request: SignedRequest) -> Any:
    """Only what the user was drawn for and has not stepped back from."""
    return ASSIGNED.filter(team__user=request.user, team__recused=False)


def own(request: SignedRequest, public_id: str) -> Evaluation:
    found: Evaluation = get_visible(assigned(request), request.user, public_id)
    return found


@for_roles(Role.EVALUATOR)
def mine(request: SignedRequest) -> HttpResponse:
    """My evaluations, the soonest due first."""
    rows = keyset(request, assigned(request).visible_to(request.user), order=("-due", "-id"))
    return page(request, "evaluation/mine.html", {"title": _("My evaluations"), "page": rows})


@for_roles(Role.EVALUATOR)
def file(request: SignedRequest, public_id: str) -> HttpResponse:
    """The evidence on the project in one place, and the own sheet."""
    evaluation = own(request, public_id)
    project = evaluation.project
    score = Score.objects.filter(evaluation=evaluation, evaluator=request.user).first()
    goals = list(Goal.objects.filter(project=project).order_by("pk"))
    context = {
        "title": project.title,
        "evaluation": evaluation,
        "project": project,
        "score": score,
        "may_score": _may_score(evaluation, request.user, score),
        "may_find": evaluation.state in OPEN_TO_FINDINGS,
        "facts": facts_of(project),
        "answers": described_in(project),
        "evidence": evidence_of(project),
        "capacity": capacity_of(project.pk).order_by("pk"),
        "milestones": milestones_of(project.pk, clock.today()),
        "gates": {gate.stage: gate for gate in project.gates.all()},
        "findings": evaluation.findings.order_by("pk"),
        "earlier": open_findings(evaluation),
        "goals": goals,
        "may_rate_goals": bool(goals)
        and evaluation.stage == Stage.EX_POST
        and evaluation.state in OPEN_TO_FINDINGS,
        "sheets": sheets_of(evaluation, request.user),
    }
    return page(request, "evaluation/file.html", context)


@for_roles(Role.EVALUATOR)
def score(request: SignedRequest, public_id: str) -> HttpResponse:
    """The ten headings with their reasons; kept as often as needed."""
    evaluation = own(request, public_id)
    scorecard = parameters_of(evaluation.policy).agencies.scorecard
    kept = Score.objects.filter(evaluation=evaluation, evaluator=request.user).first()
    papers = papers_of(evaluation.project)
    opened = ScoreForm.opened(kept)
    form = ScoreForm(request.POST or None, initial=opened, scorecard=scorecard, papers=papers)
    after = "submit" if "check" in request.POST else "file"
    answer = submit(
        request,
        form,
        lambda _data: save_score(evaluation=evaluation, **form.sheet(), by=request.user, at=clock.now()),
        to=reverse(f"evaluation:{after}", args=[public_id]),
    )
    context = {
        "title": _("Score sheet"),
        "evaluation": evaluation,
        "form": form,
        "groups": form.grouped(),
        "editable": _may_score(evaluation, request.user, kept),
    }
    return answer or page(request, "evaluation/score.html", context, form=form)


@for_roles(Role.EVALUATOR)
def submit_sheet(request: SignedRequest, public_id: str) -> HttpResponse:
    """The whole sheet once more; submitting seals it for good."""
    evaluation = own(request, public_id)
    kept = Score.objects.filter(evaluation=evaluation, evaluator=request.user).first()
    scorecard = parameters_of(evaluation.policy).agencies.scorecard
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: submit_score(evaluation=evaluation, by=request.user, at=clock.now()),
        to=reverse("evaluation:file", args=[public_id]),
    )
    context = {
        "title": _("Submit the sheet"),
        "evaluation": evaluation,
        "form": form,
        "score": kept,
        "rows": rows_of(kept, scorecard, papers_of(evaluation.project)),
        "veto": Veto(kept.veto).label if kept is not None and kept.veto else "",
    }
    return answer or page(request, "evaluation/submit.html", context, form=form)


@for_roles(Role.EVALUATOR)
def recuse(request: SignedRequest, public_id: str) -> HttpResponse:
    """Step back; somebody else is drawn."""
    evaluation = own(request, public_id)
    form = RecusalForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: declare_recusal(evaluation=evaluation, **data, by=request.user, at=clock.now()),
        to="evaluation:mine",
    )
    text = _("Family, friendship, work, money: if anything ties you to this project, say so. Nobody minds.")
    return answer or _act(request, evaluation, form, title=_("Step back from this evaluation"), text=text)


@for_roles(Role.EVALUATOR)
def finding(request: SignedRequest, public_id: str) -> HttpResponse:
    """Something that must be put right, or be known."""
    evaluation = own(request, public_id)
    form = FindingForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: add_finding(evaluation=evaluation, **data, by=request.user, at=clock.now()),
        to=reverse("evaluation:file", args=[public_id]),
    )
    return answer or _act(request, evaluation, form, title=_("Write down a finding"))


@for_roles(Role.EVALUATOR)
def rated_goals(request: SignedRequest, public_id: str) -> HttpResponse:
    """Which step of its scale each goal reached."""
    evaluation = own(request, public_id)
    goals = Goal.objects.filter(project=evaluation.project).order_by("pk")
    form = GoalRatingForm(request.POST or None, goals=goals)
    answer = submit(
        request,
        form,
        lambda data: rate_goals(evaluation=evaluation, attained=dict(data), by=request.user, at=clock.now()),
        to=reverse("evaluation:file", args=[public_id]),
    )
    return answer or _act(request, evaluation, form, title=_("Which step did each goal reach?"))


def evidence_of(project: Project) -> dict[str, Any]:
    """What the layers below know about the work done, in counts and sums; no household is named."""
    deliveries = Delivery.objects.filter(proposal__project=project)
    paid = Disbursement.objects.filter(project=project, paid_on__isnull=False)
    vouchers = Voucher.objects.filter(disbursement__project=project)
    reports = ProgressReport.objects.filter(project=project)
    return {
        "analyses": project.analyses.filter(state=AnalysisState.AGREED).count(),
        "deliveries": deliveries.filter(state=DeliveryState.CONFIRMED).count(),
        "disputed": deliveries.filter(state=DeliveryState.DISPUTED).count(),
        "paid": paid.aggregate(sum=Sum("amount"))["sum"] or 0,
        "vouchers": vouchers.aggregate(sum=Sum("amount"))["sum"] or 0,
        "reports": list(reports.order_by("-period_end", "-pk")[:6]),
    }


def sheets_of(evaluation: Evaluation, user: Any) -> list[dict[str, Any]]:
    """Every sheet the gate shows this user, without names: all of them only after all have submitted."""
    scorecard = parameters_of(evaluation.policy).agencies.scorecard
    arbiters = {member.user_id for member in members_in(evaluation, arbiter=True)}
    rows = Score.objects.visible_to(user).filter(evaluation=evaluation, submitted_at__isnull=False)
    papers = papers_of(evaluation.project) if rows.exists() else {}
    return [
        {
            "number": number,
            "arbiter": row.evaluator_id in arbiters,
            "total": row.total,
            "rows": rows_of(row, scorecard, papers),
        }
        for number, row in enumerate(rows.order_by("pk"), start=1)
    ]


def rows_of(
    score: Score | None, scorecard: Any, papers: dict[str, str]
) -> list[tuple[Any, Any, int, str, list[str]]]:
    """Heading, points, the most it can earn, reason, the evidence looked at."""
    if score is None:
        return []
    return [
        (
            Heading(heading).label,
            score.points.get(heading),
            most,
            score.reasons.get(heading, ""),
            _named(score.evidence.get(heading, {}), papers),
        )
        for heading, most in scorecard.items()
    ]


def _named(evidence: dict[str, str], papers: dict[str, str]) -> list[str]:
    """What is on record first, then in words: a database keeps the keys of its JSON in an order of its own."""
    return [papers.get(evidence[name], evidence[name]) for name in ("paper", "other") if evidence.get(name)]


def _may_score(evaluation: Evaluation, user: Any, score: Score | None) -> bool:
    """An ordinary seat before the round is closed, the arbiter after two sheets differed."""
    if evaluation.state not in TO_SCORE or (score is not None and score.submitted_at is not None):
        return False
    member = evaluation.team.filter(user=user, recused=False).first()
    return member is not None and member.arbiter == (evaluation.state == EvaluationState.ARBITRATING)


def _act(
    request: SignedRequest, evaluation: Evaluation, form: Any, *, title: str, text: str = ""
) -> HttpResponse:
    context = {
        "title": title,
        "text": text,
        "form": form,
        "lead": f"{evaluation.number} · {evaluation.project.title}",
        "back_url": reverse("evaluation:file", args=[evaluation.public_id]),
    }
    return page(request, "evaluation/act.html", context, form=form)
