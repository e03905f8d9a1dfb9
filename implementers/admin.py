"""The desk for agencies and fund holders: check, score, decide by two people."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from accounts.rules import works_with
from common import clock
from common.admin import RecordAdmin, StateFilter
from common.forms import Form
from common.gate import get_visible
from common.pages import for_roles, page, submit
from common.panels import collect
from common.templatetags.ui import tag
from implementers.enums import HEADING_POINTS, AgencyState, Heading
from implementers.forms.desk import AGENCY_ACTS, HOLDER_ACTS, ActForm, AdmissionDecisionForm, ScorecardForm
from implementers.models import Admission, Agency, FundHolder
from implementers.queries import waiting_admission
from implementers.rules import admission_blockers, qualification_blockers
from implementers.services import admit_agency, propose_admission, refuse_agency, send_back_admission
from implementers.words import agency_facts, holder_next_step, next_step

DESK = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})
workers = for_roles(*DESK)


@admin.display(description=_("state"), ordering="state")
def shown_state(obj: Any) -> SafeString:
    return tag(obj.state_label, obj.state)


def _refuse_far_act(request: HttpRequest, near: bool) -> None:
    if request.method == "POST" and not near:
        raise Http404(_("The workers of the places where it is at work do this step."))


class WorkAdmin(RecordAdmin):
    """A list whose rows lead to one work page."""

    roles = DESK

    @admin.display(description=_("next step"))
    def work(self, obj: Any) -> SafeString:
        url = reverse(f"admin:{self.work_url}", args=[obj.public_id])
        return format_html('<a href="{}">{}</a>', url, _("Look at it"))

    def show(
        self, request: HttpRequest, obj: Any, template: str, form: Form, context: dict[str, Any]
    ) -> HttpResponse:
        base = {
            **self.admin_site.each_context(request),
            "opts": self.opts,
            "original": obj,
            "title": str(obj),
        }
        return page(request, template, {**base, "form": form, **context}, form=form)


@admin.register(Agency)
class AgencyAdmin(WorkAdmin):
    work_url = "implementers_agency_work"
    list_display = [
        "organisation",
        "kind",
        shown_state,
        "level",
        "rating_level",
        "standing",
        "applied_at",
        "work",
    ]
    list_filter = [StateFilter, "kind", "level", "standing", "rating_level"]
    list_select_related = ["organisation"]
    search_fields = ["organisation__name", "organisation__uscc"]
    ordering = ["-applied_at", "-pk"]
    fields = [
        "organisation",
        "kind",
        "host_name",
        "area",
        "licensed_workers",
        "about",
        "applied_at",
        "reason",
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(workers(self.work_view))
        return [path("<slug:public_id>/work/", view, name=self.work_url), *super().get_urls()]

    def work_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Papers and staff on the left; taking on, or the scorecard, on the right."""
        agency: Agency = get_visible(Agency, request.user, public_id)
        near = works_with(request.user, agency.organisation, area=agency.area)
        _refuse_far_act(request, near)
        waiting = waiting_admission(agency)
        scoring = near and agency.state == AgencyState.CHECKING and waiting is None
        form: Any = (
            ScorecardForm(request.POST or None)
            if scoring
            else ActForm(request.POST or None, acts=AGENCY_ACTS if near else {}, state=agency.state)
        )

        def act(data: Any) -> Any:
            if scoring:
                return propose_admission(
                    agency=agency,
                    scores=form.scores(),
                    rationale=data["rationale"],
                    by=request.user,
                    at=clock.now(),
                )
            return AGENCY_ACTS[data["act"]].run(agency, data["reason"], request.user, clock.now())

        here = reverse("admin:implementers_agency_work", args=[agency.public_id])
        answer = submit(request, form, act, to=here)
        context = {
            "agency": agency,
            "facts": [(_("Credit code"), agency.organisation.uscc), *agency_facts(agency)],
            "next_step": next_step(agency),
            "credentials": agency.credentials.select_related("proof").order_by("-valid_from"),
            "staff": agency.staff.filter(left_at__isnull=True).order_by("pk"),
            "is_near": near,
            "papers_closed": not near,
            "blockers": admission_blockers(agency, clock.today()),
            "waiting": waiting if near else None,
            "earlier": agency.admissions.visible_to(request.user)
            .filter(decided_at__isnull=False)
            .order_by("-proposed_at"),
            "scoring": scoring,
            "has_form": scoring or form.has_acts,
            "today": clock.today(),
            "panels": collect("agency.desk", agency, request.user),
        }
        return answer or self.show(request, agency, "implementers/desk_agency.html", form, context)


@admin.register(Admission)
class AdmissionAdmin(WorkAdmin):
    work_url = "implementers_admission_decide"
    list_display = [
        "agency",
        "total",
        "level",
        shown_state,
        "proposed_by",
        "proposed_at",
        "decided_by",
        "work",
    ]
    list_filter = [StateFilter, "level"]
    list_select_related = ["agency__organisation", "proposed_by", "decided_by"]
    search_fields = ["agency__organisation__name"]
    ordering = ["-proposed_at", "-pk"]
    fields = [
        "agency",
        "total",
        "level",
        "rationale",
        "proposed_by",
        "proposed_at",
        "decided_by",
        "decided_at",
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(workers(self.decide_view))
        return [path("<slug:public_id>/decide/", view, name=self.work_url), *super().get_urls()]

    def decide_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The scorecard on the left for the whole station, the decision on the right for supervisors."""
        admission: Admission = get_visible(Admission, request.user, public_id)
        decides = acting_seat(request).role == Role.SUPERVISOR
        if request.method == "POST" and not decides:
            raise Http404(_("A supervisor does this step."))
        form = AdmissionDecisionForm(request.POST or None, admission=admission)

        def act(data: Any) -> Any:
            who: dict[str, Any] = {"admission": admission, "by": request.user, "at": clock.now()}
            if data["act"] == "admit":
                return admit_agency(level=data["level"], reason=data["reason"], **who)
            verb = refuse_agency if data["act"] == "refuse" else send_back_admission
            return verb(reason=data["reason"], **who)

        answer = submit(request, form, act, to="admin:implementers_admission_changelist")
        context = {
            "admission": admission,
            "rows": [
                (heading.label, admission.scores[heading], HEADING_POINTS[heading]) for heading in Heading
            ],
            "blockers": admission_blockers(admission.agency, clock.today()),
            "is_open": admission.decided_at is None,
            "is_own": admission.proposed_by == request.user,
            "decides": decides,
        }
        return answer or self.show(request, admission, "implementers/desk_admission.html", form, context)


@admin.register(FundHolder)
class FundHolderAdmin(WorkAdmin):
    work_url = "implementers_fundholder_work"
    list_display = ["organisation", "kind", shown_state, "checked_by", "admitted_by", "applied_at", "work"]
    list_filter = [StateFilter, "kind"]
    list_select_related = ["organisation", "checked_by", "admitted_by"]
    search_fields = ["organisation__name", "organisation__uscc"]
    ordering = ["-applied_at", "-pk"]
    fields = ["organisation", "kind", "bank_name", "platform_link", "applied_at", "admitted_at", "reason"]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(workers(self.work_view))
        return [path("<slug:public_id>/work/", view, name=self.work_url), *super().get_urls()]

    def work_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """Qualifications with their dates; the first person checks, a supervisor admits."""
        holder: FundHolder = get_visible(FundHolder, request.user, public_id)
        near = works_with(request.user, holder.organisation)
        _refuse_far_act(request, near)
        form = ActForm(request.POST or None, acts=HOLDER_ACTS if near else {}, state=holder.state)
        answer = submit(
            request,
            form,
            lambda data: HOLDER_ACTS[data["act"]].run(holder, data["reason"], request.user, clock.now()),
            to=reverse("admin:implementers_fundholder_work", args=[holder.public_id]),
        )
        context = {
            "holder": holder,
            "next_step": holder_next_step(holder),
            "is_near": near,
            "papers_closed": not near,
            "qualifications": holder.qualifications.select_related("proof").order_by("-valid_from"),
            "blockers": qualification_blockers(holder, clock.today()),
            "today": clock.today(),
        }
        return answer or self.show(request, holder, "implementers/desk_holder.html", form, context)
