"""The figures of a file, added up a part at a time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from typing import Any

from households.imports.checking import ReadHousehold, common_prefix, tally
from households.imports.mapping import HouseholdMapping


class Sums:
    """What the check counted; households are named by their keys where a report names them."""

    def __init__(self, mapping: HouseholdMapping) -> None:
        self.watched = {column: {"missing": 0, "zero": 0} for column in mapping.watched}
        self.findings: Counter[str] = Counter()
        self.no_head: list[str] = []
        self.disagree: list[str] = []
        self.rows = self.households = self.left_out = self.waiting = 0
        self.unclassified = self.members_ready = self.households_ready = 0
        self._ends: list[str] = []  # the first and the last area of households without a fault

    def add(self, part: Iterable[ReadHousehold]) -> None:
        for household in part:
            self._add(household)
        self.findings.update(tally(part))

    def _add(self, household: ReadHousehold) -> None:
        self.households += 1
        self.rows += len(household.rows)
        for column, counted in self.watched.items():
            for _line, row in household.rows:
                text = row.get(column, "")
                counted["missing"] += not text
                counted["zero"] += _is_zero(text)
        if household.has("no_head"):
            self.no_head.append(household.key)
        if household.has("disagrees"):
            self.disagree.append(household.key)
        self.unclassified += household.unclassified
        if household.faulty:
            self.left_out += 1
            return
        areas = [area for area in (*self._ends, household.area) if area]
        self._ends = [min(areas), max(areas)] if areas else []
        if household.waits:
            self.waiting += 1
        else:
            self.households_ready += 1
            self.members_ready += len(household.members)

    @property
    def area(self) -> str:
        """The smallest division that holds every household without a fault."""
        return common_prefix(self._ends)

    @property
    def standing(self) -> int:
        return self.households - self.left_out

    def summary(self) -> dict[str, Any]:
        return {
            "left_out": self.left_out,
            "waiting": self.waiting,
            "members_ready": self.members_ready,
            "no_head": len(self.no_head),
            "unclassified": self.unclassified,
            "disagree": len(self.disagree),
            "watched": self.watched,
        }


def _is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False
