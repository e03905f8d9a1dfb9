"""Cases about agencies and appeals: decided by two supervisors, each on the own page."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.requests import SignedRequest
from common import clock
from common.admin import StateFilter, WordsFilter, yes_or_no
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import submit
from common.templatetags.ui import tag
from evaluation import services
from evaluation.enums import REVIEWS, AppealState, EliminationState
from evaluation.forms.acts import AppealForm, InquiryForm, MeasureForm
from evaluation.models import Appeal, EliminationCase
from evaluation.queries.running import projects_to_hand_over
from evaluation.services.appeals import TYPES
from implementers.models import Agency
from jobs.services import enqueue
from projects.admin import DeskAdmin

SUPERVISOR = frozenset({Role.SUPERVISOR})


@admin.register(EliminationCase)
class EliminationCaseAdmin(DeskAdmin):
    roles = SUPERVISOR
    list_display = ["opened", "trigger", "measure", "statement_due", "decision", "course"]
    work_url = "evaluation_eliminationcase_file"
    list_display_links = None
    list_filter = [StateFilter, "measure", "trigger"]
    list_select_related = ["agency__organisation"]
    search_fields = ["agency__organisation__name"]
    ordering = ["-opened_at", "-pk"]
    change_list_template = "evaluation/desk_list.html"
    run_jobs = [("admin:evaluation_eliminationcase_run", "reviews", _("Review ended measures"))]

    def get_urls(self) -> list[URLPattern]:
        view = self.guarded(self.file_view)
        return [
            path("run/<slug:kind>/", self.guarded(self.run_view), name="evaluation_eliminationcase_run"),
            path(
                "about/<slug:agency>/", self.guarded(self.open_view), name="evaluation_eliminationcase_open"
            ),
            path("<slug:public_id>/file/", view, name="evaluation_eliminationcase_file"),
            *super().get_urls(),
        ]

    @admin.display(description=_("agency"), ordering="agency__organisation__name")
    def opened(self, row: EliminationCase) -> SafeString:
        url = reverse("admin:evaluation_eliminationcase_file", args=[row.public_id])
        return format_html('<a href="{}">{}</a>', url, row.agency.name)

    @admin.display(description=_("state"), ordering="state")
    def course(self, row: EliminationCase) -> SafeString:
        return tag(row.state_label, row.state)

    def run_view(self, request: SignedRequest, kind: str) -> HttpResponse:
        """Ask for the work; it goes on in the background."""
        form = ConfirmForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda _data: enqueue(
                "evaluation.open_reviews", key="evaluation.open_reviews", by=request.user, at=clock.now()
            ),
            to=lambda job: reverse("jobs:progress", args=[job.public_id]),
        )
        context = {
            "title": _("Review ended measures"),
            "text": _("Every measure whose last day has passed gets a case; two people lift it or go on."),
            "form": form,
        }
        return answer or self.framed(request, "evaluation/desk_form.html", context, form=form)

    def open_view(self, request: SignedRequest, agency: str) -> HttpResponse:
        """Open a case on what was reported: why, in which words, shown by what."""
        found = get_visible(Agency.objects.select_related("organisation"), request.user, agency)
        form = InquiryForm(request.POST or None, request.FILES or None)
        answer = submit(
            request,
            form,
            lambda data: services.open_inquiry(agency=found, **data, by=request.user, at=clock.now()),
            to=lambda case: reverse("admin:evaluation_eliminationcase_file", args=[case.public_id]),
        )
        context = {"title": _("Open a case"), "text": found.name, "form": form}
        return answer or self.framed(request, "evaluation/desk_form.html", context, form=form)

    def file_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Facts, statement, the first decision, and the projects that would have to be handed over."""
        rows = EliminationCase.objects.select_related(
            "agency__organisation", "policy", "first_decider", "second_decider"
        )
        case = get_visible(rows, request.user, public_id)
        proposed = {"decision": case.decision or ("" if case.trigger in REVIEWS else case.measure)}
        form = MeasureForm(request.POST or None, case=case, initial=proposed)
        answer = submit(
            request,
            form,
            lambda data: services.decide_elimination(case=case, **data, by=request.user, at=clock.now()),
            to=reverse("admin:evaluation_eliminationcase_file", args=[public_id]),
        )
        context = {
            "title": case.agency.name,
            "case": case,
            "form": form,
            "is_open": case.state in {EliminationState.OPENED, EliminationState.STATED},
            "waits": case.state == EliminationState.OPENED and clock.today() <= case.statement_due,
            "own": case.first_decider_id == request.user.pk,
            "running": projects_to_hand_over(case.agency),
            "evidence": case.facts.get("evidence"),
        }
        return answer or self.framed(request, "evaluation/desk_case.html", context, form=form)


class DecisionFilter(WordsFilter):
    title = _("kind of decision")
    parameter_name = "object_label"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(label, capfirst(model._meta.verbose_name)) for label, model in TYPES.items()]


@admin.register(Appeal)
class AppealAdmin(DeskAdmin):
    roles = SUPERVISOR
    list_display = ["opened", "decision", "received_at", "due", "followed", "course"]
    work_url = "evaluation_appeal_file"
    list_display_links = None
    list_filter = [StateFilter, DecisionFilter]
    list_select_related = ["agency__organisation"]
    search_fields = ["agency__organisation__name"]
    ordering = ["-received_at", "-pk"]

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<slug:public_id>/file/", self.guarded(self.file_view), name="evaluation_appeal_file"),
            *super().get_urls(),
        ]

    @admin.display(description=_("agency"), ordering="agency__organisation__name")
    def opened(self, row: Appeal) -> SafeString:
        url = reverse("admin:evaluation_appeal_file", args=[row.public_id])
        return format_html('<a href="{}">{}</a>', url, row.agency.name)

    @admin.display(description=_("kind of decision"), ordering="object_label")
    def decision(self, row: Appeal) -> str:
        return str(capfirst(TYPES[row.object_label]._meta.verbose_name))

    @admin.display(description=_("granted"), ordering="granted")
    def followed(self, row: Appeal) -> str:
        return yes_or_no(row.granted)

    @admin.display(description=_("state"), ordering="state")
    def course(self, row: Appeal) -> SafeString:
        return tag(row.state_label, row.state)

    def file_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """What the agency says, what it is about, and the decision of two people."""
        rows = Appeal.objects.select_related("agency__organisation", "first_decider", "second_decider")
        appeal = get_visible(rows, request.user, public_id)
        form = AppealForm(request.POST or None)
        answer = submit(
            request,
            form,
            lambda data: services.decide_appeal(appeal=appeal, **data, by=request.user, at=clock.now()),
            to=reverse("admin:evaluation_appeal_file", args=[public_id]),
        )
        context: dict[str, Any] = {
            "title": appeal.agency.name,
            "appeal": appeal,
            "about": services.subject_of(appeal),
            "form": form,
            "is_open": appeal.state == AppealState.RECEIVED,
            "own": appeal.first_decider_id == request.user.pk,
        }
        return answer or self.framed(request, "evaluation/desk_appeal.html", context, form=form)
