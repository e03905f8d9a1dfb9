"""The order in which needs are filled and lots are used up: policy, not arithmetic."""

import datetime as dt
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from .columns import combine
from .eligibility import LAST_DAY, last_day
from .filling import Filling, Slices
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
        """The same slices where their rows stand in a network."""
        return Slices(node[self.row], self.rank, self.size)

    def share(self, node: Ints, granted: Ints) -> tuple[Ints, Ints]:
        """What each row receives of the units granted to its node, in the order of the slices: rows, units."""
        at = node[self.row]
        order = np.argsort(at, kind="stable")
        at, row, size = at[order], self.row[order], self.size[order]
        before = np.cumsum(size) - size
        opens = np.flatnonzero(np.diff(at, prepend=-1))
        starts = np.repeat(before[opens], np.diff(np.append(opens, at.size)))
        return row, np.clip(granted[at] - (before - starts), 0, size)


def apportion(
    filling: Filling, node: Ints, wanted: Ints, coarse: Ints, fine: Callable[[Ints], Ordered]
) -> Ints:
    """Units for each row: first by the coarse places alone, then, only where those fall short, by the fine order."""
    rows = np.flatnonzero((wanted > 0) & (node >= 0))
    undecided = filling.fill(Ordered(rows, coarse[rows], wanted[rows]).at(node), refine=True)
    granted = np.zeros(node.size, np.int64)
    met = rows[filling.granted[node[rows]] > 0]
    granted[met] = wanted[met]
    short = rows[(undecided & (filling.granted == 0))[node[rows]]]
    contested = fine(short[filling.stocked()[node[short]]])
    filling.fill(contested.at(node))
    np.add.at(granted, *contested.share(node, filling.granted))
    return granted


def tenths(needs: Sequence[NeedRow], pinned: Ints, rows: Ints) -> Ordered:
    """Every tenth of the amount in turn, and inside a tenth the longest waiting first.

    The smallest useful part comes as one slice with the first tenth. What pins cover already is not asked for again.
    """
    amount = np.array([needs[row].amount for row in rows.tolist()], np.int64)
    smallest = np.array([needs[row].smallest for row in rows.tolist()], np.int64)
    waiting = np.array([needs[row].waiting_since.toordinal() for row in rows.tolist()], np.int64)
    filled = pinned[rows]
    parts = []
    for tenth in range(1, TENTHS + 1):
        # In two parts, so that ten times a very large amount cannot overflow.
        level = amount // TENTHS * tenth + -(-(amount % TENTHS) * tenth // TENTHS)
        size = np.maximum(0, np.maximum(level, np.where(smallest > 1, smallest, 0)) - filled)
        filled = filled + size
        some = np.flatnonzero(size)
        parts.append(np.stack([rows[some], np.full(some.size, tenth), waiting[some], size[some]]))
    row, at, since, size = np.concatenate(parts, axis=1)
    return _sorted(row, combine([at, since]), size)


def lot_order(lots: Sequence[LotRow], left: Ints, on: dt.date, rows: Ints) -> Ordered:
    """No waste: lots ending within thirty days first, by day; then the most restricted; then the earlier end."""
    until = np.array([last_day(lots[row].until) for row in rows.tolist()], np.int64)
    soon = np.where(until - on.toordinal() < SOON_DAYS, until, LAST_DAY)
    reach = np.array([_reach(lots[row]) for row in rows.tolist()], np.int64)
    return _sorted(rows, combine([soon, reach, until]), left[rows])


def _sorted(row: Ints, rank: Ints, size: Ints) -> Ordered:
    order = np.lexsort((row, rank))
    return Ordered(row[order], rank[order], size[order])


def _reach(lot: LotRow) -> int:
    """How freely a lot can be used: the smaller the number, the more restricted."""
    if lot.restricted_to_need is not None:
        return 0
    narrow = bool(lot.groups) + (lot.min_severity - 1) + (lot.household_cap is not None) + lot.public
    return 1 + (12 - len(lot.region_prefix)) * 10 + (9 - min(narrow, 9))
