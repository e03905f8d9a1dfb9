"""G10, the ledger of resources and gifts."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Prefetch, Q

from donors.enums import LotState
from donors.models import Condition, Lot
from donors.words import use_words
from reports.ledgers.parts import amount, batches, moments, yuan

_L = LotState
OVER = [_L.USED_UP, _L.CLOSED, _L.WITHDRAWN, _L.EXPIRED, _L.REJECTED, _L.DEFAULTED]
PROMISED = Q(reserved__gt=0)


def lot_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Resources offered for the area or for everywhere; donors by the name they chose to show."""
    first, last = moments(start, end)
    reach = Q(area_prefix__startswith=area) | Q(
        area_prefix__in=[area[:length] for length in range(len(area))]
    )
    rows = (
        Lot.objects.visible_to(user)
        .filter(reach, listed_at__isnull=False, listed_at__lt=last)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=start) | PROMISED)
        .exclude(~PROMISED, state__in=OVER, state_since__lt=first)
        .select_related("donor", "donor__organisation", "fund_holder")
        .prefetch_related("items", Prefetch("conditions", Condition.objects.order_by("-hard", "pk")))
    )
    rows = rows.filter(state=state) if state else rows
    number = 0
    for batch in batches(rows):
        for row in batch:
            number += 1
            item = row.items.all()[0]
            counters = (
                row.quantity,
                row.available,
                row.reserved,
                row.disbursed,
                row.returned,
                row.written_off,
            )
            yield (
                number,
                row.public_id,
                row.donor.public_name,
                row.get_origin_display(),
                row.title,
                row.get_kind_display(),
                item.label,
                item.unit_label,
                *(amount(value, item) for value in counters),
                _value(row),
                use_words(row, item),
                row.document_no,
                row.budget_line,
                row.fund_holder.name if row.fund_holder else "",
                row.valid_until,
                LotState(row.state).label,
            )


def _value(lot: Lot) -> Decimal | None:
    """Money is worth its sum; of other things what the donor could show."""
    if lot.is_money:
        return yuan(lot.quantity)
    return None if lot.fair_value is None else yuan(lot.fair_value)
