"""Hubs: the lots of one item that share a region prefix and all conditions."""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np

from .columns import combine, first_days, last_days
from .eligibility import LotTable
from .flow import Ints
from .rows import NeedRow


class Hubs:
    """Hubs of one item, the tree between them, and the deepest hub of a condition above any prefix.

    Windows are contracted exactly: two lots whose dates no need of the item tells apart have the same window.
    """

    def __init__(self, table: LotTable, needs: Sequence[NeedRow]) -> None:
        self.table = table
        shared = np.flatnonzero(~table.restricted & (table.smallest == 1))
        self.latest_known = np.unique(last_days(needs))
        self.earliest_known = np.unique(np.maximum(first_days(needs), table.on))
        begins = np.searchsorted(self.latest_known, table.start[shared], "left")
        ends = np.searchsorted(self.earliest_known, table.until[shared], "right")
        alive = table.until[shared] >= table.on
        shared, begins, ends = shared[alive], begins[alive], ends[alive]
        public, cap = table.public[shared].astype(np.int64), table.cap[shared]
        keys = combine([table.groups[shared], table.min_severity[shared], begins, ends, public, cap])
        _, first, condition = np.unique(keys, return_index=True, return_inverse=True)
        self.conditions = first.size
        self.group_set = [table.group_sets[index] for index in table.groups[shared[first]]]
        self.min_severity = table.min_severity[shared[first]]
        self.begins, self.ends, self.public = begins[first], ends[first], public[first] > 0
        self._lay_tree(shared, condition)

    def _lay_tree(self, shared: Ints, condition: Ints) -> None:
        """Number the hubs, and find for each condition the deepest hub at or above every prefix."""
        table = self.table
        prefixes = table.prefixes
        self.prefix_parent = _parents(prefixes)
        hub_keys, first, hub = np.unique(
            condition * max(1, len(prefixes)) + table.prefix[shared], return_index=True, return_inverse=True
        )
        self.of_lot = np.full(len(table.lots), -1, np.int64)
        self.of_lot[shared] = hub
        self.condition_of_lot = np.full(len(table.lots), -1, np.int64)
        self.condition_of_lot[shared] = condition
        prefix = table.prefix[shared[first]]
        lengths = np.array([len(text) for text in prefixes], np.int64)
        self.prefix_length = lengths[prefix]
        # One more column stands for "no prefix of this item is above": nothing hangs there.
        self._deepest = np.full((self.conditions, len(prefixes) + 1), -1, np.int64)
        self._deepest[condition[first], prefix] = np.arange(hub_keys.size)
        for length in np.unique(lengths):
            level = np.flatnonzero(lengths == length)
            inherited = self._deepest[:, self.prefix_parent[level]]
            self._deepest[:, level] = np.where(
                self._deepest[:, level] >= 0, self._deepest[:, level], inherited
            )
        self.parent = self._deepest[condition[first], self.prefix_parent[prefix]]
        order = np.argsort(hub, kind="stable")
        borders = np.searchsorted(hub[order], np.arange(hub_keys.size + 1))
        self._members = [shared[order[a:b]] for a, b in pairwise(borders.tolist())]

    def deepest(self, condition: int, prefix: Ints) -> Ints:
        """The deepest hub of the condition at or above each prefix, or -1."""
        found: Ints = self._deepest[condition, prefix]
        return found

    def lots_above(self, hub: int) -> Ints:
        """Every lot that flows into this hub."""
        lots: list[Ints] = []
        while hub >= 0:
            lots.append(self._members[hub])
            hub = int(self.parent[hub])
        return np.concatenate(lots)


def _parents(prefixes: Sequence[str]) -> Ints:
    """The next shorter prefix in the list above each one, or -1."""
    number = {prefix: index for index, prefix in enumerate(prefixes)}
    return np.array(
        [
            next(
                (number[prefix[:cut]] for cut in range(len(prefix) - 1, -1, -1) if prefix[:cut] in number), -1
            )
            for prefix in prefixes
        ],
        np.int64,
    )
