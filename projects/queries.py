"""Which projects can take a match, and what a project still lacks."""

from __future__ import annotations

from datetime import date

from django.db.models import BooleanField, ExpressionWrapper, F, Q, QuerySet

from common.panels import collect
from implementers.models import Agency
from projects.enums import OPEN_TO_MATCHES
from projects.models import Milestone, Project, ProjectItem
from reference.enums import ItemKind
from reference.models import Item

LEVELS = ["A", "B", "C", "D", "E"]
UNRATED = "C"


def projects_able(*, item: Item, area: str, groups: list[str], amount: int, on: date) -> list[ProjectItem]:
    """Projects with room for a match, best first: higher rating band, then more room (matching.md §2.5, R73).

    An agency with overdue feedback counts one band lower, an unrated one as C; a suspended one not at all.
    """
    places = [area[:length] for length in range(2, len(area) + 1)]
    rows = (
        ProjectItem.objects.filter(
            item=item,
            capacity__gte=F("reserved") + amount,
            project__state__in=list(OPEN_TO_MATCHES),
            project__place__in=places,
            project__end__gte=on,
            project__agency__standing__in=["normal", "warned"],
        )
        .select_related("project", "project__agency", "project__agency__organisation", "item")
        .order_by("pk")
    )
    fitting = [row for row in rows if not row.project.groups or set(row.project.groups) & set(groups)]
    return sorted(fitting, key=lambda row: (band_of(row.project.agency), -row.spare, row.pk))


def matched(project: Project) -> tuple[int, int]:
    """How many matches of a project everybody has confirmed, and their money in fen; the matching above says it."""
    found: list[tuple[int, int]] = collect("project.matched", project)
    return found[0] if found else (0, 0)


def money_needed(project: Project) -> int:
    """What has to be matched before a project begins: its funds, or nothing where it brings families no money."""
    return project.funds if project.items.filter(item__kind=ItemKind.MONEY).exists() else 0


def is_matched(project: Project) -> bool:
    """Whether the confirmed matches are enough to begin (domain §10.5)."""
    count, money = matched(project)
    return count > 0 and money >= money_needed(project)


def band_of(agency: Agency) -> int:
    """0 for A … 4 for E, one lower while feedback is overdue."""
    band = LEVELS.index(agency.rating_level or UNRATED)
    return band + (agency.organisation.feedback_overdue_since is not None)


def capacity_of(project_id: int) -> QuerySet[ProjectItem]:
    """What a project can bring."""
    return ProjectItem.objects.filter(project_id=project_id).select_related("item")


def milestones_of(project_id: int, today: date) -> QuerySet[Milestone]:
    """The milestones in their order; `late` are those whose day is past and which were not reached."""
    late = ExpressionWrapper(Q(reached_at__isnull=True, due__lt=today), output_field=BooleanField())
    rows: QuerySet[Milestone] = Milestone.objects.filter(project_id=project_id).annotate(late=late)
    return rows.order_by("due", "pk")
