"""From the code as it was registered to the division of today."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from reference import coding
from reference.models import Division
from reference.models.divisions import DivisionQuerySet

COUNTY_LENGTH = 6


def resolve(code: str, *, on: date | None = None) -> list[Division]:
    """Today's divisions of a registered code: one is certain, several are ambiguous, none is unknown.

    A code in force is itself. An ended one is followed through its successors; with `on` (the day of
    registration) parts that had left before are not candidates. A township or village that is not known
    stands for the nearest division above it that is.
    """
    while code:
        rows = _rows([code])
        if options := _options(code, rows):
            start = _in_year(options, on.year) if on else options[0]
            return sorted(_follow(start or options[0], on), key=lambda row: row.code)
        if len(code) <= COUNTY_LENGTH or coding.level_of(code) is None:
            return []
        code = coding.parent_code(code)
    return []


def ended_between(first: date, last: date) -> DivisionQuerySet:
    """Codes that changed or ended in the half-open period."""
    return (
        Division.objects.ended().filter(valid_to__gte=first, valid_to__lt=last).order_by("code", "valid_to")
    )


def ambiguous_between(first: date, last: date) -> dict[str, list[Division]]:
    """Codes that ended in the period and went to more than one division of today: a person must choose."""
    found = {row.code: resolve(row.code, on=row.valid_from) for row in ended_between(first, last)}
    return {code: options for code, options in found.items() if len(options) > 1}


def _follow(start: Division, on: date | None) -> list[Division]:
    found: dict[str, Division] = {}
    seen = {start.pk}
    open_rows = [start]
    while open_rows:
        found.update({row.code: row for row in open_rows if row.valid_to is None})
        steps = [
            (str(step["code"]), int(step["year"]))
            for row in open_rows
            if row.valid_to is not None
            for step in row.successors
            if on is None or step["year"] >= on.year
        ]
        rows = _rows(code for code, _year in steps)
        reached = {
            row.pk: row
            for code, year in steps
            if (row := _in_year(_options(code, rows), year)) and row.pk not in seen
        }
        seen.update(reached)
        open_rows = list(reached.values())
    return list(found.values())


def _rows(codes: Iterable[str]) -> dict[str, list[Division]]:
    """Every period of these codes in all their spellings, the present one first."""
    wanted = {spelling for code in codes for spelling in coding.spellings(code)}
    rows: dict[str, list[Division]] = {}
    for row in Division.objects.filter(code__in=wanted).order_by("code", "valid_to"):
        rows.setdefault(row.code, []).append(row)
    return {code: sorted(found, key=_newest_first) for code, found in rows.items()}


def _newest_first(row: Division) -> int:
    return -row.valid_to.toordinal() if row.valid_to else -date.max.toordinal()


def _options(code: str, rows: dict[str, list[Division]]) -> list[Division]:
    return next((rows[spelling] for spelling in coding.spellings(code) if spelling in rows), [])


def _in_year(options: list[Division], year: int) -> Division | None:
    """The period in force at the end of a year, else the next one after it, else the newest."""
    day = date(year, 12, 31)
    later = [row for row in options if row.valid_from is not None and row.valid_from > day]
    valid = [row for row in options if row.valid_on(day)]
    return next(iter([*valid, *reversed(later), *options]), None)
