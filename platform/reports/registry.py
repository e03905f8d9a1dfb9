"""The catalogue of reports: each a grain, its columns with the official names, and where its rows come from."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Rows = Callable[..., Iterable[tuple[Any, ...]]]


@dataclass(frozen=True)
class Column:
    """The heading as the office writes it, and whether it is a number."""

    heading: str
    kind: str = "text"


@dataclass(frozen=True)
class Kind:
    """One report: `rows(user, area, start, end, state)` yields tuples in the order of the columns."""

    code: str
    title: str
    columns: tuple[Column, ...]
    rows: Rows
    states: tuple[tuple[str, str | _StrPromise], ...]
    definitions: tuple[tuple[str, str], ...]


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    _kinds[kind.code] = kind
    return kind


def kinds() -> dict[str, Kind]:
    """Every report by its code."""
    return dict(sorted(_kinds.items()))


def period_of(text: str) -> tuple[date, date] | None:
    """`2026`, `2026Q3` or `2026-09` as a half-open period of days; None when it cannot be read."""
    year, _, rest = text.partition("Q")
    if rest in {"1", "2", "3", "4"} and year.isdigit() and len(year) == 4:
        first = 3 * int(rest) - 2
        return date(int(year), first, 1), _month_after(int(year), first + 2)
    year, _, month = text.partition("-")
    if not (year.isdigit() and len(year) == 4 and 1900 < int(year) < 9999):
        return None
    if not month:
        return date(int(year), 1, 1), date(int(year) + 1, 1, 1)
    if month.isdigit() and 1 <= int(month) <= 12:
        return date(int(year), int(month), 1), _month_after(int(year), int(month))
    return None


def _month_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)
