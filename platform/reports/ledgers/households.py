"""G01, the ledger of households."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils.translation import pgettext_lazy

from common.masking import mask_name
from households.enums import ENDED, HouseholdState
from households.models import Household, HouseholdYear, Member
from households.services.ending import RELEASING
from reference.coding import TRIAL_PREFIX
from reference.queries import labels, path_labels
from reports.ledgers.parts import batches, moments, two_places

NOT_NAMED = pgettext_lazy("report", "(not on record)")
# Who lives there, and of a file that has ended who lived there when it did.
OF_THE_FILE = Member.objects.filter(
    Q(live=True) | Q(household__state__in=list(ENDED), ended_reason__in=list(RELEASING))
)


def household_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Households on file before the end of the period; names masked."""
    _first, last = moments(start, end)
    latest = HouseholdYear.objects.filter(household=OuterRef("pk"), year__lt=end.year + 1).order_by("-year")
    rows = (
        Household.objects.visible_to(user)
        .filter(area__startswith=area, created_at__lt=last)
        .exclude(area__startswith=TRIAL_PREFIX)
        .annotate(per_capita=Subquery(latest.values("per_capita")[:1]))
        .select_related("worker")
        .prefetch_related(Prefetch("members", OF_THE_FILE.order_by("pk"), to_attr="people"))
    )
    rows = rows.filter(state=state) if state else rows
    causes, categories = labels("cause"), labels("household_attribute")
    number = 0
    for batch in batches(rows):
        places = path_labels({row.area for row in batch})
        for row in batch:
            number += 1
            head = next((person for person in row.people if person.is_head), None)
            others = [causes.get(code, code) for code in (row.cause_second, row.cause_third) if code]
            yield (
                number,
                places.get(row.area, row.area),
                row.group,
                row.number,
                mask_name(head.name) if head else str(NOT_NAMED),
                len(row.people) or None,
                categories.get(row.category, row.category),
                causes.get(row.cause_main, row.cause_main),
                "、".join(str(label) for label in others),
                two_places(row.per_capita),
                row.filed_at,
                HouseholdState(row.state).label,
                row.worker.name if row.worker else "",
            )
