"""The cheapest flow, exactly, and the potentials that prove it (reduced costs, Ford and Fulkerson)."""

from dataclasses import dataclass

import numpy as np
from ortools.graph.python.min_cost_flow import SimpleMinCostFlow

from .flow import Ints
from .rows import InstanceError


@dataclass(frozen=True, slots=True)
class Arcs:
    """Arcs with bounds and costs."""

    tail: Ints
    head: Ints
    lower: Ints
    upper: Ints
    cost: Ints


def cheapest(arcs: Arcs, supply: Ints) -> Ints:
    """Units on every arc of a cheapest flow that uses up every supply; refused when there is none."""
    if int(supply.sum()) != 0:
        raise InstanceError(f"infeasible: supplies add up to {int(supply.sum())}, not 0")
    units = arcs.lower.copy()
    # An arc from a node to itself moves nothing: full when that saves, at its lower bound otherwise.
    loops = arcs.tail == arcs.head
    units[loops & (arcs.cost < 0)] = arcs.upper[loops & (arcs.cost < 0)]
    lifted = supply.copy()
    np.add.at(lifted, arcs.tail[~loops], -arcs.lower[~loops])
    np.add.at(lifted, arcs.head[~loops], arcs.lower[~loops])
    open_arcs = np.flatnonzero(~loops & (arcs.upper > arcs.lower))
    solver = SimpleMinCostFlow()
    solver.add_arcs_with_capacity_and_unit_cost(
        arcs.tail[open_arcs],
        arcs.head[open_arcs],
        (arcs.upper - arcs.lower)[open_arcs],
        arcs.cost[open_arcs],
    )
    solver.set_nodes_supplies(np.arange(supply.size), lifted)
    status = solver.solve()
    if status == SimpleMinCostFlow.INFEASIBLE:
        raise InstanceError("infeasible: the bounds leave no way to use up every supply")
    if status in (SimpleMinCostFlow.BAD_COST_RANGE, SimpleMinCostFlow.BAD_CAPACITY_RANGE):
        raise InstanceError("amounts or costs are too large for an exact flow")
    if status != SimpleMinCostFlow.OPTIMAL:
        raise InstanceError(f"no optimum: {status.name.lower()}")
    if open_arcs.size:
        units[open_arcs] += np.asarray(solver.flows(np.arange(open_arcs.size)), np.int64)
    return units


def potentials(arcs: Arcs, units: Ints, nodes: int) -> Ints:
    """One number a node such that no arc with room saves anything and no arc in use costs anything.

    They exist exactly when the flow is a cheapest one; otherwise `InstanceError`.
    """
    forward, backward = units < arcs.upper, units > arcs.lower
    tail = np.concatenate([arcs.tail[forward], arcs.head[backward]])
    head = np.concatenate([arcs.head[forward], arcs.tail[backward]])
    cost = np.concatenate([arcs.cost[forward], -arcs.cost[backward]])
    potential = np.zeros(nodes, np.int64)
    for _ in range(nodes + 1):
        better = potential.copy()
        np.minimum.at(better, head, potential[tail] + cost)
        if np.array_equal(better, potential):
            return potential
        potential = better
    raise InstanceError("the flow found is not a cheapest one")


def total_cost(arcs: Arcs, units: Ints) -> int:
    """The cost of a flow, in whole numbers of any size."""
    return sum(cost * amount for cost, amount in zip(arcs.cost.tolist(), units.tolist(), strict=True))
