"""G07, the ledger of needs."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import Q

from common import clock
from households.models import Need
from households.queries.page import with_asking
from reference.coding import TRIAL_PREFIX
from reference.queries import labels, path_labels
from reports.ledgers.parts import amount, batches, moments


def need_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Needs raised before the end of the period and not closed before its start."""
    first, last = moments(start, end)
    rows = (
        Need.objects.visible_to(user)
        .filter(
            Q(closed_at__isnull=True) | Q(closed_at__gte=first), area__startswith=area, created_at__lt=last
        )
        .exclude(area__startswith=TRIAL_PREFIX)
        .select_related("item", "household", "application")
    )
    rows = rows.filter(state=state) if state else rows
    categories, today = labels("need_category"), clock.today()
    number = 0
    for batch in batches(rows):
        places = path_labels({row.area for row in batch})
        for row in with_asking(batch):
            number += 1
            yield (
                number,
                places.get(row.area, row.area),
                row.number,
                row.household.number,
                categories.get(row.item.category, row.item.category),
                row.item.label,
                *(amount(value, row.item) for value in (row.requested, row.reserved, row.delivered)),
                row.item.unit_label,
                row.severity,
                row.get_urgency_display(),
                row.opened_at,
                _age(row, today),
                row.deadline,
                row.state_label,
            )


def _age(need: Need, today: date) -> int | None:
    if need.opened_at is None:
        return None
    end = clock.day_of(need.closed_at) if need.closed_at else today
    return (end - clock.day_of(need.opened_at)).days
