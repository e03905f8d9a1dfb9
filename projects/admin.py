"""Projects and joint analyses at the workers' desk: screened, evaluated, decided through services alone."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF, Role
from accounts.models import User
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.admin import RecordAdmin, StateFilter
from common.exceptions import Refused
from common.forms import ConfirmForm, Form
from common.gate import get_visible
from common.pages import View, asked, for_roles, page, submit
from common.panels import collect
from common.templatetags.ui import tag, yuan
from files.services import keep
from households.models import Household
from projects import services
from projects.enums import AnalysisState, ProjectState
from projects.forms.analysis import AnalysisForm, NoteForm, OpenAnalysisForm, StepForm
from projects.models import JointAnalysis, Project
from projects.queries import capacity_of, milestones_of
from projects.services.analysis import OPEN_STATES
from projects.views.analyses import described, save
from projects.words import described_in, facts_of

_P = ProjectState
OFFERED = 200


@dataclass(frozen=True)
class Step:
    """A button of the desk: which service, for whom, whether it says why."""

    label: Any
    act: Any
    target: ProjectState
    sources: frozenset[str] | None = None
    reason: bool = False
    supervisor: bool = False
    danger: bool = False

    def open_to(self, project: Project, role: str) -> bool:
        fits = self.sources is None or project.state in self.sources
        return fits and project.may_become(self.target) and (role == Role.SUPERVISOR or not self.supervisor)


STEPS: dict[str, Step] = {
    "screen": Step(_("Begin screening"), services.screen_project, _P.SCREENING),
    "ex_ante": Step(_("Send to evaluation"), services.begin_ex_ante, _P.EX_ANTE),
    "approve": Step(_("Approve"), services.approve_project, _P.APPROVED, supervisor=True),
    "fund": Step(_("Enough is matched"), services.mark_funded, _P.FUNDED, reason=True),
    "revise": Step(
        _("Ask for changes"), services.ask_revision, _P.REVISE, frozenset({_P.SCREENING}), reason=True
    ),
    "pause": Step(_("Pause"), services.pause_project, _P.PAUSED, reason=True),
    "resume": Step(_("Go on"), services.resume_project, _P.IN_PROGRESS, frozenset({_P.PAUSED})),
    "archive": Step(_("Archive"), services.archive_project, _P.ARCHIVED),
    "reject": Step(
        _("Do not accept"), services.reject_project, _P.REJECTED, frozenset({_P.SCREENING}), reason=True,
        danger=True,
    ),
    "terminate": Step(
        _("End early"), services.terminate_project, _P.TERMINATED, reason=True, supervisor=True, danger=True
    ),
}  # fmt: skip


def _take(step: Step, project: Project, data: Mapping[str, Any], by: User) -> Project:
    """A page that was left open may still show a step the project has gone beyond."""
    if not step.open_to(project, by.seat.role if by.seat else ""):
        raise Refused(
            "step_closed", _("The project is “%(state)s” now and does not take this step. Look at what it offers.")
            % {"state": project.state_label},
        )  # fmt: skip
    reason = {"reason": data["reason"]} if step.reason else {}
    moved: Project = step.act(project=project, **reason, by=by, at=clock.now())
    return moved


class DeskAdmin(RecordAdmin):
    """Workers and supervisors of the place; each page stands in the admin's frame."""

    roles = PLATFORM_STAFF

    def guarded(self, view: View) -> Any:
        return self.admin_site.admin_view(for_roles(*self.roles)(view))

    def framed(
        self, request: SignedRequest, template: str, context: dict[str, Any], *, form: Form | None = None
    ) -> HttpResponse:
        around = {**self.admin_site.each_context(request), "opts": self.opts}
        return page(request, template, {**around, **context}, form=form)


@admin.register(Project)
class ProjectAdmin(DeskAdmin):
    list_display = ["opened", "agency", "money", "end", "stage"]
    work_url = "projects_project_file"
    list_display_links = None
    list_filter = [StateFilter]
    list_select_related = ["agency__organisation"]
    search_fields = ["title", "^number", "^place", "agency__organisation__name"]
    ordering = ["-created_at", "-pk"]

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<slug:public_id>/file/", self.guarded(self.file_view), name="projects_project_file"),
            path("<slug:public_id>/with/", self.guarded(self.open_view), name="projects_project_with"),
            *super().get_urls(),
        ]

    def get_queryset(self, request: HttpRequest) -> Any:
        prefix = request.user.seat.prefix  # type: ignore[union-attr]
        return super().get_queryset(request).filter(place__startswith=prefix)

    @admin.display(description=_("project"), ordering="title")
    def opened(self, row: Project) -> SafeString:
        url = reverse("admin:projects_project_file", args=[row.public_id])
        return format_html(
            '<div><a href="{}">{}</a> <span class="sub">{}</span></div>', url, row.title, row.number
        )

    @admin.display(description=_("funds needed"), ordering="funds")
    def money(self, row: Project) -> str:
        return yuan(row.funds)

    @admin.display(description=_("state"), ordering="state")
    def stage(self, row: Project) -> SafeString:
        return tag(row.state_label, row.state)

    def file_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Everything about one project, and the steps open to whoever looks."""
        project = self._own(request, public_id)
        role = acting_seat(request).role
        offered = {slug: step for slug, step in STEPS.items() if step.open_to(project, role)}
        form = StepForm(request.POST or None)
        chosen = asked(request, STEPS)
        answer = None
        if chosen is not None:
            answer = submit(
                request,
                form,
                lambda data: _take(chosen, project, data, request.user),
                to=reverse("admin:projects_project_file", args=[public_id]),
            )
        context = {
            "title": project.title,
            "project": project,
            "facts": facts_of(project),
            "answers": described_in(project),
            "gates": {gate.stage: gate for gate in project.gates.all()},
            "capacity": capacity_of(project.pk).order_by("pk"),
            "milestones": milestones_of(project.pk, clock.today()),
            "analyses": project.analyses.visible_to(request.user).select_related("household").order_by("-pk"),
            "takes_households": project.state in OPEN_STATES,
            "steps": offered,
            "asks_reason": any(step.reason for step in offered.values()),
            "form": form,
            "panels": collect("project.file", project, request.user),
        }
        return answer or self.framed(request, "projects/desk_file.html", context, form=form)

    def open_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Begin the joint analysis with a family of the own caseload."""
        project = self._own(request, public_id)
        families = {
            row.public_id: f"{row.number} {row.head.name if row.head else ''}".strip()
            for row in Household.objects.visible_to(request.user)
            .filter(state="active", area__startswith=project.place)
            .prefetch_related("members")
            .order_by("number")[:OFFERED]
        }
        form = OpenAnalysisForm(request.POST or None, households=families)
        answer = submit(
            request,
            form,
            lambda data: services.open_joint_analysis(
                project=project,
                household=get_visible(Household, request.user, data["household"]),
                by=request.user,
                at=clock.now(),
            ),
            to=lambda done: reverse("admin:projects_jointanalysis_file", args=[done.public_id]),
        )
        context = {"title": _("Write an analysis with a family"), "form": form, "project": project}
        return answer or self.framed(request, "projects/desk_form.html", context, form=form)

    def _own(self, request: SignedRequest, public_id: str) -> Project:
        rows = Project.objects.select_related("agency__organisation", "fund_holder__organisation")
        prefix = acting_seat(request).prefix
        found: Project = get_visible(rows.filter(place__startswith=prefix), request.user, public_id)
        return found


@admin.register(JointAnalysis)
class JointAnalysisAdmin(DeskAdmin):
    list_display = ["opened", "project", "stage", "created_at"]
    work_url = "projects_jointanalysis_file"
    list_display_links = None
    list_filter = [StateFilter]
    list_select_related = ["project", "household"]
    search_fields = ["^household__number", "project__title"]
    ordering = ["-created_at", "-pk"]

    def get_urls(self) -> list[URLPattern]:
        return [
            path("<slug:public_id>/file/", self.guarded(self.file_view), name="projects_jointanalysis_file"),
            path(
                "<slug:public_id>/write/", self.guarded(self.write_view), name="projects_jointanalysis_write"
            ),
            path(
                "<slug:public_id>/answer/",
                self.guarded(self.answer_view),
                name="projects_jointanalysis_answer",
            ),
            path(
                "<slug:public_id>/leave/", self.guarded(self.leave_view), name="projects_jointanalysis_leave"
            ),
            *super().get_urls(),
        ]

    @admin.display(description=_("family"), ordering="household__number")
    def opened(self, row: JointAnalysis) -> SafeString:
        url = reverse("admin:projects_jointanalysis_file", args=[row.public_id])
        return format_html('<a href="{}">{}</a>', url, row.household.number)

    @admin.display(description=_("state"), ordering="state")
    def stage(self, row: JointAnalysis) -> SafeString:
        return tag(row.state_label, row.state)

    def file_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The text, who has confirmed it, and what can be done."""
        found = self._own(request, public_id)
        form = ConfirmForm(request.POST or None)
        acts: dict[str, Any] = {
            "propose": services.propose_joint_analysis,
            "reopen": services.reopen_joint_analysis,
        }
        act = asked(request, acts)
        answer = None
        if act is not None:
            answer = submit(
                request,
                form,
                lambda _data: act(analysis=found, by=request.user, at=clock.now()),
                to=reverse("admin:projects_jointanalysis_file", args=[public_id]),
            )
        ended = found.state == AnalysisState.ENDED
        context = {"title": _("Joint analysis"), "form": form, "ended": ended, **described(found)}
        return answer or self.framed(request, "projects/desk_analysis.html", context, form=form)

    def write_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Write it at the family's table."""
        found = self._own(request, public_id)
        form = AnalysisForm(request.POST or None, initial=AnalysisForm.opened(found))
        answer = submit(
            request,
            form,
            lambda data: save(found, data, request.user),
            to=reverse("admin:projects_jointanalysis_file", args=[public_id]),
        )
        context = {"title": _("Write the analysis together"), "form": form, "project": found.project}
        return answer or self.framed(request, "projects/desk_form.html", context, form=form)

    def answer_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The family said yes to the worker: kept with what shows it, or not at all."""
        act = partial(services.confirm_joint_analysis_for_household, method="worker")
        return self._word_view(request, public_id, act, _("The family agrees"))

    def leave_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The family does not want it: its own word too."""
        return self._word_view(
            request, public_id, services.end_joint_analysis, _("The family does not want it")
        )

    def _word_view(
        self, request: SignedRequest, public_id: str, act: Callable[..., JointAnalysis], title: Any
    ) -> HttpResponse:
        found = self._own(request, public_id)
        form = NoteForm(request.POST or None, request.FILES or None)

        def run(data: Any) -> JointAnalysis:
            by, at = request.user, clock.now()
            evidence = keep(
                upload=data["evidence"], purpose="confirmation_evidence", owner=found, by=by, at=at
            )
            return act(analysis=found, evidence=evidence, by=by, at=at)

        answer = submit(request, form, run, to=reverse("admin:projects_jointanalysis_file", args=[public_id]))
        context = {"title": title, "form": form, "project": found.project}
        return answer or self.framed(request, "projects/desk_form.html", context, form=form)

    def _own(self, request: SignedRequest, public_id: str) -> JointAnalysis:
        rows = JointAnalysis.objects.select_related("project__agency__organisation", "household")
        found: JointAnalysis = get_visible(rows, request.user, public_id)
        return found
