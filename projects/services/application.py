"""An agency writes a project and sends it: place, population, funds and schedule are mandatory (R71)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.queries import holders_of
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock, save_edited
from common.numbering import next_number
from common.recording import record
from common.states import move
from implementers.models import Agency, FundHolder
from implementers.queries import may_take_projects
from notices.services import notify_all
from projects.enums import ProjectState
from projects.models import Milestone, Project, ProjectItem
from projects.rules import check_complete, refuse_unless_agency
from reference.models import Item

EDITABLE_STATES = frozenset({ProjectState.DRAFT, ProjectState.REVISE})


@transaction.atomic
def draft_project(
    *,
    agency: Agency,
    fund_holder: FundHolder | None,
    title: str,
    place: str,
    groups: list[str],
    households_planned: int,
    funds: int,
    start: date,
    end: date,
    needs_covered: str,
    activities: str,
    evaluation_plan: str,
    by: User,
    at: datetime,
    **more: Any,
) -> Project:
    """Begin a project; its four mandatory facts are there from the first save."""
    seat = getattr(by, "seat", None)
    if seat is None or seat.role != Role.AGENCY or seat.organisation_id != agency.organisation_id:
        raise Refused("not_your_agency", _("Only the agency itself applies with a project."))
    _refuse_schedule(start, end)
    project = Project(
        number=next_number("P", place, at),
        agency=agency,
        fund_holder=fund_holder,
        title=title,
        place=place,
        groups=groups,
        households_planned=households_planned,
        funds=funds,
        start=start,
        end=end,
        needs_covered=needs_covered,
        activities=activities,
        evaluation_plan=evaluation_plan,
        created_at=at,
        state=ProjectState.DRAFT,
        state_since=at,
        **more,
    )
    project.save(force_insert=True)
    register_involvement(file=project, duty=Duty.IMPLEMENTER, by=by, at=at)
    record("project.drafted", project, by=by, at=at, place=place, funds=funds, households=households_planned)
    return project


@transaction.atomic
def edit_project(
    *, project: Project, version: int, changes: dict[str, Any], by: User, at: datetime
) -> Project:
    """A draft or a project to be revised is edited by its agency; a stale save shows both versions."""
    project = lock(project)
    refuse_unless_agency(project, by)
    _refuse_sent(project)
    _refuse_schedule(changes.get("start", project.start), changes.get("end", project.end))
    saved = save_edited(project, version=version, changes=changes)
    record("project.edited", saved, by=by, at=at, fields=sorted(changes))
    return saved


@transaction.atomic
def set_capacity(*, project: Project, item: Item, capacity: int, by: User, at: datetime) -> ProjectItem:
    """How much of an item the project can bring; not below what is already reserved."""
    project = lock(project)
    refuse_unless_agency(project, by)
    _refuse_sent(project)
    if capacity < 1:
        raise Refused("capacity", _("Give a quantity of at least one."), field="capacity")
    row, _created = ProjectItem.objects.update_or_create(
        project=project, item=item, defaults={"capacity": capacity}
    )
    record("project.capacity_set", project, by=by, at=at, item=item.slug, capacity=capacity)
    return row


@transaction.atomic
def remove_capacity(*, row: ProjectItem, by: User, at: datetime) -> None:
    """Take something out of the offer again; nothing is reserved before a project is approved."""
    project = lock(row.project)
    refuse_unless_agency(project, by)
    _refuse_sent(project)
    slug = row.item.slug
    row.delete()
    record("project.capacity_removed", project, by=by, at=at, item=slug)


@transaction.atomic
def reach_milestone(*, milestone: Milestone, by: User, at: datetime) -> Milestone:
    """The agency says that it got there; the day counts for its rating."""
    milestone = lock(milestone)
    project = milestone.project
    refuse_unless_agency(project, by)
    if project.state != ProjectState.IN_PROGRESS:
        raise Refused("not_under_way", _("Milestones are reached while the work is under way."))
    if milestone.reached_at is not None:
        raise Refused("reached", _("This milestone has been reported already."))
    milestone.reached_at = at
    milestone.save(update_fields=["reached_at"])
    record("project.milestone_reached", project, by=by, at=at, late=day_of(at) > milestone.due)
    return milestone


@transaction.atomic
def set_milestones(*, project: Project, milestones: list[tuple[str, date]], by: User, at: datetime) -> None:
    """The dates by which something is to be reached, inside the project's schedule."""
    project = lock(project)
    refuse_unless_agency(project, by)
    _refuse_sent(project)
    for _title, due in milestones:
        if not project.start <= due <= project.end:
            raise Refused(
                "milestone_outside", _("A milestone lies outside the project's dates."), field="due"
            )
    project.milestones.all().delete()
    Milestone.objects.bulk_create(
        Milestone(project=project, title=title, due=due) for title, due in milestones
    )
    record("project.milestones_set", project, by=by, at=at, count=len(milestones))


@transaction.atomic
def submit_project(*, project: Project, by: User, at: datetime) -> Project:
    """Send the project: complete, inside the agency's ceiling, by an agency in good standing."""
    project = lock(project)
    refuse_unless_agency(project, by)
    check_complete(project, project.items.count())
    if blockers := may_take_projects(project.agency, day_of(at), project.funds):
        raise Refused("agency_blocked", blockers[0].message)
    project = move(project, ProjectState.SUBMITTED, by=by, at=at, also={"reason": ""}, funds=project.funds)
    notify_all(
        to=holders_of(Role.SUPERVISOR, area=project.place),
        kind="project_submitted",
        params={"title": project.title},
        url=reverse("admin:projects_project_file", args=[project.public_id]),
        by=by,
        at=at,
    )
    return project


def _refuse_sent(project: Project) -> None:
    if project.state not in EDITABLE_STATES:
        raise Refused(
            "already_sent", _("The project was sent and cannot be edited now. Ask for it to be returned.")
        )


def _refuse_schedule(start: date, end: date) -> None:
    if end <= start:
        raise Refused("schedule", _("The project ends before it starts. Look at the two dates."), field="end")
