"""Hand out what an indivisible plan leaves over, as long as anything fits."""

from collections import defaultdict
from collections.abc import Iterable

from .eligibility import household_of
from .parts import Parts
from .rows import Key

Plan = dict[tuple[int, int], int]


def top_up(parts: Parts, pairs: Iterable[tuple[int, int]], plan: Plan) -> Plan:
    """The plan with every leftover that some need can still use, the most severe and longest waiting first.

    Afterwards no single lot, and no lots without a smallest piece together, can add a useful part to any need.
    """
    filled = _Filled(parts, pairs, plan)
    order = sorted(
        filled.lots_of,
        key=lambda need: (-parts.needs[need].severity, parts.needs[need].waiting_since, need),
    )
    for need in order:
        while filled.add(need):
            pass
    return filled.plan


class _Filled:
    """A plan and what it leaves."""

    def __init__(self, parts: Parts, pairs: Iterable[tuple[int, int]], plan: Plan) -> None:
        self.parts = parts
        self.plan = dict(plan)
        self.least: list[int] = parts.least_of_need().tolist()
        self.left: list[int] = parts.left.tolist()
        self.lots_of: dict[int, list[int]] = defaultdict(list)
        self.got: dict[int, int] = defaultdict(int)
        self.by_household: dict[tuple[int, tuple[str, Key]], int] = defaultdict(int)
        for need, lot in pairs:
            self.lots_of[need].append(lot)
        for (need, lot), amount in plan.items():
            self._give(need, lot, amount)

    def _give(self, need: int, lot: int, amount: int) -> None:
        self.left[lot] -= amount
        self.got[need] += amount
        self.by_household[lot, household_of(self.parts.needs[need])] += amount

    def _free(self, need: int, lot: int) -> int:
        """What the lot and its household cap still allow this need."""
        who = household_of(self.parts.needs[need])
        room = self.parts.table.ledger.room(self.parts.table.lots[lot], who)
        return min(self.left[lot], room - self.by_household[lot, who])

    def add(self, need: int) -> bool:
        """Give the need one more useful part, if any fits."""
        most = int(self.parts.asked[need]) - self.got[need]
        least = max(1, self.least[need] - self.got[need])
        loose = []
        for lot in self.lots_of[need]:
            free = min(most, self._free(need, lot))
            part = 1 if self.plan.get((need, lot)) else self.parts.least_of_pair(lot, need)
            if max(part, least) <= free:
                self._take(need, [(lot, free)], most)
                return True
            if part == 1 and free > 0:
                loose.append((lot, free))
        if most and sum(free for _, free in loose) >= least:
            self._take(need, loose, most)
            return True
        return False

    def _take(self, need: int, offers: list[tuple[int, int]], most: int) -> None:
        for lot, free in offers:
            amount = min(free, most)
            most -= amount
            if amount:
                self._give(need, lot, amount)
                self.plan[need, lot] = self.plan.get((need, lot), 0) + amount
