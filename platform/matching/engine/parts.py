"""One item with its smallest useful parts, as the search over indivisible plans sees it."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .eligibility import LotTable
from .flow import Ints
from .rows import NeedRow


@dataclass(frozen=True, slots=True)
class Parts:
    """One item as the search sees it: what each need still asks and each lot still has, beside the pins."""

    needs: Sequence[NeedRow]
    table: LotTable
    pinned: Ints
    asked: Ints
    left: Ints

    def least_of_need(self) -> Ints:
        """The least a need must receive now, if it receives anything."""
        smallest = np.array([need.smallest for need in self.needs], np.int64)
        least: Ints = np.maximum(1, smallest - self.pinned)
        return least

    def least_of_pair(self, lot: int, need: int) -> int:
        """The smallest new piece of a lot for a need; a pin's piece may grow by any amount."""
        row = self.table.lots[lot]
        return 1 if row.id in self.table.ledger.lots_of.get(self.needs[need].id, ()) else row.smallest
