"""Targeting, tried out before it is done: for a rule and a budget, who would be in, who out, and who wrongly so.

Households are served in the order of the rule until the budget is spent. Where several share the place at its end each
is counted with the share of them that can be served: no lot is drawn, and every figure is exact. Nothing here names a
household, and no count under five leaves (`suppressed`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

LEAST = 5  # a smaller count could point at a family
REST = "…"  # small groups together
CELLS = ("in_poor", "in_other", "out_poor", "out_other")
Number = int | Fraction


@dataclass(frozen=True)
class Case:
    """A household before the rule: how urgent it is (None: nobody can say), what is known, whom it stands for."""

    urgency: Number | None
    poor: bool | None
    group: str = ""
    weight: Number = 1
    cost: Number = 1
    eligible: bool = True


@dataclass(frozen=True)
class Counts:
    """Households in and out by the known outcome; `unknown` have none and are in no error."""

    cells: Mapping[str, Fraction]
    served: Fraction
    total: Fraction
    unscored: Fraction
    unknown: Fraction

    @property
    def poor(self) -> Fraction:
        return self.cells["in_poor"] + self.cells["out_poor"]

    @property
    def exclusion(self) -> Fraction | None:
        """Of those it is meant for, the share left out."""
        return self.cells["out_poor"] / self.poor if self.poor else None

    @property
    def inclusion(self) -> Fraction | None:
        """Of those served, the share it is not meant for."""
        judged = self.cells["in_poor"] + self.cells["in_other"]
        return self.cells["in_other"] / judged if judged else None


@dataclass(frozen=True)
class Simulation:
    """What a rule and a budget come to, over everybody and by group."""

    everybody: Counts
    groups: Mapping[str, Counts] = field(default_factory=dict)
    spent: Fraction = Fraction(0)
    left: Fraction = Fraction(0)
    border: Number | None = None  # the last urgency anybody is served at
    at_border: Fraction = Fraction(0)  # households that share it
    border_share: Fraction = Fraction(1)  # and the share of them there is room for


def simulate(cases: Iterable[Case], *, budget: Number) -> Simulation:
    """Serve the most urgent first, each at its cost, until the budget is spent."""
    listed = list(cases)
    ladder: dict[Number, list[Case]] = defaultdict(list)
    for case in listed:
        if case.urgency is not None and case.eligible:
            ladder[case.urgency].append(case)
    left, shares = Fraction(budget), dict[Number, Fraction]()
    border, at_border, border_share = None, Fraction(0), Fraction(1)
    for urgency in sorted(ladder, reverse=True):
        asked = Fraction(sum(case.weight * case.cost for case in ladder[urgency]))
        share = Fraction(1) if asked <= left else left / asked
        if not share:
            break
        shares[urgency], left = share, left - asked * share
        border, border_share = urgency, share
        at_border = Fraction(sum(case.weight for case in ladder[urgency]))
        if share < 1:
            break
    everybody, groups = _Sums(), defaultdict[str, _Sums](_Sums)
    for case in listed:
        share = (
            shares.get(case.urgency, Fraction(0))
            if case.urgency is not None and case.eligible
            else Fraction(0)
        )
        everybody.add(case, share)
        if case.group:
            groups[case.group].add(case, share)
    return Simulation(
        everybody.counts(),
        {name: sums.counts() for name, sums in sorted(groups.items())},
        Fraction(budget) - left,
        left,
        border,
        at_border,
        border_share,
    )


class _Sums:
    def __init__(self) -> None:
        self.cells = dict.fromkeys(CELLS, Fraction(0))
        self.served = self.total = self.unscored = self.unknown = Fraction(0)

    def add(self, case: Case, share: Fraction) -> None:
        self.total += case.weight
        self.served += case.weight * share
        if case.urgency is None:
            self.unscored += case.weight
        if case.poor is None:
            self.unknown += case.weight
            return
        kind = "poor" if case.poor else "other"
        self.cells[f"in_{kind}"] += case.weight * share
        self.cells[f"out_{kind}"] += case.weight * (1 - share)

    def counts(self) -> Counts:
        return Counts(dict(self.cells), self.served, self.total, self.unscored, self.unknown)


def suppressed(rows: Mapping[str, Sequence[Number]]) -> set[tuple[str, int]]:
    """The cells of a table with totals at both edges that must not be shown.

    Those above nothing and under five, and beside each lonely one the smallest other of its row or column, or it could
    be reckoned back from the total.
    """
    hidden = {
        (name, place)
        for name, cells in rows.items()
        for place, value in enumerate(cells)
        if 0 < value < LEAST
    }
    width = max((len(cells) for cells in rows.values()), default=0)
    ranks = [[(name, place) for place in range(width)] for name in rows]
    ranks += [[(name, place) for name in rows] for place in range(width)]
    changed = True
    while changed:
        changed = False
        for rank in ranks:
            gone = [cell for cell in rank if cell in hidden]
            others = [cell for cell in rank if cell not in hidden and rows[cell[0]][cell[1]]]
            if len(gone) == 1 and others:
                hidden.add(min(others, key=lambda cell: (rows[cell[0]][cell[1]], cell)))
                changed = True
    return hidden


def told(simulation: Simulation) -> dict[str, Any]:
    """The figures without any count a family could be found by; None stands for such a one."""
    everybody = simulation.everybody
    rows = {"": [everybody.cells[name] for name in CELLS]}
    whole = suppressed(rows)
    shown = _together(simulation.groups)
    table = {name: [counts.cells[cell] for cell in CELLS] for name, counts in shown.items()}
    parts = suppressed(table)
    hidden_all = {place for _name, place in whole}
    groups = {
        name: _shown(counts, {place for row, place in parts if row == name} | hidden_all)
        for name, counts in shown.items()
    }
    return {
        **_shown(everybody, hidden_all),
        "spent": _plain(simulation.spent),
        "left": _plain(simulation.left),
        "border": _plain(simulation.border),
        "at_border": _safe(simulation.at_border),
        "border_share": _plain(simulation.border_share) if simulation.at_border >= LEAST else None,
        "gap": {
            name: _gap([group[name] for group in groups.values()])
            for name in ("served_share", "exclusion_error", "inclusion_error")
        },
        "groups": groups,
    }


def _together(groups: Mapping[str, Counts]) -> dict[str, Counts]:
    """Groups of fewer than five as one, with the next smallest if that alone is not enough to hide in."""
    small = {name for name, counts in groups.items() if counts.total < LEAST}
    by_size = sorted(
        (name for name in groups if name not in small), key=lambda name: (groups[name].total, name)
    )
    while small and by_size and sum(groups[name].total for name in small) < LEAST:
        small.add(by_size.pop(0))
    if not small:
        return dict(groups)
    parts = [groups[name] for name in small]
    rest = Counts(
        {cell: sum((part.cells[cell] for part in parts), Fraction(0)) for cell in CELLS},
        *(
            sum((getattr(part, name) for part in parts), Fraction(0))
            for name in ("served", "total", "unscored", "unknown")
        ),
    )
    return {name: counts for name, counts in groups.items() if name not in small} | {REST: rest}


def _shown(counts: Counts, hidden: set[int]) -> dict[str, Any]:
    cells = {
        name: None if place in hidden else _plain(counts.cells[name]) for place, name in enumerate(CELLS)
    }
    small = 0 < counts.total < LEAST
    open_ = not hidden and not small
    return {
        "households": None if small else _plain(counts.total),
        "served": _plain(counts.served) if open_ else None,
        "served_share": _plain(counts.served / counts.total) if open_ and counts.total else None,
        "unscored": _safe(counts.unscored),
        "unknown": _safe(counts.unknown),
        **cells,
        "exclusion_error": _rate(counts.exclusion, cells, "in_poor", "out_poor"),
        "inclusion_error": _rate(counts.inclusion, cells, "in_poor", "in_other"),
    }


def _rate(value: Fraction | None, cells: Mapping[str, Any], *parts: str) -> Any:
    """A share whose parts may be shown."""
    return None if any(cells[part] is None for part in parts) else _plain(value)


def _gap(values: Sequence[Any]) -> Any:
    """Between the group that fares best and the one that fares worst, of those that may be shown."""
    known = [value for value in values if value is not None]
    return max(known) - min(known) if len(known) > 1 else None


def _safe(value: Fraction) -> Any:
    return None if 0 < value < LEAST else _plain(value)


def _plain(value: Number | None) -> int | float | None:
    if value is None:
        return None
    exact = Fraction(value)
    return exact.numerator if exact.denominator == 1 else float(exact)
