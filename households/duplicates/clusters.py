"""Groups of records that belong together, from pairs: union–find."""

from __future__ import annotations

from collections import defaultdict


class Clusters:
    """Every record begins alone."""

    def __init__(self, size: int) -> None:
        self.parent = list(range(size))

    def join(self, left: int, right: int) -> None:
        one, other = sorted((self._root(left), self._root(right)))
        self.parent[other] = one

    def groups(self) -> list[list[int]]:
        """Groups of two and more, each in the order of the table, by their first record."""
        members: dict[int, list[int]] = defaultdict(list)
        for place in range(len(self.parent)):
            members[self._root(place)].append(place)
        return [group for group in members.values() if len(group) > 1]

    def _root(self, place: int) -> int:
        while self.parent[place] != place:
            self.parent[place] = self.parent[self.parent[place]]
            place = self.parent[place]
        return place
