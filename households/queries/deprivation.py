"""The register as deprivation profiles: one row for every answer pattern, counted by the database."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Sum, Value
from django.db.models.functions import Substr

from households.enums import ENDED
from households.measures.alkire_foster import Profile
from households.models import HouseholdYear

LEVELS = {"province": 2, "prefecture": 4, "county": 6, "township": 9, "village": 12}


def register_profiles(
    indicators: list[str], *, persons: bool, level: str | None, year: int | None = None
) -> Iterator[Profile]:
    """Every household on file (but those never filed and gone), by its newest year or the one given."""
    rows: Any = HouseholdYear.objects.exclude(household__state__in=list(ENDED))
    if year is None:
        newer = HouseholdYear.objects.filter(household=OuterRef("household"), year__gt=OuterRef("year"))
        rows = rows.filter(~Exists(newer))
    else:
        rows = rows.filter(year=year)
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
