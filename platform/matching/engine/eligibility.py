"""Which lots may serve a need, condition by condition, in one fixed order; the first zero names the blocker."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from .flow import Flags, Ints
from .rows import LARGEST_SUM, Held, Key, LotRow, NeedRow, Piece

FIRST_DAY = dt.date.min.toordinal()
LAST_DAY = dt.date.max.toordinal()

# The order in which survivors are counted; everything after "date" is reported under "other".
CONDITIONS = (
    "item", "region", "group", "severity", "date",
    "reserved", "consent", "duplicate_measure", "related_party", "ban", "household_cap", "smallest_part",
)  # fmt: skip
OTHER = frozenset(CONDITIONS[5:])


def first_day(day: dt.date | None) -> int:
    """A day as a number; open beginnings are the first day there is."""
    return FIRST_DAY if day is None else day.toordinal()


def last_day(day: dt.date | None) -> int:
    """A day as a number; open ends are the last day there is."""
    return LAST_DAY if day is None else day.toordinal()


def household_of(need: NeedRow) -> tuple[str, Key]:
    """The household a cap counts for; a need without one counts for itself."""
    return ("need", need.id) if need.household is None else ("household", need.household)


@dataclass(frozen=True, slots=True)
class Ledger:
    """What pins have already taken, what households had of a lot before, and which pairs are banned.

    `of_household` sums pins and earlier matches; `had` is the earlier part alone.
    """

    of_need: Mapping[Key, int]
    of_lot: Mapping[Key, int]
    of_household: Mapping[tuple[str, Key], Mapping[Key, int]]
    had: Mapping[tuple[str, Key], Mapping[Key, int]]
    lots_of: Mapping[Key, frozenset[Key]]
    banned: Mapping[Key, frozenset[Key]]

    def room(self, lot: LotRow, household: tuple[str, Key]) -> int:
        """What the lot's household cap still leaves this household."""
        if lot.household_cap is None:
            return LARGEST_SUM
        return max(0, lot.household_cap - self.of_household.get(household, {}).get(lot.id, 0))


def open_ledger(
    needs: Iterable[NeedRow],
    pins: Iterable[Piece],
    bans: Iterable[tuple[Key, Key]],
    held: Iterable[Held] = (),
) -> Ledger:
    """Sum the pins and what was had before once, from every side they are asked for."""
    who = {need.id: household_of(need) for need in needs}
    of_need: dict[Key, int] = defaultdict(int)
    of_lot: dict[Key, int] = defaultdict(int)
    of_household: dict[tuple[str, Key], dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    had: dict[tuple[str, Key], dict[Key, int]] = defaultdict(lambda: defaultdict(int))
    lots_of: dict[Key, set[Key]] = defaultdict(set)
    banned: dict[Key, set[Key]] = defaultdict(set)
    for pin in pins:
        of_need[pin.need] += pin.amount
        of_lot[pin.lot] += pin.amount
        of_household[who[pin.need]][pin.lot] += pin.amount
        lots_of[pin.need].add(pin.lot)
    for row in held:
        of_household["household", row.household][row.lot] += row.amount
        had["household", row.household][row.lot] += row.amount
    for lot, need in bans:
        banned[need].add(lot)
    return Ledger(
        of_need,
        of_lot,
        of_household,
        had,
        {need: frozenset(lots) for need, lots in lots_of.items()},
        {need: frozenset(lots) for need, lots in banned.items()},
    )


class LotTable:
    """The lots of one item as columns, so that one need is compared with all of them at once."""

    def __init__(self, lots: Sequence[LotRow], ledger: Ledger, on: dt.date) -> None:
        self.lots = lots
        self.ledger = ledger
        self.on = on.toordinal()
        self.prefixes = sorted({lot.region_prefix for lot in lots})
        self._prefix_number = {prefix: index for index, prefix in enumerate(self.prefixes)}
        self._lengths = sorted({len(prefix) for prefix in self.prefixes}, reverse=True)
        self._deepest: dict[str, int] = {}
        self.prefix = _ints(self._prefix_number[lot.region_prefix] for lot in lots)
        self.group_sets = sorted({lot.groups for lot in lots}, key=sorted)
        group_number = {groups: index for index, groups in enumerate(self.group_sets)}
        self.groups = _ints(group_number[lot.groups] for lot in lots)
        self.min_severity = _ints(lot.min_severity for lot in lots)
        self.start = _ints(first_day(lot.start) for lot in lots)
        self.until = _ints(last_day(lot.until) for lot in lots)
        self.public = np.array([lot.public for lot in lots], np.bool_)
        self.cap = _ints(LARGEST_SUM if lot.household_cap is None else lot.household_cap for lot in lots)
        self.smallest = _ints(lot.smallest for lot in lots)
        self.restricted = np.array([lot.restricted_to_need is not None for lot in lots], np.bool_)
        self.index = {lot.id: index for index, lot in enumerate(lots)}
        self._donors: dict[Key, list[int]] = {}
        for index, lot in enumerate(lots):
            if lot.donor is not None:
                self._donors.setdefault(lot.donor, []).append(index)
        self._restricted_to: dict[Key, list[int]] = {}
        for index, lot in enumerate(lots):
            if lot.restricted_to_need is not None:
                self._restricted_to.setdefault(lot.restricted_to_need, []).append(index)

    def deepest_prefix(self, region: str) -> int:
        """The longest lot prefix above a region, or -1: regions under the same one meet the same lots."""
        if region not in self._deepest:
            above = (
                self._prefix_number.get(region[:length], -1)
                for length in self._lengths
                if length <= len(region)
            )
            self._deepest[region] = next((number for number in above if number >= 0), -1)
        return self._deepest[region]

    def passes(self, need: NeedRow) -> dict[str, Flags]:
        """For each condition, in order, which lots of the item meet it by itself."""
        size = len(self.lots)
        everyone = np.ones(size, np.bool_)
        in_region = np.array([need.region.startswith(prefix) for prefix in self.prefixes], np.bool_)
        in_group = np.array(
            [not groups or bool(groups & need.groups) for groups in self.group_sets], np.bool_
        )
        earliest = max(first_day(need.earliest), self.on)
        latest = last_day(need.latest)
        on_date = (
            (np.maximum(self.start, earliest) <= np.minimum(self.until, latest))
            if latest >= earliest
            else np.zeros(size, np.bool_)
        )
        reserved = ~self.restricted
        reserved[self._restricted_to.get(need.id, [])] = True
        unrelated = everyone.copy()
        for donor in need.donors_related:
            unrelated[self._donors.get(donor, [])] = False
        unbanned = everyone.copy()
        unbanned[[self.index[lot] for lot in self.ledger.banned.get(need.id, ()) if lot in self.index]] = (
            False
        )
        room, fits = self._room(need)
        return {
            "item": everyone,
            "region": in_region[self.prefix] if size else everyone,
            "group": in_group[self.groups] if size else everyone,
            "severity": self.min_severity <= need.severity,
            "date": on_date,
            "reserved": reserved,
            "consent": np.full(size, need.consent),
            "duplicate_measure": ~self.public if need.public_measure else everyone,
            "related_party": unrelated,
            "ban": unbanned,
            "household_cap": room > 0,
            "smallest_part": fits,
        }

    def _room(self, need: NeedRow) -> tuple[Ints, Flags]:
        """Household cap left per lot, and whether the lot's smallest piece fits into need and cap."""
        room, least = self.cap.copy(), self.smallest.copy()
        open_amount = need.amount - self.ledger.of_need.get(need.id, 0)
        for lot in self.ledger.of_household.get(household_of(need), ()):
            if lot in self.index:
                room[self.index[lot]] = self.ledger.room(self.lots[self.index[lot]], household_of(need))
        for lot in self.ledger.lots_of.get(need.id, ()):
            if lot in self.index:
                least[self.index[lot]] = 1
        return room, (least <= np.minimum(room, open_amount)) | (room == 0)

    def had_before(self, need: NeedRow) -> Ints:
        """What the need's household had of each lot in earlier matches."""
        taken = np.zeros(len(self.lots), np.int64)
        for lot, amount in self.ledger.had.get(household_of(need), {}).items():
            if lot in self.index:
                taken[self.index[lot]] = amount
        return taken

    def eligible(self, need: NeedRow) -> Ints:
        """The lots that meet every condition of this need."""
        masks = list(self.passes(need).values())
        return np.flatnonzero(np.logical_and.reduce(masks))


def _ints(values: Iterable[int]) -> Ints:
    return np.array(list(values), np.int64)
