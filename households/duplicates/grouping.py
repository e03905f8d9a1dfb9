"""Groups of records that belong together: the surest two groups are joined first, and a group is known by all it holds.

Joining pair after pair would chain strangers together through one doubtful record; joining groups weighs every record
of the one against every record of the other (average and single linkage halfway, over the evidence of each field).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heapify, heappop, heappush

from households.duplicates.evidence import Evidence, together

Judge = Callable[[int, int], Evidence]
"""Two records, the smaller first -> what they say of each other."""


def group(size: int, pairs: Iterable[tuple[int, int]], judge: Judge, least: float) -> list[list[int]]:
    """Groups of two and more in the order of the table; joined while their evidence reaches `least` bits."""
    groups = _Groups(size, judge)
    waiting = []
    for left, right in pairs:
        groups.near[left].add(right)
        groups.near[right].add(left)
        if (bits := judge(left, right).bits) >= least:
            waiting.append((-bits, left, right, 0, 0))
    heapify(waiting)
    while waiting:
        _bits, left, right, left_age, right_age = heappop(waiting)
        if groups.age.get(left) != left_age or groups.age.get(right) != right_age:
            continue  # one of them has grown or gone since
        for other in groups.join(left, right):
            if (bits := groups.bits(left, other)) >= least:
                heappush(waiting, (-bits, left, other, groups.age[left], groups.age[other]))
    return sorted(sorted(members) for members in groups.members.values() if len(members) > 1)


class _Groups:
    """Every record begins alone; a group bears the name of the record it grew from."""

    def __init__(self, size: int, judge: Judge) -> None:
        self.judge = judge
        self.members = {place: [place] for place in range(size)}
        self.age = dict.fromkeys(range(size), 0)
        self.near: dict[int, set[int]] = {place: set() for place in range(size)}

    def join(self, left: int, right: int) -> list[int]:
        """The right group goes into the left; returns the groups it may now be compared with, in order."""
        self.members[left] += self.members.pop(right)
        del self.age[right]
        self.age[left] += 1
        self.near[left] = (self.near[left] | self.near.pop(right)) - {left, right}
        for other in self.near[left]:
            self.near[other].discard(right)
            self.near[other].add(left)
        return sorted(self.near[left])

    def bits(self, left: int, right: int) -> float:
        return together(
            [
                self.judge(min(one, other), max(one, other))
                for one in self.members[left]
                for other in self.members[right]
            ]
        ).bits
