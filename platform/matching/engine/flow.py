"""Exact maximum flow on a residual network, and the side of a minimum cut that matters (Ford and Fulkerson)."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from ortools.graph.python.max_flow import SimpleMaxFlow

from .rows import InstanceError

Ints = NDArray[np.int64]
Flags = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Net:
    """Arcs between nodes 0 … size - 1; supply and demand are given per node by whoever sends flow."""

    size: int
    tail: Ints
    head: Ints
    cap: Ints

    def reversed(self) -> "Net":
        """The same network seen from the needs."""
        return Net(self.size, self.head, self.tail, self.cap)


@dataclass(frozen=True, slots=True)
class Push:
    """What one augmentation did: arc flows, units newly taken at and brought to each node, the deficient side."""

    flow: Ints
    taken: Ints
    brought: Ints
    deficient: Flags


def push(net: Net, flow: Ints, supply: Ints, demand: Ints) -> Push:
    """Send as much as possible from unused `supply` to open `demand` over the residual network.

    Demand already brought has no return arc, so whoever was served before stays served. `deficient` marks every
    node from which an open demand can still be reached: no unused supply is left there.
    """
    source, sink = net.size, net.size + 1
    forward = np.flatnonzero(net.cap > flow)
    backward = np.flatnonzero(flow > 0)
    givers = np.flatnonzero(supply > 0)
    takers = np.flatnonzero(demand > 0)
    tail = np.concatenate([net.tail[forward], net.head[backward], np.full(givers.size, source), takers])
    head = np.concatenate([net.head[forward], net.tail[backward], givers, np.full(takers.size, sink)])
    room = np.concatenate([net.cap[forward] - flow[forward], flow[backward], supply[givers], demand[takers]])
    taken, brought = np.zeros(net.size, np.int64), np.zeros(net.size, np.int64)
    deficient = np.zeros(net.size, np.bool_)
    if not takers.size:
        return Push(flow, taken, brought, deficient)
    solver = SimpleMaxFlow()
    solver.add_arcs_with_capacity(tail, head, room)
    # Both ends exist even when nothing is left to give.
    solver.add_arc_with_capacity(source, sink, 0)
    if solver.solve(source, sink) != SimpleMaxFlow.OPTIMAL:
        raise InstanceError("amounts are too large for an exact flow")
    sent = np.asarray(solver.flows(np.arange(tail.size)), np.int64)
    ends = np.cumsum([forward.size, backward.size, givers.size])
    flow = flow.copy()
    flow[forward] += sent[: ends[0]]
    flow[backward] -= sent[ends[0] : ends[1]]
    taken[givers] = sent[ends[1] : ends[2]]
    brought[takers] = sent[ends[2] :]
    side = np.asarray(solver.get_sink_side_min_cut(), np.int64)
    deficient[side[side < net.size]] = True
    return Push(flow, taken, brought, deficient)
