"""Smallest useful parts: where the divisible plan breaks one, search its connected component exactly (CP-SAT)."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
from ortools.sat.python import cp_model

from .eligibility import household_of
from .flow import Flags, Ints
from .leftovers import top_up
from .network import Network
from .parts import Parts
from .pieces import Parcels, merged
from .rows import BANDS, LARGEST_SUM, Key


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
        found, optimal = _search(parts, members, parcels, failing, effort)
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


def _search(
    parts: Parts, members: Ints, parcels: Parcels, failing: Flags, effort: float
) -> tuple[Parcels, bool]:
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
    inside = np.isin(parcels.place, members)
    plan = Parcels(parcels.place[inside], parcels.lot[inside], parcels.amount[inside])
    return _lexicographic(parts, model, pairs, _Start.of(parts, plan, failing), effort)


def _all_or_nothing(
    model: cp_model.CpModel, amounts: Sequence[cp_model.IntVar], least: int, most: int, need: int
) -> None:
    if least <= 1:
        model.add(sum(amounts) <= most)
        return
    served = model.new_bool_var(f"z{need}")
    model.add(sum(amounts) >= least * served)
    model.add(sum(amounts) <= most * served)


@dataclass(frozen=True, slots=True)
class _Start:
    """Where the search begins: the divisible plan without its broken needs, and that plan's coverage as a bound."""

    values: dict[tuple[int, int], int]
    bounds: dict[int, int]

    @classmethod
    def of(cls, parts: Parts, plan: Parcels, failing: Flags) -> "_Start":
        """From the divisible plan of one component."""
        rows = list(zip(plan.place.tolist(), plan.lot.tolist(), plan.amount.tolist(), strict=True))
        bounds = {
            band: sum(amount for need, _, amount in rows if parts.needs[need].severity >= band)
            for band in BANDS
        }
        return cls({(need, lot): amount for need, lot, amount in rows if not failing[need]}, bounds)


def _lexicographic(
    parts: Parts,
    model: cp_model.CpModel,
    pairs: dict[tuple[int, int], cp_model.IntVar],
    start: _Start,
    effort: float,
) -> tuple[Parcels, bool]:
    """Maximise goal after goal, holding what the goals before have reached."""
    goals = _goals(parts, pairs)
    solver = cp_model.CpSolver()
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = 1
    solver.parameters.max_deterministic_time = effort / max(1, len(goals))
    values = dict.fromkeys(pairs, 0) | top_up(parts, pairs, start.values)
    proven, above = True, 0
    for band, goal in goals:
        reached = sum(weight * values[pair] for pair, weight in goal.items())
        total = cp_model.LinearExpr.weighted_sum([pairs[pair] for pair in goal], list(goal.values()))
        if band and reached < start.bounds[band] - above:
            model.add(total <= start.bounds[band] - above)
        if not band or reached < start.bounds[band] - above:
            values, closed = _improve(solver, model, total, pairs, values)
            proven = proven and (closed or not band)
            reached = sum(weight * values[pair] for pair, weight in goal.items())
        model.add(total >= reached)
        above += reached if band else 0
    values = top_up(parts, pairs, {pair: amount for pair, amount in values.items() if amount})
    chosen = [(need, lot, amount) for (need, lot), amount in values.items() if amount]
    table = np.array(chosen, np.int64).reshape(-1, 3)
    return Parcels(table[:, 0], table[:, 1], table[:, 2]), proven


def _improve(
    solver: cp_model.CpSolver,
    model: cp_model.CpModel,
    goal: cp_model.LinearExprT,
    pairs: dict[tuple[int, int], cp_model.IntVar],
    values: dict[tuple[int, int], int],
) -> tuple[dict[tuple[int, int], int], bool]:
    """The best plan found for one goal, starting from the present one, and whether no better one exists."""
    model.clear_hints()  # type: ignore[no-untyped-call]
    for pair, amount in pairs.items():
        model.add_hint(amount, values[pair])
    model.maximize(goal)
    status = solver.solve(model)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return values, False
    return {pair: solver.value(amount) for pair, amount in pairs.items()}, status == cp_model.OPTIMAL


def _goals(parts: Parts, pairs: Iterable[tuple[int, int]]) -> list[tuple[int, dict[tuple[int, int], int]]]:
    """Units of each band; at last (band 0) the longest waiting first, when the weights stay within exact range."""
    pairs = list(pairs)
    bands = [(band, {pair: 1 for pair in pairs if parts.needs[pair[0]].severity == band}) for band in BANDS]
    waiting = sorted({need for need, _ in pairs}, key=lambda need: (parts.needs[need].waiting_since, need))
    place = {need: len(waiting) - index for index, need in enumerate(waiting)}
    most = sum(place[need] * int(parts.asked[need]) for need in waiting)
    last = {pair: place[pair[0]] for pair in pairs} if most < LARGEST_SUM else {}
    return [(band, goal) for band, goal in (*bands, (0, last)) if goal]
