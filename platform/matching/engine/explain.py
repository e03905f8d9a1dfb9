"""Why a need received what it received: its rank, the conditions beside its values, the next candidates."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .eligibility import CONDITIONS, LotTable, open_ledger
from .rows import Key, LotRow, NeedRow, key_order
from .solution import Solution, Unmet

SHOWN = 5


@dataclass(frozen=True, slots=True)
class Comparison:
    """One condition of a lot beside the need's value."""

    condition: str
    lot: object
    need: object
    holds: bool


@dataclass(frozen=True, slots=True)
class Candidate:
    """A lot the need could use: what it gives this need, what it has left, who holds the rest."""

    lot: Key
    given: int
    left: int
    comparisons: tuple[Comparison, ...]
    holders: tuple[tuple[Key, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Explanation:
    """One need's answer.

    `rank` of `peers` is its place by waiting time among the needs of the same item and severity. `relaxing` names, per
    condition, lots with stock that this condition alone keeps away.
    """

    need: Key
    rank: int
    peers: int
    served: int
    matched: tuple[Candidate, ...]
    next: tuple[Candidate, ...]
    relaxing: tuple[tuple[str, tuple[Key, ...]], ...]
    unmet: Unmet | None


class Explainer:
    """Answers for one solution; the indexes are built once, so that one answer takes milliseconds."""

    def __init__(self, solution: Solution) -> None:
        self.solution = solution
        ledger = open_ledger(solution.needs.values(), solution.pins, solution.bans, solution.held)
        lots: dict[Key, list[LotRow]] = defaultdict(list)
        for lot in solution.lots.values():
            lots[lot.item].append(lot)
        items = {need.item for need in solution.needs.values()}
        self.tables = {item: LotTable(lots[item], ledger, solution.on) for item in items}
        self.used: dict[Key, int] = defaultdict(int)
        self.given: dict[Key, dict[Key, int]] = defaultdict(dict)
        self.holders: dict[Key, list[tuple[Key, int]]] = defaultdict(list)
        for piece in solution.pieces:
            self.used[piece.lot] += piece.amount
            self.given[piece.need][piece.lot] = piece.amount
            self.holders[piece.lot].append((piece.need, piece.amount))
        peers: dict[tuple[Key, int], list[NeedRow]] = defaultdict(list)
        for need in solution.needs.values():
            peers[need.item, need.severity].append(need)
        self.rank: dict[Key, tuple[int, int]] = {}
        for rows in peers.values():
            rows.sort(key=lambda need: (need.waiting_since, key_order(need.id)))
            self.rank |= {need.id: (place, len(rows)) for place, need in enumerate(rows, 1)}

    def explain(self, need_id: Key) -> Explanation:
        """The explanation of one need; KeyError for a need that took no part."""
        need = self.solution.needs[need_id]
        table = self.tables[need.item]
        passes = table.passes(need)
        failed = np.zeros(len(table.lots), np.int64)
        for mask in passes.values():
            failed += ~mask
        free = np.array([lot.quantity - self.used[lot.id] for lot in table.lots], np.int64)
        mine = self.given[need_id]
        others = [lot for lot in np.flatnonzero(failed == 0).tolist() if table.lots[lot].id not in mine]
        others.sort(
            key=lambda lot: (free[lot] == 0, -len(table.lots[lot].region_prefix), table.until[lot], lot)
        )
        rank, peers = self.rank[need_id]
        return Explanation(
            need=need_id,
            rank=rank,
            peers=peers,
            served=sum(mine.values()),
            matched=tuple(self._candidate(self.solution.lots[lot], need) for lot in mine),
            next=tuple(self._candidate(table.lots[lot], need) for lot in others[:SHOWN]),
            relaxing=_relaxing(table.lots, passes, failed, free),
            unmet=self.solution.reasons.get(need_id),
        )

    def _candidate(self, lot: LotRow, need: NeedRow) -> Candidate:
        holders = sorted(self.holders[lot.id], key=lambda held: self._claim(held[0]))
        return Candidate(
            lot=lot.id,
            given=self.given[need.id].get(lot.id, 0),
            left=lot.quantity - self.used[lot.id],
            comparisons=self._compare(lot, need),
            holders=tuple(holders[:SHOWN]),
        )

    def _claim(self, need_id: Key) -> tuple[int, int]:
        """The weakest claim comes first: it is the one the next unit would compete with."""
        return self.solution.needs[need_id].severity, -self.rank[need_id][0]

    def _compare(self, lot: LotRow, need: NeedRow) -> tuple[Comparison, ...]:
        passes = LotTable([lot], self.tables[need.item].ledger, self.solution.on).passes(need)
        values: dict[str, tuple[object, object]] = {
            "item": (lot.item, need.item),
            "region": (lot.region_prefix, need.region),
            "group": (tuple(sorted(lot.groups)), tuple(sorted(need.groups))),
            "severity": (lot.min_severity, need.severity),
            "date": ((lot.start, lot.until), (need.earliest, need.latest)),
            "reserved": (lot.restricted_to_need, need.id),
            "consent": (None, need.consent),
            "duplicate_measure": (lot.public, need.public_measure),
            "related_party": (lot.donor, tuple(sorted(need.donors_related, key=key_order))),
            "ban": ((lot.id, need.id) in self.solution.bans, None),
            "household_cap": (lot.household_cap, need.amount),
            "smallest_part": (lot.smallest, need.smallest),
        }
        return tuple(Comparison(name, *values[name], holds=bool(passes[name][0])) for name in CONDITIONS)


def _relaxing(
    lots: Sequence[LotRow], passes: dict[str, np.ndarray], failed: np.ndarray, free: np.ndarray
) -> tuple[tuple[str, tuple[Key, ...]], ...]:
    """Lots with stock that fail exactly one condition, by that condition."""
    close = (failed == 1) & (free > 0)
    found = ((name, np.flatnonzero(close & ~mask)[:SHOWN]) for name, mask in passes.items())
    return tuple((name, tuple(lots[lot].id for lot in some.tolist())) for name, some in found if some.size)


def explain(solution: Solution, need_id: Key) -> Explanation:
    """The explanation of one need. For many needs of one solution, keep an `Explainer`."""
    return Explainer(solution).explain(need_id)
