"""Readable numbers for paper and telephone, per county and year: `A-990101-2026-00012`."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from common.clock import day_of
from common.models import NumberSeries


def next_number(kind: str, area: str, at: datetime) -> str:
    """The next number of a kind in a county and year; inside the caller's transaction, so no number is lost."""
    return next_numbers(kind, [area], at)[0]


def next_numbers(kind: str, areas: Sequence[str], at: datetime) -> list[str]:
    """One number for each of these places in their order: each county's series moves on once for all of them."""
    counties = [(area[:6] or "000000").ljust(6, "0") for area in areas]
    year = day_of(at).year
    ahead = {
        county: itertools.count(_taken(kind, county, year, count) - count + 1)
        for county, count in sorted(Counter(counties).items())
    }
    return [f"{kind}-{county}-{year}-{next(ahead[county]):05d}" for county in counties]


def _taken(kind: str, county: str, year: int, count: int) -> int:
    """The last of so many numbers that are taken from a series now."""
    series = {"kind": kind, "area": county, "year": year}
    if not NumberSeries.objects.filter(**series).update(last=F("last") + count):
        try:
            with transaction.atomic():
                NumberSeries.objects.create(**series, last=count)
        except IntegrityError:
            NumberSeries.objects.filter(**series).update(last=F("last") + count)
    last: int = NumberSeries.objects.filter(**series).values_list("last", flat=True)[0]
    return last
