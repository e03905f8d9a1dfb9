"""Smallest useful parts: where the divisible plan breaks one, search its connected component exactly (CP-SAT)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from .eligibility import LotTable, household_of
from .flow import Flags, Ints
from .network import Network
from .pieces import Parcels, merged
from .rows import BANDS, LARGEST_SUM, Key, NeedRow


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


def broken(parts: Parts, parcels: Parcels) -> Flags:
    """Needs that receive less than their smallest useful part, or a piece below its lot's smallest."""
    served = np.zeros(len(parts.needs), np.int64)
    np.add.at(served, parcels.place, parcels.amount)
    failing = (served > 0) & (served < parts.least_of_need())
    small = np.flatnonzero(parcels.amount < parts.table.smallest[parcels.lot])
    for index in small:
        need, lot = int(parcels.place[index]), int(parcels.lot[index])
        if parcels.amount[index] < parts.least_of_pair(lot, need):
            failing[need] = True
    return failing


def repair(
    parts: Parts, network: Network, parcels: Parcels, failing: Flags, effort: float
) -> tuple[Parcels, Flags, bool]:
    """Search every component that holds a broken need anew; say which needs that were, and whether it is proven."""
    component = _components(network)
    stands = network.need_node >= 0
    of_need = np.where(stands, component[network.need_node], -1)
    searched, proven = np.zeros(len(parts.needs), np.bool_), True
    kept = [parcels]
    for number in np.unique(of_need[failing]):
        members = np.flatnonzero(of_need == number)
        searched[members] = True
        found, optimal = _search(parts, members, effort)
        kept.append(found)
        proven = proven and optimal
    outside = ~searched[parcels.place]
    kept[0] = Parcels(parcels.place[outside], parcels.lot[outside], parcels.amount[outside])
    joined = Parcels(
        *(np.concatenate([getattr(part, name) for part in kept]) for name in ("place", "lot", "amount"))
    )
    return merged(joined), searched, proven


def _components(network: Network) -> Ints:
    """Connected components of the network: every node takes the smallest number among those it is joined to."""
    label = np.arange(network.net.size)
    while True:
        least = np.minimum(label[network.net.tail], label[network.net.head])
        after = label.copy()
        np.minimum.at(after, network.net.tail, least)
        np.minimum.at(after, network.net.head, least)
        after = after[after]
        if np.array_equal(after, label):
            return label
        label = after


def _search(parts: Parts, members: Ints, effort: float) -> tuple[Parcels, bool]:
    """Band by band the largest coverage, then the longest waiting; ties fall the same way every time."""
    model = cp_model.CpModel()
    of_need: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    of_lot: dict[int, list[cp_model.IntVar]] = defaultdict(list)
    of_household: dict[tuple[int, tuple[str, Key]], list[cp_model.IntVar]] = defaultdict(list)
    pairs: dict[tuple[int, int], cp_model.IntVar] = {}
    for need in map(int, members):
        row = parts.needs[need]
        for lot in map(int, parts.table.eligible(row)):
            who = household_of(row)
            room = parts.table.ledger.room(parts.table.lots[lot], who)
            most = int(min(parts.asked[need], parts.left[lot], room))
            least = parts.least_of_pair(lot, need)
            if most < least:
                continue
            amount = model.new_int_var(0, most, f"x{need},{lot}")
            if least > 1:
                chosen = model.new_bool_var(f"b{need},{lot}")
                model.add(amount >= least * chosen)
                model.add(amount <= most * chosen)
            pairs[need, lot] = amount
            of_need[need].append(amount)
            of_lot[lot].append(amount)
            if parts.table.lots[lot].household_cap is not None:
                of_household[lot, who].append(amount)
    for lot, amounts in of_lot.items():
        model.add(sum(amounts) <= int(parts.left[lot]))
    for (lot, who), amounts in of_household.items():
        model.add(sum(amounts) <= parts.table.ledger.room(parts.table.lots[lot], who))
    least_of_need = parts.least_of_need()
    for need, amounts in of_need.items():
        _all_or_nothing(model, amounts, int(least_of_need[need]), int(parts.asked[need]), need)
    return _lexicographic(parts, model, pairs, effort)


def _all_or_nothing(
    model: cp_model.CpModel, amounts: Sequence[cp_model.IntVar], least: int, most: int, need: int
) -> None:
    if least <= 1:
        model.add(sum(amounts) <= most)
        return
    served = model.new_bool_var(f"z{need}")
    model.add(sum(amounts) >= least * served)
    model.add(sum(amounts) <= most * served)


def _lexicographic(
    parts: Parts,
    model: cp_model.CpModel,
    pairs: dict[tuple[int, int], cp_model.IntVar],
    effort: float,
) -> tuple[Parcels, bool]:
    """Maximise goal after goal, holding what the goals before have reached."""
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort
    values = dict.fromkeys(pairs, 0)
    proven = True
    goals = _goals(parts, pairs)
    for goal in goals:
        model.clear_hints()  # type: ignore[no-untyped-call]
        for pair, amount in pairs.items():
            model.add_hint(amount, values[pair])
        total = cp_model.LinearExpr.weighted_sum([pairs[pair] for pair in goal], list(goal.values()))
        model.maximize(total)
        status = solver.solve(model)
        proven = proven and (status == cp_model.OPTIMAL or goal is goals[-1])
        if status in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            values = {pair: solver.value(amount) for pair, amount in pairs.items()}
        model.add(total >= sum(weight * values[pair] for pair, weight in goal.items()))
    chosen = [(need, lot, amount) for (need, lot), amount in values.items() if amount]
    table = np.array(chosen, np.int64).reshape(-1, 3)
    return Parcels(table[:, 0], table[:, 1], table[:, 2]), proven


def _goals(parts: Parts, pairs: Iterable[tuple[int, int]]) -> list[dict[tuple[int, int], int]]:
    """Units of each band; at last the longest waiting first, when the weights stay within exact range."""
    pairs = list(pairs)
    bands = [{pair: 1 for pair in pairs if parts.needs[pair[0]].severity == band} for band in BANDS]
    waiting = sorted({need for need, _ in pairs}, key=lambda need: (parts.needs[need].waiting_since, need))
    place = {need: len(waiting) - index for index, need in enumerate(waiting)}
    most = sum(place[need] * int(parts.asked[need]) for need in waiting)
    last = {pair: place[pair[0]] for pair in pairs} if most < LARGEST_SUM else {}
    return [goal for goal in (*bands, last) if goal]
