"""Projects anyone may read about, once they are approved."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.gate import get_visible
from common.pages import keyset, page, public_page
from common.panels import collect
from projects.filters import PublicProjectFilter
from projects.models import PUBLIC_STATES, Project
from projects.queries import capacity_of, milestones_of
from projects.words import facts_of

APPROVED = Project.objects.filter(state__in=PUBLIC_STATES).select_related(
    "agency__organisation", "fund_holder__organisation"
)


@public_page
def listing(request: HttpRequest) -> HttpResponse:
    """Approved projects, newest first, by place and population."""
    filtered = PublicProjectFilter(request.GET, queryset=APPROVED.all().visible_to(request.user))
    rows = keyset(request, filtered, order=("-created_at", "-id"))
    context = {
        "title": _("Projects"),
        "lead": _(
            "Each was approved after an independent evaluation before its start, and stays here to its end, also "
            "when it ended early or did not pass. Families take part of their own will."
        ),
        "filter": filtered,
        "page": rows,
    }
    return page(request, "projects/public_list.html", context)


@public_page
def public(request: HttpRequest, public_id: str) -> HttpResponse:
    """One approved project: where, for whom, with what funds, until when, and how far it is."""
    project = get_visible(APPROVED.all(), request.user, public_id)
    context = {
        "title": project.title,
        "project": project,
        "facts": facts_of(project),
        "gates": {gate.stage: gate for gate in project.gates.all()},
        "capacity": capacity_of(project.pk).order_by("pk"),
        "milestones": milestones_of(project.pk, clock.today()),
        "panels": collect("project.public", project),
    }
    return page(request, "projects/public.html", context)
