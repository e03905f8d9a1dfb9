"""Ratings: computed on demand, compared with the last, reviewed and put into force by two people."""

from __future__ import annotations

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from accounts.models import User
from accounts.requests import SignedRequest
from common import clock
from common.admin import StateFilter, act_on_each
from common.forms import ConfirmForm, Form
from common.gate import get_visible
from common.pages import asked, submit
from common.templatetags.ui import tag
from evaluation import services
from evaluation.enums import RatingState
from evaluation.forms.acts import DayForm, ReasonForm
from evaluation.models import Rating, RatingPolicy
from evaluation.rules import may_rate
from evaluation.words import explained
from projects.admin import DeskAdmin

AT_ONCE = 50
OPEN = frozenset({RatingState.DRAFT, RatingState.REVIEWED, RatingState.ANNOUNCED})
RATINGS = Rating.objects.select_related("agency__organisation", "policy", "reviewed_by", "approved_by")


@admin.register(Rating)
class RatingAdmin(DeskAdmin):
    list_display = [
        "opened",
        "as_of",
        "score",
        "level",
        "before",
        "project_score",
        "projects_counted",
        "course",
    ]
    work_url = "evaluation_rating_file"
    list_display_links = None
    list_filter = [StateFilter, "level", "as_of"]
    list_select_related = ["agency__organisation"]
    search_fields = ["agency__organisation__name"]
    ordering = ["-as_of", "-pk"]
    actions = ["review_selected", "approve_selected"]
    change_list_template = "evaluation/desk_list.html"
    run_jobs = [("admin:evaluation_rating_run", "", _("Compute ratings"))]

    def get_urls(self) -> list[URLPattern]:
        return [
            path("run/", self.guarded(self.run_view), name="evaluation_rating_run"),
            path("<slug:public_id>/file/", self.guarded(self.file_view), name="evaluation_rating_file"),
            *super().get_urls(),
        ]

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Announcing is a supervisor's."""
        actions: dict[str, Any] = super().get_actions(request)
        if request.user.seat.role != Role.SUPERVISOR:  # type: ignore[union-attr]
            actions.pop("approve_selected", None)
        return actions

    @admin.display(description=_("agency"), ordering="agency__organisation__name")
    def opened(self, row: Rating) -> SafeString:
        url = reverse("admin:evaluation_rating_file", args=[row.public_id])
        return format_html('<a href="{}">{}</a>', url, row.agency.name)

    @admin.display(description=_("in force"))
    def before(self, row: Rating) -> str:
        agency = row.agency
        return f"{agency.rating_score} {agency.rating_level}" if agency.rating_level else "—"

    @admin.display(description=_("state"), ordering="state")
    def course(self, row: Rating) -> SafeString:
        return tag(row.state_label, row.state)

    @admin.action(description=_("Reviewed: the numbers are right"))
    def review_selected(self, request: SignedRequest, queryset: Any) -> HttpResponse | None:
        return self._each(
            request,
            queryset,
            lambda row: services.review_rating(rating=row, by=request.user, at=clock.now()),
            _("%(count)d ratings are reviewed."),
        )

    @admin.action(description=_("Announce for seven days"))
    def approve_selected(self, request: SignedRequest, queryset: Any) -> HttpResponse | None:
        return self._each(
            request,
            queryset,
            lambda row: services.approve_rating(rating=row, by=request.user, at=clock.now()),
            _("%(count)d ratings are announced."),
        )

    def _each(self, request: SignedRequest, queryset: Any, act: Any, done: Any) -> HttpResponse | None:
        if queryset.count() > AT_ONCE:
            messages.error(request, _("Choose fifty at most, so that each is looked at."))
            return None
        return act_on_each(request, queryset.order_by("pk"), act, done)

    def run_view(self, request: SignedRequest) -> HttpResponse:
        """As of which day? The computing goes on in the background."""
        form = DayForm(request.POST or None, initial={"as_of": clock.today()})
        answer = submit(
            request,
            form,
            lambda data: services.start_rating(**data, by=request.user, at=clock.now()),
            to=lambda job: reverse("jobs:progress", args=[job.public_id]),
        )
        text = _("Drafts come of it; two people put them into force.")
        context = {"title": _("Compute ratings"), "form": form, "text": text}
        return answer or self.framed(request, "evaluation/desk_form.html", context, form=form)

    def file_view(self, request: SignedRequest, public_id: str) -> HttpResponse:
        """The inputs, the numbers they give, the last rating beside them, and the next step."""
        rating = get_visible(RATINGS.all(), request.user, public_id)
        act = request.POST.get("act", "")
        form: Form = ReasonForm(request.POST) if act == "aside" else ConfirmForm(request.POST or None)
        given: dict[str, Any] = {"rating": rating, "by": request.user, "at": clock.now()}
        acts: dict[str, Any] = {
            "review": lambda data: services.review_rating(**given),
            "approve": lambda data: services.approve_rating(**given),
            "aside": lambda data: services.set_aside(reason=data["reason"], **given),
        }
        here = reverse("admin:evaluation_rating_file", args=[public_id])
        chosen = asked(request, acts)
        answer = submit(request, form, chosen, to=here) if chosen else None
        last = RATINGS.filter(agency=rating.agency, as_of__lt=rating.as_of).exclude(
            state__in=[RatingState.DRAFT, RatingState.SET_ASIDE]
        )
        before = last.order_by("-as_of", "-pk").first()
        context = {
            "title": f"{rating.agency.name} · {rating.as_of}",
            "rating": rating,
            "before": before,
            "explained": explained(rating),
            "explained_before": explained(before) if before else None,
            "same": services.recomputes(rating),
            "form": form,
            "aside": form if act == "aside" else ReasonForm(),
            "steps": steps_of(rating, request.user),
        }
        return answer or self.framed(request, "evaluation/desk_rating.html", context, form=form)


def steps_of(rating: Rating, user: User) -> set[str]:
    """What this person may do next with it (docs/who-decides.md)."""
    supervises = user.seat is not None and user.seat.role == Role.SUPERVISOR
    if not may_rate(rating.agency, user, supervisor=supervises):
        return set()
    steps = {"aside"} if supervises and rating.state in OPEN else set()
    if rating.state == RatingState.DRAFT:
        steps.add("review")
    if rating.state == RatingState.REVIEWED and supervises and rating.reviewed_by_id != user.pk:
        steps.add("approve")
    return steps


@admin.register(RatingPolicy)
class RatingPolicyAdmin(DeskAdmin):
    list_display = ["version", "valid_from", "created_at"]
    ordering = ["-valid_from", "-pk"]
    fields = ["version", "valid_from", "created_at", "parameters"]
