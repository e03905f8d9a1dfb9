"""The agency's pages: results and comments, its rating explained, goals, appeals, statements."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from evaluation.enums import EliminationState, EvaluationState, RatingState
from evaluation.forms.acts import TextForm
from evaluation.forms.sheets import GoalForm
from evaluation.formulas.gas import Goal as ScaledGoal
from evaluation.formulas.gas import goal_attainment
from evaluation.models import Appeal, EliminationCase, Evaluation, Goal, Rating
from evaluation.queries import open_findings
from evaluation.queries.running import case_in_work
from evaluation.services import comment as comment_on
from evaluation.services import file_appeal, make_statement, recomputes, report_put_right, set_goals
from evaluation.services.findings import BEFORE_WORK
from evaluation.views.evaluator import sheets_of
from evaluation.words import COMPONENTS, explained
from implementers.enums import Standing
from implementers.queries import agency_of
from projects.models import Project

# What may be appealed against, and the way from it to the agency it is about.
APPEALABLE: dict[str, tuple[Any, str]] = {
    "evaluation": (Evaluation, "project__agency"),
    "rating": (Rating, "agency"),
    "case": (EliminationCase, "agency"),
}


def own_evaluations(request: SignedRequest) -> Any:
    organisation = acting_seat(request).organisation_id
    rows = Evaluation.objects.select_related("project__agency__organisation", "policy")
    return rows.filter(project__agency__organisation_id=organisation)


@for_roles(Role.AGENCY)
def results(request: SignedRequest) -> HttpResponse:
    """Evaluations of our projects, from the draft on."""
    rows = keyset(request, own_evaluations(request).visible_to(request.user), order=("-opened_at", "-id"))
    return page(request, "evaluation/results.html", {"title": _("Evaluations of our projects"), "page": rows})


@for_roles(Role.AGENCY)
def comment(request: SignedRequest, public_id: str) -> HttpResponse:
    """The sheets without names, the findings, and five working days to answer."""
    evaluation = get_visible(own_evaluations(request), request.user, public_id)
    form = TextForm(
        request.POST or None, label=_("Your comment"), initial={"text": evaluation.agency_comment}
    )
    answer = submit(
        request,
        form,
        lambda data: comment_on(evaluation=evaluation, **data, by=request.user, at=clock.now()),
        to=reverse("evaluation:comment", args=[public_id]),
    )
    context = {
        "title": evaluation.project.title,
        "evaluation": evaluation,
        "form": form,
        "may_comment": evaluation.state == EvaluationState.FEEDBACK
        and clock.today() <= (evaluation.comments_due or clock.today()),
        "may_appeal": evaluation.state in {EvaluationState.FINAL, EvaluationState.PUBLISHED},
        "sheets": sheets_of(evaluation, request.user),
        "findings": evaluation.findings.order_by("pk"),
        "open": open_findings(evaluation),
        "appeal": _appeal_about(evaluation),
    }
    return answer or page(request, "evaluation/comment.html", context, form=form)


@for_roles(Role.AGENCY)
def appeal(request: SignedRequest, kind: str, public_id: str) -> HttpResponse:
    """Disagree, once, within thirty days."""
    if kind not in APPEALABLE:
        raise Http404(_("There is no appeal against this."))
    model, agency = APPEALABLE[kind]
    own = model.objects.filter(**{f"{agency}__organisation_id": acting_seat(request).organisation_id})
    about = get_visible(own, request.user, public_id)
    back = _back(kind, public_id)
    form = TextForm(
        request.POST or None,
        label=_("What is wrong with the result?"),
        hint=_("Two people who had no part in it look at it anew."),
    )
    answer = submit(
        request,
        form,
        lambda data: file_appeal(about=about, **data, by=request.user, at=clock.now()),
        to=back,
    )
    context = {"title": _("Appeal"), "form": form, "lead": str(about), "back_url": back}
    return answer or page(request, "evaluation/act.html", context, form=form)


@for_roles(Role.AGENCY)
def rating(request: SignedRequest) -> HttpResponse:
    """Our rating with everything it was computed from."""
    agency = agency_of(request.user)
    if agency is None:
        raise Http404(_("Register your agency first."))
    rows = Rating.objects.visible_to(request.user).filter(agency=agency).select_related("policy")
    current = rows.filter(state=RatingState.EFFECTIVE).first()
    waiting = case_in_work(agency)
    announced = rows.filter(state=RatingState.ANNOUNCED).order_by("-as_of", "-pk").first()
    context = {
        "title": _("Our rating"),
        "agency": agency,
        "rating": current,
        "announced": announced,
        "announced_explained": explained(announced) if announced else None,
        "objection": _appeal_about(announced) if announced else None,
        "explained": explained(current) if current else None,
        "same": recomputes(current) if current else None,
        "earlier": rows.filter(state=RatingState.SUPERSEDED).order_by("-as_of", "-pk")[:12],
        "cases": EliminationCase.objects.visible_to(request.user).filter(agency=agency).order_by("-pk"),
        "appeal": _appeal_about(current) if current else None,
        "may_report": waiting is None and agency.standing in {Standing.WARNED, Standing.RECTIFYING},
        "waiting": waiting,
        "is_over": agency.standing_until is not None and agency.standing_until < clock.now(),
        "statement_over": waiting is not None and waiting.statement_due < clock.today(),
        "components": COMPONENTS,
    }
    return page(request, "evaluation/rating.html", context)


@for_roles(Role.AGENCY)
def case(request: SignedRequest, public_id: str) -> HttpResponse:
    """The facts, the rule, the own statement, the decision."""
    found = get_visible(EliminationCase.objects.select_related("agency"), request.user, public_id)
    form = TextForm(request.POST or None, label=_("Your statement"))
    answer = submit(
        request,
        form,
        lambda data: make_statement(case=found, **data, by=request.user, at=clock.now()),
        to=reverse("evaluation:case", args=[public_id]),
    )
    context = {
        "title": _("A decision about your agency"),
        "case": found,
        "form": form,
        "may_state": found.state == EliminationState.OPENED and clock.today() <= found.statement_due,
        "statement_over": found.state == EliminationState.OPENED and clock.today() > found.statement_due,
        "may_appeal": found.state == EliminationState.DECIDED,
        "appeal": _appeal_about(found),
    }
    return answer or page(request, "evaluation/case.html", context, form=form)


@for_roles(Role.AGENCY)
def put_right(request: SignedRequest) -> HttpResponse:
    """What was put right since the warning; two people who never evaluated the agency look at it."""
    agency = agency_of(request.user)
    if agency is None:
        raise Http404(_("Register your agency first."))
    form = TextForm(
        request.POST or None,
        label=_("What did you put right, and by what can it be seen?"),
        hint=_("Two supervisors read it; they lift the measure or say what is still missing."),
    )
    answer = submit(
        request,
        form,
        lambda data: report_put_right(agency=agency, **data, by=request.user, at=clock.now()),
        to=lambda case: reverse("evaluation:case", args=[case.public_id]),
    )
    context = {
        "title": _("We have put it right"),
        "form": form,
        "lead": agency.standing_reason,
        "back_url": reverse("evaluation:rating"),
    }
    return answer or page(request, "evaluation/act.html", context, form=form)


@for_roles(Role.AGENCY)
def goals(request: SignedRequest, public_id: str) -> HttpResponse:
    """Goals on the five-step scale, written one by one before the work begins."""
    organisation = acting_seat(request).organisation_id
    project = get_visible(
        Project.objects.all().run_by(organisation),
        request.user,
        public_id,
    )
    known = list(Goal.objects.filter(project=project).order_by("pk"))
    pending: list[dict[str, Any]] = request.session.get(f"goals:{public_id}", [])
    written = pending or [plain(goal) for goal in known]
    here = reverse("evaluation:goals", args=[public_id])
    adding = request.method == "POST" and "title" in request.POST
    form = GoalForm(request.POST if adding else None)
    keeping = ConfirmForm(request.POST if request.method == "POST" and not adding else None)

    def keep_pending(rows: list[dict[str, Any]]) -> None:
        request.session[f"goals:{public_id}"] = rows

    def keep(_data: Any) -> None:
        place = request.POST.get("remove", "")
        if place.isdigit():
            keep_pending([row for number, row in enumerate(written) if number != int(place)])
            return
        set_goals(project=project, goals=written, by=request.user, at=clock.now())
        request.session.pop(f"goals:{public_id}", None)

    if adding:
        answer = submit(request, form, lambda _data: keep_pending([*written, form.goal()]), to=here)
    else:
        answer = submit(request, keeping, keep, to=here)
    context = {
        "title": _("Goals of the project"),
        "project": project,
        "goals": written,
        "form": form,
        "keeping": keeping,
        "unsaved": bool(pending),
        "editable": project.state in BEFORE_WORK,
        "before": attainment(known, "baseline"),
        "after": attainment(known, "attained"),
    }
    return answer or page(request, "evaluation/goals.html", context, form=form if adding else keeping)


def plain(goal: Goal) -> dict[str, Any]:
    return {"title": goal.title, "weight": goal.weight, "baseline": goal.baseline, "steps": goal.steps}


def attainment(goals: list[Goal], at: str) -> Any:
    """Kiresuk and Sherman's T before or after; None while a step is missing."""
    levels = [getattr(goal, at) for goal in goals]
    if len(goals) < 2 or None in levels:
        return None
    return goal_attainment(
        [ScaledGoal(weight=goal.weight, level=level) for goal, level in zip(goals, levels, strict=True)]
    )


def _appeal_about(about: Any) -> Appeal | None:
    return Appeal.objects.filter(object_label=about._meta.label_lower, object_ref=about.public_id).first()


def _back(kind: str, public_id: str) -> str:
    if kind == "rating":
        return reverse("evaluation:rating")
    return reverse(f"evaluation:{'comment' if kind == 'evaluation' else 'case'}", args=[public_id])
