"""Solve a plain instance exactly with flows, and hand back the certificate that anybody can recount."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from .cheapest import Arcs, cheapest, potentials, total_cost
from .filling import Filling, Slices
from .flow import Ints, Net, push
from .instance import Pairs, Transport
from .rows import BANDS, InstanceError, Key

Answer = dict[str, Any]


def answer(objective: str, instance: Pairs | Transport) -> Answer:
    """Pieces, coverage, objective value, and the certificate of the optimum."""
    if isinstance(instance, Transport):
        return _transport(instance)
    market = _Market(instance)
    if objective == "lexicographic":
        return market.lexicographic()
    return market.cheapest(everything=objective == "assignment")


def _transport(instance: Transport) -> Answer:
    """The cheapest flow that uses up every supply within the bounds."""
    nodes = list(instance.supply)
    at = {node: index for index, node in enumerate(nodes)}
    rows = [(at[arc.tail], at[arc.head], arc.lower, arc.upper, arc.cost) for arc in instance.arcs]
    arcs = Arcs(*np.array(rows, np.int64).reshape(-1, 5).T)
    units = cheapest(arcs, np.array(list(instance.supply.values()), np.int64))
    pieces = [
        [arc.tail, arc.head, amount]
        for arc, amount in zip(instance.arcs, units.tolist(), strict=True)
        if amount
    ]
    return {
        "pieces": pieces,
        "served": {},
        "objective": total_cost(arcs, units),
        "optimal": True,
        "certificate": _potentials(arcs, units, nodes),
    }


def _potentials(arcs: Arcs, units: Ints, names: Sequence[object]) -> Answer:
    values = potentials(arcs, units, len(names)).tolist()
    return {"kind": "potentials", "nodes": [list(pair) for pair in zip(names, values, strict=True)]}


class _Market:
    """Lots first, then needs, as nodes; every edge without a limit of its own."""

    def __init__(self, pairs: Pairs) -> None:
        self.pairs = pairs
        self.lots, self.needs = list(pairs.quantity), list(pairs.amount)
        self.size = len(self.lots) + len(self.needs)
        lot_at = {lot: index for index, lot in enumerate(self.lots)}
        need_at = {need: index for index, need in enumerate(self.needs, len(self.lots))}
        self.tail = np.array([lot_at[edge.lot] for edge in pairs.edges], np.int64)
        self.head = np.array([need_at[edge.need] for edge in pairs.edges], np.int64)
        self.cost = np.array([edge.cost for edge in pairs.edges], np.int64)
        self.quantity = self._values(pairs.quantity.values(), [0] * len(self.needs))
        self.amount = self._values([0] * len(self.lots), pairs.amount.values())
        self.severity = self._values([0] * len(self.lots), pairs.severity.values())
        unlimited = np.full(self.tail.size, int(self.quantity.sum()) + 1, np.int64)
        self.net = Net(self.size, self.tail, self.head, unlimited)

    def _values(self, *parts: Any) -> Ints:
        return np.array([value for part in parts for value in part], np.int64)

    def lexicographic(self) -> Answer:
        """As much as possible of severity 5, then 4, … 1; among those plans the cheapest."""
        filling = Filling(self.net, self.quantity)
        wanting = np.flatnonzero(self.amount)
        filling.fill(Slices(wanting, 5 - self.severity[wanting], self.amount[wanting]))
        goals = {band: int(filling.granted[self.severity == band].sum()) for band in BANDS}
        units = self._plan(goals, self.severity)[0]
        cuts = [self._cut(units, band) for band in BANDS]
        return {
            **self._report(units),
            "objective": sum(goals.values()),
            "optimal": all(cut["bound"] == cut["served_above"] for cut in cuts),
            "certificate": {"kind": "cuts", "bands": cuts},
        }

    def cheapest(self, *, everything: bool) -> Answer:
        """The cheapest plan among those that serve as much as possible, or everything there is to serve."""
        most = int(
            push(self.net, np.zeros(self.tail.size, np.int64), self.quantity, self.amount).brought.sum()
        )
        asked = int(self.amount.sum())
        if everything and most < asked:
            raise InstanceError(f"infeasible: only {most} of {asked} units can be assigned")
        units, arcs, full = self._plan({0: most}, np.zeros(self.size, np.int64))
        names = [
            *(["lot", lot] for lot in self.lots),
            *(["need", need] for need in self.needs),
            "all lots",
            "all needs",
        ]
        report = self._report(units)
        return {
            **report,
            "objective": report["cost"],
            "optimal": True,
            "certificate": {**_potentials(arcs, full, names), "served": most, "of": asked},
        }

    def _plan(self, goals: dict[int, int], group: Ints) -> tuple[Ints, Arcs, Ints]:
        """The cheapest units on every edge that serve exactly each group's goal; also the network that says so."""
        lots, needs = np.arange(len(self.lots)), np.arange(len(self.lots), self.size)
        source = np.full(lots.size, self.size)
        sinks = {name: self.size + 1 + index for index, name in enumerate(goals)}
        sink = np.array([sinks[name] for name in group[needs].tolist()], np.int64)
        total = sum(goals.values())
        none = np.zeros(self.tail.size + self.size, np.int64)
        upper = np.concatenate([np.full(self.tail.size, total), self.quantity[lots], self.amount[needs]])
        arcs = Arcs(
            np.concatenate([self.tail, source, needs]),
            np.concatenate([self.head, lots, sink]),
            none,
            upper.astype(np.int64),
            np.concatenate([self.cost, none[: self.size]]),
        )
        supply = np.array([*[0] * self.size, total, *(-units for units in goals.values())], np.int64)
        units = cheapest(arcs, supply)
        return units[: self.tail.size], arcs, units

    def _cut(self, units: Ints, band: int) -> Answer:
        """The lots and needs whose cut bounds this band and those above; equal to what is served when optimal."""
        used, brought = np.zeros(self.size, np.int64), np.zeros(self.size, np.int64)
        np.add.at(used, self.tail, units)
        np.add.at(brought, self.head, units)
        above = self.severity >= band
        open_amount = np.where(above, self.amount - brought, 0)
        inside = push(self.net, units, self.quantity - used, open_amount).deficient
        bound = int(self.quantity[inside].sum() + self.amount[above & ~inside].sum())
        return {
            "band": band,
            "served_above": int(brought[above].sum()),
            "bound": bound,
            "lots": [lot for index, lot in enumerate(self.lots) if inside[index]],
            "needs": [
                need
                for index, need in enumerate(self.needs, len(self.lots))
                if inside[index] and above[index]
            ],
        }

    def _report(self, units: Ints) -> Answer:
        brought = np.zeros(self.size, np.int64)
        np.add.at(brought, self.head, units)
        edges = zip(self.pairs.edges, units.tolist(), strict=True)
        rows: list[tuple[Key, Key, int, int]] = [
            (edge.lot, edge.need, n, edge.cost) for edge, n in edges if n
        ]
        return {
            "pieces": [[lot, need, amount] for lot, need, amount, _ in rows],
            "served": {str(band): int(brought[self.severity == band].sum()) for band in BANDS},
            "cost": sum(amount * cost for *_, amount, cost in rows),
        }
