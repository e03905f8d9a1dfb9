"""What projects have to say on the pages of others: to-dos, the family's own page, the household file."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from common.panels import provide
from common.todos import Figure, Panel, Todo
from files import gates
from households.queries import Holder
from households.rules import groups_of
from implementers.models import Agency
from projects.enums import AnalysisState, ProjectState
from projects.models import JointAnalysis, Project

CLOSED = [ProjectState.REJECTED, ProjectState.ARCHIVED, ProjectState.TERMINATED, ProjectState.FAILED]
NOT_RUNNING = [*CLOSED, ProjectState.DRAFT, ProjectState.ACCEPTED]


def install() -> None:
    """Called once, when the applications are ready."""
    provide(f"todo.{Role.AGENCY}", todos_of_agency)
    provide(f"todo.{Role.SOCIAL_WORKER}", todos_of_staff)
    provide(f"todo.{Role.SUPERVISOR}", todos_of_staff)
    provide(f"given.{Role.AGENCY}", figures_of_agency)
    gates.allow("projects.jointanalysis", may_open_evidence)
    provide("application.asked", asked_of_household, order=20)
    provide("application.status", on_status_page)
    provide("household.file", on_household_file)
    provide("agency.running", running_projects)
    provide("household.groups", groups_of)  # policies' rules ask for them and know no households
    provide("organisation.active_in", carries_out_in)
    provide(f"nav.{Role.AGENCY}", lambda _user: [(20, _("Projects"), "projects:mine")])


def carries_out_in(prefix: str) -> list[QuerySet[Any]]:
    """The organisations that have sent in, or keep the money of, a project in this place."""
    sent = Project.objects.filter(place__startswith=prefix).exclude(state=ProjectState.DRAFT)
    kept = sent.filter(fund_holder__isnull=False)
    return [sent.values("agency__organisation_id"), kept.values("fund_holder__organisation_id")]


def running_projects(agency: Agency) -> list[str]:
    """Projects an agency has applied for or begun and not brought to their end, by number and title."""
    rows = Project.objects.filter(agency=agency).exclude(state__in=NOT_RUNNING).order_by("pk")
    return [f"{number} {title}" for number, title in rows.values_list("number", "title")]


def todos_of_agency(user: Any) -> list[Todo]:
    """Drafts to finish, changes asked for, work to begin, texts to confirm."""
    told = {
        ProjectState.DRAFT: _("Finish and send the project"),
        ProjectState.REVISE: _("Change the project and send it again"),
        ProjectState.AGREED: _("Report the start of the work"),
        ProjectState.RECTIFYING: _("Put right what was found"),
    }
    rows = Project.objects.all().run_by(user.seat.organisation_id).filter(state__in=list(told)).order_by("pk")
    todos = [
        Todo(
            title=told[ProjectState(row.state)],
            detail=row.title,
            url=reverse("projects:file", args=[row.public_id]),
            kind="project",
        )
        for row in rows
    ]
    waiting = JointAnalysis.objects.visible_to(user).filter(
        state=AnalysisState.CONFIRMING, agency_confirmed_at__isnull=True
    )
    todos += [
        Todo(
            title=_("Confirm a joint analysis"),
            detail=row.household.number,
            url=reverse("projects:analysis", args=[row.public_id]),
            kind="analysis",
        )
        for row in waiting.select_related("household").order_by("pk")
    ]
    return todos


def todos_of_staff(user: Any) -> list[Todo]:
    """Projects to screen and to decide, each kind behind one link."""
    own = Project.objects.visible_to(user).filter(place__startswith=user.seat.prefix)
    evaluated = own.filter(state=ProjectState.EX_ANTE, gates__stage="ex_ante")
    kinds = [
        (_("Screen new projects"), own.filter(state=ProjectState.SUBMITTED), ProjectState.SUBMITTED),
        (_("Finish screening"), own.filter(state=ProjectState.SCREENING), ProjectState.SCREENING),
    ]
    if user.seat.role == Role.SUPERVISOR:
        kinds.append((_("Approve evaluated projects"), evaluated, ProjectState.EX_ANTE))
    changelist = reverse("admin:projects_project_changelist")
    return [
        Todo(title=title, url=f"{changelist}?state={state}", count=count, kind="project")
        for title, rows, state in kinds
        if (count := rows.count())
    ]


def figures_of_agency(user: Any) -> list[Figure]:
    """How many projects the agency runs."""
    rows = Project.objects.all().run_by(user.seat.organisation_id).exclude(state__in=CLOSED)
    return [Figure(label=_("Projects"), value=rows.count(), url=reverse("projects:mine"))]


def on_status_page(application: Any) -> list[Panel]:
    """What the household and an agency found out together, in plain words, with a button while it is asked."""
    rows = (
        JointAnalysis.objects.filter(household_id=application.household_id)
        .exclude(state__in=[AnalysisState.DRAFT, AnalysisState.ENDED])
        .select_related("project__agency__organisation")
        .order_by("-pk")
    )
    return [
        Panel(
            title=_("What we found out together"),
            template="projects/panels/status.html",
            context={"analysis": row, "asked": _is_asked(row)},
        )
        for row in rows
    ]


def asked_of_household(holder: Holder) -> list[Todo]:
    """A joint analysis the family has not answered yet."""
    rows = JointAnalysis.objects.filter(
        household_id=holder.application.household_id,
        state=AnalysisState.CONFIRMING,
        household_confirmed_at__isnull=True,
    ).select_related("project__agency__organisation")
    return [
        Todo(
            title=_("Read what you and %(agency)s found out together") % {"agency": row.project.agency.name},
            url=reverse("projects:household_analysis", args=[row.public_id]) if holder.may("update") else "",
            kind="analysis",
        )
        for row in rows.order_by("pk")
    ]


def on_household_file(household: Any, user: Any) -> list[Panel]:
    """The joint analyses of a family, for whoever may see them."""
    rows = list(
        JointAnalysis.objects.visible_to(user)
        .filter(household=household)
        .select_related("project__agency__organisation")
        .order_by("-pk")
    )
    if not rows:
        return []
    context = {"analyses": rows, "desk": user.seat.role != Role.AGENCY}
    return [Panel(title=_("Joint analysis"), template="projects/panels/household.html", context=context)]


def may_open_evidence(user: Any, ref: str) -> bool:
    """What shows the family's answer is seen by whoever sees the text."""
    return JointAnalysis.objects.visible_to(user).filter(public_id=ref).exists()


def _is_asked(row: JointAnalysis) -> bool:
    return row.state == AnalysisState.CONFIRMING and row.household_confirmed_at is None
