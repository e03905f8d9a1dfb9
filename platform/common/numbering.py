"""Readable numbers for paper and telephone, per county and year: `A-990101-2026-00012`."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import F

from common.clock import day_of
from common.models import NumberSeries


def next_number(kind: str, area: str, at: datetime) -> str:
    """The next number of a kind in a county and year; inside the caller's transaction, so no number is lost."""
    county = (area[:6] or "000000").ljust(6, "0")
    year = day_of(at).year
    series = {"kind": kind, "area": county, "year": year}
    if not NumberSeries.objects.filter(**series).update(last=F("last") + 1):
        try:
            with transaction.atomic():
                NumberSeries.objects.create(**series, last=1)
        except IntegrityError:
            NumberSeries.objects.filter(**series).update(last=F("last") + 1)
    last = NumberSeries.objects.filter(**series).values_list("last", flat=True)[0]
    return f"{kind}-{county}-{year}-{last:05d}"
