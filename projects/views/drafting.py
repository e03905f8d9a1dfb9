"""An agency applies with a project: five questions begin the draft, the other parts follow on its own pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm, Form
from common.pages import for_roles, page, submit
from common.questions import Question, Questions
from implementers.queries import agency_of, may_take_projects
from implementers.words import level_words
from projects.forms.parts import (
    BudgetLineForm,
    CapacityForm,
    ContentForm,
    FundsForm,
    LogicForm,
    MilestoneForm,
    PlaceForm,
    PopulationForm,
    RisksForm,
    ScheduleForm,
    columns_of,
    initial_of,
)
from projects.models import Project
from projects.services import (
    draft_project,
    edit_project,
    remove_capacity,
    set_capacity,
    set_milestones,
    submit_project,
)
from projects.services.application import EDITABLE_STATES
from projects.views.agency import own_project
from projects.words import answers_of

BEGINNING = Questions(
    key="project",
    url_name="projects:new_part",
    check_url_name="projects:new_check",
    questions=(
        Question("place", gettext_lazy("Which project, and where?"), PlaceForm),
        Question("population", gettext_lazy("For whom?"), PopulationForm),
        Question("funds", gettext_lazy("With what money?"), FundsForm),
        Question("schedule", gettext_lazy("From when until when?"), ScheduleForm),
        Question("content", gettext_lazy("What will happen?"), ContentForm),
    ),
)


@dataclass(frozen=True)
class Part:
    """One page of a stored draft."""

    title: Any
    form: type[Form]


PARTS: dict[str, Part] = {
    question.slug: Part(question.title, question.form) for question in BEGINNING.questions
} | {
    "logic": Part(gettext_lazy("How does it work?"), LogicForm),
    "risks": Part(gettext_lazy("What could go wrong?"), RisksForm),
}


@for_roles(Role.AGENCY)
def new(request: SignedRequest) -> HttpResponse:
    """What keeps the agency from applying is said before it writes anything."""
    agency = agency_of(request.user)
    if agency is None:
        raise Http404(_("Register your agency first; then you can apply with a project."))
    context = {
        "title": _("Apply with a project"),
        "blockers": may_take_projects(agency, clock.today(), 0),
        "first_url": BEGINNING.first_url(),
        "agency": agency,
        "level": level_words(agency.level) if agency.level else "",
    }
    return page(request, "projects/new.html", context)


@for_roles(Role.AGENCY)
def new_part(request: SignedRequest, slug: str) -> HttpResponse:
    """One question of the beginning."""
    return BEGINNING.page(request, slug, leave_url=reverse("projects:mine"))


@for_roles(Role.AGENCY)
def new_check(request: SignedRequest) -> HttpResponse:
    """The beginning once more; keeping it makes the draft."""
    agency = agency_of(request.user)
    answers = BEGINNING.answers(request)
    missing = BEGINNING.unanswered(answers)
    if agency is None or missing:
        return HttpResponseRedirect(missing or reverse("projects:mine"))
    form = ConfirmForm(request.POST or None)

    def keep(_data: Any) -> Project:
        project = draft_project(agency=agency, **columns_of(answers), by=request.user, at=clock.now())
        BEGINNING.forget(request)
        return project

    answer = submit(
        request, form, keep, to=lambda project: reverse("projects:capacity", args=[project.public_id])
    )
    context = {"form": form, "answers": BEGINNING.rows(answers), "title": _("Check what you wrote")}
    return answer or page(request, "projects/new_check.html", context, form=form)


@for_roles(Role.AGENCY)
def part(request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
    """One part of a draft; whoever saved in between is shown beside the own answer."""
    project = editable(request, public_id)
    if slug not in PARTS:
        raise Http404(_("This question is not asked here. Begin again from the first one."))
    form = PARTS[slug].form(request.POST or None, initial=initial_of(project))
    version = request.POST.get("version", "")
    answer = submit(
        request,
        form,
        lambda data: edit_project(
            project=project,
            version=int(version) if version.isdigit() else 0,
            changes=columns_of(dict(data)),
            by=request.user,
            at=clock.now(),
        ),
        to=reverse("projects:check", args=[public_id]),
    )
    context = {
        "form": form,
        "title": PARTS[slug].title,
        "version": version if version.isdigit() else project.version,
        "back_url": reverse("projects:check", args=[public_id]),
    }
    return answer or page(request, "projects/part.html", context, form=form)


@for_roles(Role.AGENCY)
def budget(request: SignedRequest, public_id: str) -> HttpResponse:
    """What the money is for, line by line; together they are the funds needed."""
    project = editable(request, public_id)
    lines = list(project.budget_lines)
    rows = [(line["title"], line["amount"]) for line in lines]

    def change(new_lines: list[dict[str, Any]]) -> Any:
        return edit_project(
            project=project,
            version=project.version,
            changes={"budget_lines": new_lines},
            by=request.user,
            at=clock.now(),
        )

    return _rows_page(
        request,
        project,
        form=BudgetLineForm(_adding(request)),
        add=lambda data: change([*lines, {"title": data["title"], "amount": data["amount"]}]),
        remove=lambda place: change([line for number, line in enumerate(lines) if number != place]),
        context={
            "title": _("What is the money for?"),
            "money": rows,
            "total": sum(amount for _title, amount in rows),
            "here": "budget",
            "next_url": reverse("projects:milestones", args=[public_id]),
        },
    )


@for_roles(Role.AGENCY)
def milestones(request: SignedRequest, public_id: str) -> HttpResponse:
    """By when what is reached."""
    project = editable(request, public_id)
    known = list(project.milestones.order_by("due", "pk"))
    rows = [(row.title, row.due) for row in known]

    def change(new_rows: list[Any]) -> Any:
        return set_milestones(project=project, milestones=new_rows, by=request.user, at=clock.now())

    return _rows_page(
        request,
        project,
        form=MilestoneForm(_adding(request)),
        add=lambda data: change([*rows, (data["title"], data["due"])]),
        remove=lambda place: change([row for number, row in enumerate(rows) if number != place]),
        context={
            "title": _("What is reached by when?"),
            "dated": rows,
            "here": "milestones",
            "next_url": reverse("projects:part", args=[public_id, "logic"]),
        },
    )


@for_roles(Role.AGENCY)
def capacity(request: SignedRequest, public_id: str) -> HttpResponse:
    """How much of what the project can bring to households: matches never promise more."""
    project = editable(request, public_id)
    rows = list(project.items.select_related("item").order_by("pk"))
    return _rows_page(
        request,
        project,
        form=CapacityForm(_adding(request)),
        add=lambda data: set_capacity(project=project, **data, by=request.user, at=clock.now()),
        remove=lambda place: remove_capacity(row=rows[place], by=request.user, at=clock.now()),
        context={
            "title": _("What can the project bring?"),
            "counted": [(row.item, row.capacity) for row in rows],
            "here": "capacity",
            "next_url": reverse("projects:budget", args=[public_id]),
        },
    )


@for_roles(Role.AGENCY)
def check(request: SignedRequest, public_id: str) -> HttpResponse:
    """Everything once more, then send."""
    project = editable(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: submit_project(project=project, by=request.user, at=clock.now()),
        to=reverse("projects:file", args=[public_id]),
    )
    context = {
        "form": form,
        "project": project,
        "answers": answers_of(project),
        "title": _("Check the project"),
    }
    return answer or page(request, "projects/check.html", context, form=form)


def editable(request: SignedRequest, public_id: str) -> Project:
    """The own project while it may be changed."""
    project = own_project(request, public_id)
    if project.state not in EDITABLE_STATES:
        raise Http404(_("This project was sent. Open its page to see what can be done."))
    return project


def _adding(request: SignedRequest) -> Any:
    return request.POST if request.method == "POST" and "remove" not in request.POST else None


def _rows_page(
    request: SignedRequest, project: Project, *, form: Form, add: Any, remove: Any, context: dict[str, Any]
) -> HttpResponse:
    """A list to which one row is added or from which one is removed at a time."""
    here = reverse(f"projects:{context['here']}", args=[project.public_id])
    place = request.POST.get("remove", "")
    removing = ConfirmForm(request.POST) if place.isdigit() else None
    answer = (
        submit(request, removing, lambda _data: remove(int(place)), to=here)
        if removing
        else submit(request, form, add, to=here)
    )
    shown: Form = removing if removing and removing.errors else form
    context = {**context, "form": form, "removing": removing, "project": project}
    return answer or page(request, "projects/rows.html", context, form=shown)
