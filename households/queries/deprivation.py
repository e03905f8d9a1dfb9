"""The register as deprivation profiles: one row for every answer pattern, counted by the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import StrIndex, Substr

from households.enums import ENDED
from households.measures.alkire_foster import Profile
from households.models import HouseholdYear
from reference.coding import within

LEVELS = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}


PLATFORM = "platform"  # families who came by an application, not from a file


def register_sources(*, region: str = "", year: int | None = None) -> list[str]:
    """Where the households with facts come from: the source their mapping names, or the platform itself."""
    beginning = Substr("household__source_ref", 1, StrIndex("household__source_ref", Value(":")))
    found = _facts(region, year).annotate(origin=beginning).order_by().values_list("origin", flat=True)
    return sorted({origin.rstrip(":") or PLATFORM for origin in found.distinct()})


def register_profiles(
    indicators: list[str],
    *,
    persons: bool,
    level: str | None,
    year: int | None = None,
    source: str | None = None,
    region: str = "",
) -> Iterator[Profile]:
    """Every household on file (but those never filed and gone), by its newest year or the one given."""
    rows: Any = _facts(region, year)
    if source is not None:
        rows = rows.filter(_from(source))
    if year is None:
        newer = HouseholdYear.objects.filter(household=OuterRef("household"), year__gt=OuterRef("year"))
        rows = rows.filter(~Exists(newer))
    group = Substr("household__area", 1, LEVELS[level]) if level else Value("")
    found = (
        rows.annotate(place=group)
        .values("place", *indicators)
        .annotate(households=Count("pk"), people=Sum(F("size")))
        .order_by()
    )
    for row in found.iterator():
        yield Profile(
            deprived={name: row[name] for name in indicators},
            households=row["people"] if persons else row["households"],
            persons=row["people"],
            group=row["place"] or None,
        )


def _facts(region: str, year: int | None) -> QuerySet[HouseholdYear]:
    rows = HouseholdYear.objects.exclude(household__state__in=list(ENDED))
    rows = rows.filter(within("household__area", region))
    return rows if year is None else rows.filter(year=year)


def _from(source: str) -> Q:
    if source == PLATFORM:
        return Q(household__source_ref="")
    return Q(household__source_ref__startswith=f"{source}:")
