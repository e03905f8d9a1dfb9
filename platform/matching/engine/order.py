"""The order in which needs are filled and lots are used up: policy, not arithmetic."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .columns import combine
from .eligibility import LAST_DAY, last_day
from .filling import Slices
from .flow import Ints
from .rows import LotRow, NeedRow

TENTHS = 10
SOON_DAYS = 30


@dataclass(frozen=True, slots=True)
class Ordered:
    """Slices of rows: which row, which place in the order, how much. Sorted by place, then by row."""

    row: Ints
    rank: Ints
    size: Ints

    def at(self, node: Ints) -> Slices:
        """The same slices where their rows stand in a network; rows that stand nowhere are left out."""
        where = node[self.row]
        there = where >= 0
        return Slices(where[there], self.rank[there], self.size[there])

    def share(self, node: Ints, granted: Ints, rows: int) -> Ints:
        """What each row receives of the units granted to its node, in the order of the slices."""
        where = node[self.row]
        there = np.flatnonzero(where >= 0)
        there = there[np.argsort(where[there], kind="stable")]
        at, size = where[there], self.size[there]
        before = np.cumsum(size) - size
        opens = np.flatnonzero(np.concatenate([[True], at[1:] != at[:-1]])) if at.size else at
        starts = np.repeat(before[opens], np.diff(np.append(opens, at.size)))
        got = np.clip(granted[at] - (before - starts), 0, size)
        total = np.zeros(rows, np.int64)
        np.add.at(total, self.row[there], got)
        return total


def need_order(needs: Sequence[NeedRow], pinned: Ints) -> tuple[Ordered, Ints]:
    """Severity first, then every tenth of the amount, then waiting time; and the places where a band begins.

    The smallest useful part comes as one slice with the first tenth. What pins cover already is not asked for again.
    """
    amount = np.array([need.amount for need in needs], np.int64)
    smallest = np.array([need.smallest for need in needs], np.int64)
    severity = np.array([need.severity for need in needs], np.int64)
    waiting = np.array([need.waiting_since.toordinal() for need in needs], np.int64)
    rows, keys, sizes = [], [], []
    filled = pinned.copy()
    for tenth in range(1, TENTHS + 1):
        # In two parts, so that ten times a very large amount cannot overflow.
        level = amount // TENTHS * tenth + -(-(amount % TENTHS) * tenth // TENTHS)
        level = np.maximum(level, np.where(smallest > 1, smallest, 0))
        size = np.maximum(0, level - filled)
        filled += size
        some = np.flatnonzero(size)
        rows.append(some)
        sizes.append(size[some])
        keys.append(np.full(some.size, tenth))
    row, size, tenths = np.concatenate(rows), np.concatenate(sizes), np.concatenate(keys)
    rank = combine([-severity[row], tenths, waiting[row]])
    order = np.lexsort((row, rank))
    ordered = Ordered(row[order], rank[order], size[order])
    band = severity[ordered.row]
    breaks = ordered.rank[np.flatnonzero(np.diff(band)) + 1] if band.size else band
    return ordered, np.asarray(breaks, np.int64)


def lot_order(lots: Sequence[LotRow], left: Ints, on: dt.date) -> Ordered:
    """No waste: lots ending within thirty days first, by day; then the most restricted; then the earlier end."""
    until = np.array([last_day(lot.until) for lot in lots], np.int64)
    soon = np.where(until - on.toordinal() < SOON_DAYS, until, LAST_DAY)
    reach = np.array([_reach(lot) for lot in lots], np.int64)
    row = np.flatnonzero(left > 0)
    rank = combine([soon[row], reach[row], until[row]])
    order = np.lexsort((row, rank))
    return Ordered(row[order], rank[order], left[row[order]])


def _reach(lot: LotRow) -> int:
    """How freely a lot can be used: the smaller the number, the more restricted."""
    if lot.restricted_to_need is not None:
        return 0
    narrow = bool(lot.groups) + (lot.min_severity - 1) + (lot.household_cap is not None) + lot.public
    return 1 + (12 - len(lot.region_prefix)) * 10 + (9 - min(narrow, 9))
