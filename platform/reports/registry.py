"""The catalogue of reports: each a grain, its columns in the language of whoever asks, and where its rows come from."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

Rows = Callable[..., Iterable[tuple[Any, ...]]]
PERIOD = re.compile(r"(?P<year>19[0-9]{2}|20[0-9]{2})(?:Q(?P<quarter>[1-4])|-(?P<month>0[1-9]|1[0-2]))?")


@dataclass(frozen=True)
class Kind:
    """One report: `rows(user, area, start, end, state)` yields tuples in the order of the columns.

    `sums` are the columns whose figures add up to something: one unit, counted once.
    `counts` are the columns whose different values are counted, each with its words for the number.
    """

    code: str
    title: _StrPromise
    columns: tuple[_StrPromise, ...]
    rows: Rows
    states: tuple[tuple[str, str | _StrPromise], ...]
    definitions: tuple[tuple[_StrPromise, _StrPromise], ...]
    sums: tuple[_StrPromise, ...] = ()
    counts: tuple[tuple[_StrPromise, _StrPromise], ...] = ()

    def state_in_words(self, state: str) -> str:
        """The state the rows were chosen by; without one, all of them."""
        return str(dict(self.states).get(state, state)) or gettext("All")


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> Kind:
    _kinds[kind.code] = kind
    return kind


def kinds() -> dict[str, Kind]:
    """Every report by its code."""
    return dict(sorted(_kinds.items()))


def period_of(text: str) -> tuple[date, date] | None:
    """`2026`, `2026Q3` or `2026-09` as a half-open period of days; None when it cannot be read."""
    found = PERIOD.fullmatch(text)
    if found is None:
        return None
    year = int(found["year"])
    if found["quarter"]:
        first = 3 * int(found["quarter"]) - 2
        return date(year, first, 1), _month_after(year, first + 2)
    if found["month"]:
        return date(year, int(found["month"]), 1), _month_after(year, int(found["month"]))
    return date(year, 1, 1), date(year + 1, 1, 1)


def file_name(code: str, area: str, period: str, state: str, format: str) -> str:
    """Two files of different rows never bear one name: the chosen state is part of it."""
    return "-".join(part for part in (code, area, period, state) if part) + f".{format}"


def _month_after(year: int, month: int) -> date:
    return date(year + month // 12, month % 12 + 1, 1)
