"""The last row of a report: what can be added up, below the rows as they pass."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal
from typing import Any

from django.utils.translation import pgettext

from reports.registry import Kind


class Totals:
    """Counts the rows that pass and adds up the columns a report names."""

    def __init__(self, kind: Kind) -> None:
        self.width = len(kind.columns)
        self.count = 0
        self.sums: dict[int, int | Decimal] = {kind.columns.index(column): 0 for column in kind.sums}

    def under(self, rows: Iterable[tuple[Any, ...]]) -> Iterator[tuple[Any, ...]]:
        """The rows, and below them their totals; nothing is added up where there is no row."""
        for row in rows:
            self.count += 1
            for place in self.sums:
                self.sums[place] += row[place] or 0
            yield row
        if self.sums and self.count:
            yield (pgettext("report", "Total"), *(self.sums.get(place) for place in range(1, self.width)))
