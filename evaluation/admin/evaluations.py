"""Evaluations of the own area: due ones opened, teams drawn, results closed and published."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.admin.options import IncorrectLookupParameters
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.admin import StateFilter, WordsFilter, act_on_each, yes_or_no
from common.forms import ConfirmForm, Form
from common.gate import get_visible
from common.pages import asked, submit
from common.templatetags.ui import tag
from evaluation import services
from evaluation.enums import TO_PUBLISH, EvaluationState
from evaluation.forms.acts import AnswerForm, ReasonForm, SummaryForm
from evaluation.models import Evaluation, Finding, TeamMember
from evaluation.queries import in_last_team, seats_missing
from evaluation.services.team import OPEN_TO_DRAW
from evaluation.views.evaluator import evidence_of, sheets_of
from jobs.services import enqueue
from projects.admin import DeskAdmin
from projects.words import facts_of

SUPERVISOR = frozenset({Role.SUPERVISOR})
EVALUATIONS = Evaluation.objects.select_related(
    "project__agency__organisation", "project__fund_holder__organisation", "policy"
)


class WaitsFilter(WordsFilter):
    """What the supervisor's to-dos count, so that their links show the same rows."""

    title = _("what waits")
    parameter_name = "waits"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("seat", _("Empty seats in a team")), ("late", _("Scores that are late"))]

    def queryset(self, request: HttpRequest, queryset: Any) -> Any:
        if self.value() == "seat":
            return queryset.with_empty_seat()
        if self.value() == "late":
            return queryset.late_on(clock.today())
        if self.value() is not None:
            raise IncorrectLookupParameters
        return queryset


@admin.register(Evaluation)
class EvaluationAdmin(DeskAdmin):
    roles = SUPERVISOR
    list_display = ["opened", "project", "stage", "round", "at_the_desk", "due", "score", "outcome", "course"]
    work_url = "evaluation_evaluation_file"
    list_display_links = None
    list_filter = [StateFilter, WaitsFilter, "stage", "desk", "outcome"]
    list_select_related = ["project"]
    search_fields = ["^number", "project__title", "^project__number"]
    ordering = ["-opened_at", "-pk"]
    actions = ["finalise_selected"]
    change_list_template = "evaluation/desk_list.html"
    run_jobs = [
        ("admin:evaluation_evaluation_run", "open_due", _("Open what is due")),
        ("admin:evaluation_evaluation_run", "draw", _("Draw missing evaluators")),
    ]

    def get_urls(self) -> list[URLPattern]:
        return [
            path("run/<slug:kind>/", self.guarded(self.run_view), name="evaluation_evaluation_run"),
            path("<slug:public_id>/file/", self.guarded(self.file_view), name="evaluation_evaluation_file"),
            path(
                "<slug:public_id>/finding/<slug:finding>/",
                self.guarded(self.resolve_view),
                name="evaluation_finding_resolve",
            ),
            path(
                "<slug:public_id>/release/<slug:member>/",
                self.guarded(self.release_view),
                name="evaluation_member_release",
            ),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        prefix = request.user.seat.prefix  # type: ignore[union-attr]
        return super().get_queryset(request).filter(project__place__startswith=prefix)

    @admin.display(description=_("number"), ordering="number")
    def opened(self, row: Evaluation) -> SafeString:
        url = reverse("admin:evaluation_evaluation_file", args=[row.public_id])
        return format_html('<a href="{}">{}</a>', url, row.number)

    @admin.display(description=_("desk review"), ordering="desk")
    def at_the_desk(self, row: Evaluation) -> str:
        return yes_or_no(row.desk)

    @admin.display(description=_("state"), ordering="state")
    def course(self, row: Evaluation) -> SafeString:
        return tag(row.state_label, row.state)

    @admin.action(description=_("Make final (comments are in or the time is over)"))
    def finalise_selected(self, request: SignedRequest, queryset: Any) -> HttpResponse | None:
        return act_on_each(
            request,
            queryset,
            lambda row: services.finalise(evaluation=row, by=request.user, at=clock.now()),
            _("%(count)d evaluations are final."),
        )

    def run_view(self, request: SignedRequest, kind: str) -> HttpResponse:
        """Ask for the work; it goes on in the background."""
        form = ConfirmForm(request.POST or None)
        at = clock.now()
        name = "evaluation.draw" if kind == "draw" else "evaluation.open_due"
        answer = submit(
            request,
            form,
            lambda _data: enqueue(name, key=name, by=request.user, at=at),
            to=lambda job: reverse("jobs:progress", args=[job.public_id]),
        )
        title = _("Draw missing evaluators") if kind == "draw" else _("Open what is due")
        text = _("The draw follows a seed nobody chooses; whoever has a tie is left out.")
        return answer or self.framed(
            request, "evaluation/desk_form.html", {"title": title, "form": form, "text": text}, form=form
        )

    def file_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Team, sheets once they are open, findings, the agency's comment, and the next step."""
        evaluation = self._own(request, public_id)
        is_due = evaluation.state in TO_PUBLISH
        publishing = is_due or request.POST.get("act") == "publish"
        form: Form = (SummaryForm if publishing else ConfirmForm)(
            request.POST or None, initial={"summary": evaluation.summary}
        )
        given: dict[str, Any] = {"evaluation": evaluation, "by": request.user, "at": clock.now()}
        acts: dict[str, Any] = {
            "draw": lambda data: services.draw_team(**given),
            "close": lambda data: services.close_round(**given),
            "final": lambda data: services.finalise(**given),
            "publish": lambda data: services.publish_evaluation(summary=data["summary"], **given),
        }
        act = asked(request, acts)
        here = reverse("admin:evaluation_evaluation_file", args=[public_id])
        answer = submit(request, form, act, to=here) if act else None
        scoring = evaluation.state in {EvaluationState.SCORING, EvaluationState.ARBITRATING}
        arbiter_missing = (
            evaluation.state == EvaluationState.ARBITRATING
            and not evaluation.team.filter(arbiter=True, recused=False).exists()
        )
        context = {
            "title": f"{evaluation.number} · {evaluation.project.title}",
            "evaluation": evaluation,
            "form": form,
            "team": evaluation.team.visible_to(request.user).select_related("user").order_by("pk"),
            "again": in_last_team(evaluation),
            "submitted": set(
                evaluation.scores.filter(submitted_at__isnull=False).values_list("evaluator_id", flat=True)
            ),
            "missing": evaluation.state in OPEN_TO_DRAW and (seats_missing(evaluation) or arbiter_missing),
            "may_close": scoring and services.all_submitted(evaluation),
            "may_finalise": evaluation.state == EvaluationState.FEEDBACK,
            "may_publish": is_due,
            "may_release": evaluation.state in OPEN_TO_DRAW,
            "sheets": sheets_of(evaluation, request.user),
            "findings": evaluation.findings.order_by("pk"),
            "facts": facts_of(evaluation.project),
            "evidence": evidence_of(evaluation.project),
        }
        return answer or self.framed(request, "evaluation/desk_file.html", context, form=form)

    def resolve_view(self, request: SignedRequest, public_id: str, finding: str) -> HttpResponse:
        """It was put right."""
        evaluation = self._own(request, public_id)
        found = get_visible(Finding.objects.filter(evaluation=evaluation), request.user, finding)
        form = AnswerForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda data: services.resolve_finding(finding=found, **data, by=request.user, at=clock.now()),
            to=reverse("admin:evaluation_evaluation_file", args=[public_id]),
        )
        context = {"title": _("It was put right"), "text": found.text, "form": form}
        return answer or self.framed(request, "evaluation/desk_form.html", context, form=form)

    def release_view(self, request: SignedRequest, public_id: str, member: str) -> HttpResponse:
        """Free a seat whose evaluator cannot score."""
        evaluation = self._own(request, public_id)
        seat = get_visible(TeamMember.objects.filter(evaluation=evaluation), request.user, member)
        form = ReasonForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda data: services.release_member(member=seat, **data, by=request.user, at=clock.now()),
            to=reverse("admin:evaluation_evaluation_file", args=[public_id]),
        )
        context = {"title": _("Release this evaluator"), "text": seat.user.name, "form": form}
        return answer or self.framed(request, "evaluation/desk_form.html", context, form=form)

    def _own(self, request: SignedRequest, public_id: str) -> Evaluation:
        prefix = acting_seat(request).prefix
        own = EVALUATIONS.filter(project__place__startswith=prefix)
        found: Evaluation = get_visible(own, request.user, public_id)
        return found
