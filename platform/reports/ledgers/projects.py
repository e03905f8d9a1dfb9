"""G12, the ledger of projects and their results."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils.translation import pgettext

from evaluation.enums import Grade
from evaluation.models import Evaluation
from projects.enums import ProjectState, Stage
from projects.models import Project
from reference.queries import labels, path_labels
from reports.ledgers.parts import batches, two_places, yuan


def project_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Projects running in the period, with the result of their last evaluation."""
    final = Evaluation.objects.filter(project=OuterRef("pk"), final_at__isnull=False).order_by("-final_at")
    rows = (
        Project.objects.visible_to(user)
        .filter(place__startswith=area, start__lt=end, end__gte=start)
        .annotate(
            last_score=Subquery(final.values("score")[:1]),
            last_grade=Subquery(final.values("grade")[:1]),
            last_stage=Subquery(final.values("stage")[:1]),
        )
        .select_related("agency__organisation", "fund_holder__organisation")
    )
    rows = rows.filter(state=state) if state else rows.exclude(state=ProjectState.DRAFT)
    groups, number = labels("population_group"), 0
    for batch in batches(rows):
        places = path_labels({row.place for row in batch})
        for row in batch:
            number += 1
            yield (
                number,
                row.number,
                row.title,
                places.get(row.place, row.place),
                "、".join(groups.get(slug, slug) for slug in row.groups)
                or pgettext("report", "everybody in need"),
                row.agency.organisation.name,
                row.fund_holder.organisation.name if row.fund_holder else "",
                row.households_planned,
                yuan(row.funds),
                row.start,
                row.end,
                Stage(row.last_stage).label if row.last_stage else "",
                two_places(row.last_score),
                Grade(row.last_grade).label if row.last_grade else "",
                ProjectState(row.state).label,
            )
