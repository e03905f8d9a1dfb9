"""Reading code lists and items."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from common import clock
from reference.models import Code, CodeList, Item
from reference.models.vocabulary import localised


def codes(
    list_slug: str, *, on: date | None = None, area: str = "", parent: str | None = None
) -> QuerySet[Any]:
    """The values one may choose on a day in an area: those in force of the newest version in force."""
    day = on or clock.today()
    version = (
        CodeList.objects.filter(_in_force(day), _of_area(area), slug=list_slug)
        .order_by("-valid_from")
        .first()
    )
    rows = Code.objects.filter(_in_force(day), _of_area(area), code_list=version).order_by("position")
    return rows if parent is None else rows.filter(parent_slug=parent)


def choices(
    list_slug: str,
    *,
    on: date | None = None,
    area: str = "",
    parent: str | None = None,
    for_household: bool = False,
) -> list[tuple[str, str]]:
    """(slug, label) pairs for a form; words that may hurt are not offered to a household."""
    rows = codes(list_slug, on=on, area=area, parent=parent)
    if for_household:
        rows = rows.filter(staff_only=False)
    return [(row.slug, row.label) for row in rows]


def labels(list_slug: str) -> dict[str, str]:
    """The label of every slug a list ever had, in one query; the newest version's wording wins."""
    rows = Code.objects.filter(code_list__slug=list_slug).order_by("code_list__version", "position")
    return {slug: localised(zh, en) for slug, zh, en in rows.values_list("slug", "label_zh", "label_en")}


def label_of(list_slug: str, slug: str) -> str:
    """The label of one slug; the slug itself when it is unknown. For a list of rows use `labels`."""
    return labels(list_slug).get(slug, slug)


def from_external(list_slug: str, *, system: str, number: str) -> str | None:
    """The slug for a foreign number of a named system ("jiangsu-2010" 2); None when it is unknown or not unique."""
    rows = Code.objects.filter(code_list__slug=list_slug).values_list("slug", "external_codes")
    found = {slug for slug, external in rows if external.get(system) == number}
    return found.pop() if len(found) == 1 else None


def items(*, category: str = "", sub_type: str = "") -> QuerySet[Any]:
    """The items one may need or give."""
    rows = Item.objects.order_by("category", "id")
    if category:
        rows = rows.filter(category=category)
    return rows.filter(sub_type=sub_type) if sub_type else rows


def get_item(slug: str) -> Item:
    """The item of this slug; it must exist."""
    return Item.objects.get(slug=slug)


def _in_force(day: date) -> Q:
    return (Q(valid_from__isnull=True) | Q(valid_from__lte=day)) & (
        Q(valid_to__isnull=True) | Q(valid_to__gt=day)
    )


def _of_area(area: str) -> Q:
    """Valid everywhere, or in a jurisdiction that contains the area."""
    return Q(jurisdiction__in=["", *(area[:length] for length in (2, 4, 6) if len(area) >= length)])
