"""The four ledgers of this release: households G01, needs G07, resources G10, projects G12 (domain §7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Prefetch, Q, Subquery
from django.utils.translation import pgettext_lazy

from common.clock import SHANGHAI
from common.masking import mask_name
from donors.enums import LotState
from donors.models import Lot
from evaluation.enums import Grade
from evaluation.models import Evaluation
from households.enums import ENDED, HouseholdState, NeedState
from households.models import Household, HouseholdYear, Member, Need
from households.services.ending import RELEASING
from projects.enums import ProjectState
from projects.models import Project
from reference.coding import TRIAL_PREFIX
from reference.enums import ItemKind
from reference.models import Item
from reference.queries import labels, path_labels
from reports.registry import Kind, register

CHUNK = 2000
NOT_NAMED = pgettext_lazy("report", "(not on record)")
# Who lives there, and of a file that has ended who lived there when it did.
OF_THE_FILE = Member.objects.filter(
    Q(live=True) | Q(household__state__in=list(ENDED), ended_reason__in=list(RELEASING))
)


def _moments(start: date, end: date) -> tuple[datetime, datetime]:
    first, last = (datetime.combine(day, time(), tzinfo=SHANGHAI) for day in (start, end))
    return first, last


def _batches(queryset: Any) -> Iterator[list[Any]]:
    """Rows in the order of their numbers, a batch at a time: flat memory for any size."""
    last = 0
    while batch := list(queryset.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield batch
        last = batch[-1].pk


def _yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def _amount(quantity: int, item: Item) -> int | Decimal:
    """In the item's unit: yuan with their fen, a whole count whole, a part of a unit as exact as it is."""
    if item.kind == ItemKind.MONEY:
        return _yuan(quantity)
    whole, rest = divmod(quantity, item.unit_factor)
    return whole if not rest else Decimal(quantity) / item.unit_factor


def household_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Households on file before the end of the period; names masked."""
    _first, last = _moments(start, end)
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
    for batch in _batches(rows):
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
                row.per_capita,
                row.filed_at,
                HouseholdState(row.state).label,
                row.worker.name if row.worker else "",
            )


def need_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Needs raised before the end of the period and not closed before its start."""
    first, last = _moments(start, end)
    rows = (
        Need.objects.visible_to(user)
        .filter(
            Q(closed_at__isnull=True) | Q(closed_at__gte=first), area__startswith=area, created_at__lt=last
        )
        .exclude(area__startswith=TRIAL_PREFIX)
        .select_related("item", "household")
    )
    rows = rows.filter(state=state) if state else rows
    categories = labels("need_category")
    number = 0
    for batch in _batches(rows):
        places = path_labels({row.area for row in batch})
        for row in batch:
            number += 1
            yield (
                number,
                places.get(row.area, row.area),
                row.number,
                row.household.number,
                categories.get(row.item.category, row.item.category),
                row.item.label,
                *(_amount(value, row.item) for value in (row.requested, row.reserved, row.delivered)),
                row.item.unit_label,
                row.severity,
                row.get_urgency_display(),
                row.opened_at,
                row.deadline,
                row.state_label,
            )


def lot_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Resources offered for the area or for everywhere; donors by the name they chose to show."""
    first, last = _moments(start, end)
    reach = Q(area_prefix__startswith=area) | Q(
        area_prefix__in=[area[:length] for length in range(len(area))]
    )
    rows = (
        Lot.objects.visible_to(user)
        .filter(reach, listed_at__isnull=False, listed_at__lt=last)
        .filter(Q(valid_until__isnull=True) | Q(valid_until__gte=first.date()))
        .select_related("donor", "donor__organisation", "fund_holder")
        .prefetch_related("items")
    )
    rows = rows.filter(state=state) if state else rows
    number = 0
    for batch in _batches(rows):
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
                item.label,
                item.unit_label,
                *(_amount(value, item) for value in counters),
                row.document_no,
                row.budget_line,
                row.fund_holder.name if row.fund_holder else "",
                row.valid_until,
                LotState(row.state).label,
            )


def project_rows(user: Any, area: str, start: date, end: date, state: str) -> Iterator[tuple[Any, ...]]:
    """Projects running in the period, with the result of their last evaluation."""
    final = Evaluation.objects.filter(project=OuterRef("pk"), final_at__isnull=False).order_by("-final_at")
    rows = (
        Project.objects.visible_to(user)
        .filter(place__startswith=area, start__lt=end, end__gte=start)
        .annotate(
            last_score=Subquery(final.values("score")[:1]), last_grade=Subquery(final.values("grade")[:1])
        )
        .select_related("agency__organisation", "fund_holder__organisation")
    )
    rows = rows.filter(state=state) if state else rows.exclude(state=ProjectState.DRAFT)
    number = 0
    for batch in _batches(rows):
        places = path_labels({row.place for row in batch})
        for row in batch:
            number += 1
            yield (
                number,
                row.number,
                row.title,
                places.get(row.place, row.place),
                row.agency.organisation.name,
                row.fund_holder.organisation.name if row.fund_holder else "",
                row.households_planned,
                _yuan(row.funds),
                row.start,
                row.end,
                row.last_score,
                Grade(row.last_grade).label if row.last_grade else "",
                ProjectState(row.state).label,
            )


MASKING = (
    pgettext_lazy("report", "Masking"),
    pgettext_lazy(
        "report",
        "Names are shortened; identity, telephone and bank numbers, addresses and health are not in here.",
    ),
)
PEOPLE = (
    pgettext_lazy("report", "Households and people"),
    pgettext_lazy(
        "report",
        "Households count by the place of their file, people by the members of the file; never mixed.",
    ),
)

register(
    Kind(
        "G01",
        pgettext_lazy("report", "Households on file"),
        (
            pgettext_lazy("report column", "No."),
            pgettext_lazy("report column", "County, township, village"),
            pgettext_lazy("report column", "Village group"),
            pgettext_lazy("report column", "File number"),
            pgettext_lazy("report column", "Head (masked)"),
            pgettext_lazy("report column", "People"),
            pgettext_lazy("report column", "Household category"),
            pgettext_lazy("report column", "Main cause"),
            pgettext_lazy("report column", "Other causes"),
            pgettext_lazy("report column", "Net income per head (yuan)"),
            pgettext_lazy("report column", "Filed on"),
            pgettext_lazy("report column", "State"),
            pgettext_lazy("report column", "Worker in charge"),
        ),
        household_rows,
        tuple(HouseholdState.choices),
        (
            (
                pgettext_lazy("report", "What is counted"),
                pgettext_lazy(
                    "report",
                    "Families on record before the end of the period, in the area and below it; no trial surveys.",
                ),
            ),
            PEOPLE,
            (
                pgettext_lazy("report", "People of a file"),
                pgettext_lazy(
                    "report",
                    "Those who live there; of a file that ended, those it had then. Empty: nobody is recorded.",
                ),
            ),
            MASKING,
            (
                pgettext_lazy("report", "Net income per head"),
                pgettext_lazy(
                    "report", "That of the latest year; an empty cell means not recorded, never zero."
                ),
            ),
        ),
    )
)
register(
    Kind(
        "G07",
        pgettext_lazy("report", "Needs"),
        (
            pgettext_lazy("report column", "No."),
            pgettext_lazy("report column", "County, township, village"),
            pgettext_lazy("report column", "Need number"),
            pgettext_lazy("report column", "File number"),
            pgettext_lazy("report column", "Category"),
            pgettext_lazy("report column", "Item"),
            pgettext_lazy("report column", "Quantity needed"),
            pgettext_lazy("report column", "Promised"),
            pgettext_lazy("report column", "Delivered"),
            pgettext_lazy("report column", "Unit"),
            pgettext_lazy("report column", "Severity"),
            pgettext_lazy("report column", "How soon"),
            pgettext_lazy("report column", "Opened on"),
            pgettext_lazy("report column", "Needed by"),
            pgettext_lazy("report column", "State"),
        ),
        need_rows,
        tuple(NeedState.choices),
        (
            (
                pgettext_lazy("report", "What is counted"),
                pgettext_lazy(
                    "report",
                    "Needs raised before the end of the period and not closed before its start; no trial surveys.",
                ),
            ),
            MASKING,
            (
                pgettext_lazy("report", "Severity"),
                pgettext_lazy(
                    "report",
                    "5 is the most severe, 1 the least; a rule derives it from grade, risk and deadline.",
                ),
            ),
        ),
    )
)
register(
    Kind(
        "G10",
        pgettext_lazy("report", "Resources and gifts"),
        (
            pgettext_lazy("report column", "No."),
            pgettext_lazy("report column", "Offer number"),
            pgettext_lazy("report column", "Given by"),
            pgettext_lazy("report column", "Source"),
            pgettext_lazy("report column", "Title"),
            pgettext_lazy("report column", "Item"),
            pgettext_lazy("report column", "Unit"),
            pgettext_lazy("report column", "In all"),
            pgettext_lazy("report column", "Free"),
            pgettext_lazy("report column", "Kept for families"),
            pgettext_lazy("report column", "Received by families"),
            pgettext_lazy("report column", "Given back"),
            pgettext_lazy("report column", "Written off"),
            pgettext_lazy("report column", "Document number"),
            pgettext_lazy("report column", "Budget line"),
            pgettext_lazy("report column", "Fund holder"),
            pgettext_lazy("report column", "Valid until"),
            pgettext_lazy("report column", "State"),
        ),
        lot_rows,
        tuple(LotState.choices),
        (
            (
                pgettext_lazy("report", "What is counted"),
                pgettext_lazy("report", "Offers open to the area and valid in the period."),
            ),
            (
                pgettext_lazy("report", "The sum"),
                pgettext_lazy(
                    "report",
                    "In all = free + kept for families + received by families + given back + written off.",
                ),
            ),
            (
                pgettext_lazy("report", "Given by"),
                pgettext_lazy("report", "The name a donor agreed to show; without that, a kind person."),
            ),
        ),
    )
)
register(
    Kind(
        "G12",
        pgettext_lazy("report", "Projects and their results"),
        (
            pgettext_lazy("report column", "No."),
            pgettext_lazy("report column", "Project number"),
            pgettext_lazy("report column", "Project"),
            pgettext_lazy("report column", "Place"),
            pgettext_lazy("report column", "Agency"),
            pgettext_lazy("report column", "Fund holder"),
            pgettext_lazy("report column", "Households planned"),
            pgettext_lazy("report column", "Funds (yuan)"),
            pgettext_lazy("report column", "From"),
            pgettext_lazy("report column", "Until"),
            pgettext_lazy("report column", "Score"),
            pgettext_lazy("report column", "Grade"),
            pgettext_lazy("report column", "State"),
        ),
        project_rows,
        tuple(ProjectState.choices),
        (
            (
                pgettext_lazy("report", "What is counted"),
                pgettext_lazy("report", "Projects that run in the period, without drafts."),
            ),
            (
                pgettext_lazy("report", "Score"),
                pgettext_lazy(
                    "report", "That of the last final evaluation; an empty cell means there is none yet."
                ),
            ),
        ),
    )
)
