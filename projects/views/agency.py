"""The agency's projects: its list, a project's file, start, milestones and the report of completion."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from common.panels import collect
from projects.enums import ProjectState
from projects.models import Milestone, Project
from projects.queries import capacity_of, milestones_of
from projects.services import begin_completion, reach_milestone, start_project
from projects.words import NEXT_FOR_AGENCY, facts_of

READERS = (Role.DONOR, Role.OFFICER)


def own_projects(request: SignedRequest) -> QuerySet[Any]:
    rows = Project.objects.all().run_by(acting_seat(request).organisation_id)
    return rows.select_related("agency__organisation", "fund_holder__organisation")


def own_project(request: SignedRequest, public_id: str) -> Project:
    """A project of the agency in whose seat the user acts."""
    found: Project = get_visible(own_projects(request), request.user, public_id)
    return found


@for_roles(Role.AGENCY)
def mine(request: SignedRequest) -> HttpResponse:
    """What the agency runs and applies with, newest first."""
    rows = keyset(request, own_projects(request), order=("-created_at", "-id"))
    return page(request, "projects/mine.html", {"title": _("Our projects"), "page": rows})


@for_roles(Role.AGENCY, Role.FUND_HOLDER, *READERS)
def file(request: SignedRequest, public_id: str) -> HttpResponse:
    """Where the project stands, what comes next, and what every later stage has to say about it.

    Givers, private and public, whose agreements and payments lead here too, read what is public of it.
    """
    if acting_seat(request).role in READERS:
        return redirect("projects:public", public_id)
    own = Project.objects.select_related("agency__organisation", "fund_holder__organisation")
    seat = acting_seat(request)
    party = "agency" if seat.role == Role.AGENCY else "fund_holder"
    project = get_visible(
        own.filter(**{f"{party}__organisation_id": seat.organisation_id}), request.user, public_id
    )
    is_agency = seat.role == Role.AGENCY
    context = {
        "title": project.title,
        "project": project,
        "is_agency": is_agency,
        "editable": is_agency and project.state in {ProjectState.DRAFT, ProjectState.REVISE},
        "next_step": NEXT_FOR_AGENCY[project.state],
        "facts": facts_of(project),
        "gates": {gate.stage: gate for gate in project.gates.all()},
        "capacity": capacity_of(project.pk).order_by("pk"),
        "milestones": milestones_of(project.pk, clock.today()),
        "analyses": list(project.analyses.visible_to(request.user).select_related("household")),
        "panels": collect("project.file", project, request.user),
        "form": ConfirmForm(),
    }
    return page(request, "projects/file.html", context)


@for_roles(Role.AGENCY)
def start(request: SignedRequest, public_id: str) -> HttpResponse:
    """Work begins."""
    project = own_project(request, public_id)
    text = _("The agreement is in force. From today the schedule and the evaluation midway count.")
    return _act(request, project, start_project, title=_("Report the start"), text=text)


@for_roles(Role.AGENCY)
def complete(request: SignedRequest, public_id: str) -> HttpResponse:
    """The work is done; the evaluation after the end follows."""
    project = own_project(request, public_id)
    text = _(
        "After this nothing more is matched to the project, and an independent team looks at the effect."
    )
    return _act(request, project, begin_completion, title=_("Report the work done"), text=text)


@for_roles(Role.AGENCY)
def reached(request: SignedRequest, public_id: str) -> HttpResponse:
    """A milestone was reached today."""
    milestone = get_visible(Milestone.objects.select_related("project"), request.user, public_id)
    project = own_project(request, milestone.project.public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: reach_milestone(milestone=milestone, by=request.user, at=clock.now()),
        to=reverse("projects:file", args=[project.public_id]),
    )
    context = {
        "form": form,
        "project": project,
        "title": _("We reached this milestone"),
        "text": milestone.title,
    }
    return answer or page(request, "projects/act.html", context, form=form)


def _act(request: SignedRequest, project: Project, service: Any, *, title: str, text: str) -> HttpResponse:
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: service(project=project, by=request.user, at=clock.now()),
        to=reverse("projects:file", args=[project.public_id]),
    )
    context = {"form": form, "project": project, "title": title, "text": text}
    return answer or page(request, "projects/act.html", context, form=form)
