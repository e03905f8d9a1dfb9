"""Exactly one reason for every need that is not fully met, and the shortages they add up to."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from .eligibility import LotTable, household_of
from .item import ItemResult
from .rows import Key, NeedRow, key_order
from .solution import Shortage, Unmet, UnmetKind

SHORTAGE_PREFIX = 6


def reasons_of(needs: Sequence[NeedRow], result: ItemResult) -> dict[Key, Unmet]:
    """No eligible lot: the first condition that leaves none. Otherwise exhausted: the cut of the need's band."""
    missing = np.array([need.amount for need in needs], np.int64) - result.served
    reasons: dict[Key, Unmet] = {}
    counts = _Counts(result.table)
    for index in np.flatnonzero(missing > 0).tolist():
        need = needs[index]
        lacking = int(missing[index]) - result.table.ledger.of_need.get(need.id, 0)
        if lacking == 0:
            continue
        if result.reached[index]:
            reasons[need.id] = Unmet(UnmetKind.EXHAUSTED, lacking, indivisible=bool(result.searched[index]))
        else:
            survivors = counts.of(need)
            reasons[need.id] = Unmet(UnmetKind.NO_ELIGIBLE_LOT, lacking, survivors, survivors[-1][0])
    return reasons


class _Counts:
    """Survivors after each condition; needs that no lot tells apart are counted once."""

    def __init__(self, table: LotTable) -> None:
        self.table = table
        self.known: dict[tuple[object, ...], tuple[tuple[str, int], ...]] = {}
        self.reserved_for = {lot.restricted_to_need for lot in table.lots}
        self.donors = {lot.donor for lot in table.lots}
        self.amount_matters = bool((table.smallest > 1).any())

    def of(self, need: NeedRow) -> tuple[tuple[str, int], ...]:
        """How many lots are left after each condition, up to the first that leaves none."""
        key = self._profile(need)
        if key not in self.known:
            self.known[key] = survivors(self.table, need)
        return self.known[key]

    def _profile(self, need: NeedRow) -> tuple[object, ...]:
        ledger = self.table.ledger
        place = self.table.deepest_prefix(need.region)
        alike = (
            place,
            need.groups,
            need.severity,
            need.earliest,
            need.latest,
            need.consent,
            need.public_measure,
        )
        own = (
            self.amount_matters
            or need.id in self.reserved_for
            or need.id in ledger.banned
            or not self.donors.isdisjoint(need.donors_related)
            or household_of(need) in ledger.of_household
        )
        return (*alike, need.id) if own else alike


def survivors(table: LotTable, need: NeedRow) -> tuple[tuple[str, int], ...]:
    """How many lots of the item are left after each condition, up to the first that leaves none."""
    left = np.ones(len(table.lots), np.bool_)
    counted: list[tuple[str, int]] = []
    for name, mask in table.passes(need).items():
        left = left & mask
        counted.append((name, int(left.sum())))
        if not left.any():
            break
    return tuple(counted)


def shortages_of(needs: Iterable[NeedRow], reasons: Mapping[Key, Unmet]) -> tuple[Shortage, ...]:
    """Missing units by item, county (or whatever shorter code a need has) and band."""
    units: dict[tuple[Key, str, int], list[int]] = defaultdict(lambda: [0, 0])
    for need in needs:
        if need.id in reasons:
            entry = units[need.item, need.region[:SHORTAGE_PREFIX], need.severity]
            entry[0] += reasons[need.id].missing
            entry[1] += 1
    order = sorted(units, key=lambda place: (key_order(place[0]), place[1], -place[2]))
    return tuple(Shortage(*place, *units[place]) for place in order)
