"""The last row of a report: what can be added up, below the rows as they pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import pgettext

from reports.registry import Kind


class Totals:
    """Counts the rows that pass, adds up the columns a report names and counts what differs in others."""

    def __init__(self, kind: Kind) -> None:
        self.width = len(kind.columns)
        self.count = 0
        self.sums: dict[int, int | Decimal] = {kind.columns.index(column): 0 for column in kind.sums}
        self.words = {kind.columns.index(column): words for column, words in kind.counts}
        self.different: dict[int, set[Any]] = {place: set() for place in self.words}

    def under(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """The rows, and below them their totals; nothing is added up where there is no row."""
        for row in rows:
            self.count += 1
            for place in self.sums:
                self.sums[place] += row[place] or 0
            for place, values in self.different.items():
                values.add(row[place])
            yield row
        if (self.sums or self.words) and self.count:
            yield (pgettext("report", "Total"), *(self._under(place) for place in range(1, self.width)))

    def _under(self, place: int) -> int | Decimal | str | None:
        if place in self.words:
            return self.words[place] % {"number": len(self.different[place])}
        return self.sums.get(place)
