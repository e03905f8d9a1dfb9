"""Fill demands strictly in order, exactly, with few flows.

What a network can bring to its demands is a polymatroid, so filling greedily in any order is optimal at every
prefix of the order (Edmonds). Instead of one flow a step, the order is halved (Megiddo, Fujishige): open the first
half; where it cannot be met, the second half receives nothing and the first half is split again; everywhere else
the first half is met in full and the second half is split. The two sides are disjoint networks, so one flow over
all of them decides a whole level, and an order of n places costs about log2(n) levels.
"""

from dataclasses import dataclass

import numpy as np

from .flow import Flags, Ints, Net, push


@dataclass(frozen=True, slots=True)
class Slices:
    """Pieces of demand: where, at which place in the order (0 first), how much."""

    node: Ints
    rank: Ints
    size: Ints

    def only(self, keep: Flags) -> "Slices":
        """The slices kept."""
        return Slices(self.node[keep], self.rank[keep], self.size[keep])


class Filling:
    """A network being filled: what each node was granted, and the parts that cuts have split it into."""

    def __init__(self, net: Net, supply: Ints) -> None:
        self.net = net
        self.supply = supply.copy()
        self.granted = np.zeros(net.size, np.int64)
        self.part = np.zeros(net.size, np.int64)
        # Demand a node's part must meet whatever comes next, and how much of it the present flow meets.
        self.owed = np.zeros(net.size, np.int64)
        self.met = np.zeros(net.size, np.int64)
        self.taken = np.zeros(net.size, np.int64)
        self.flow = np.zeros(net.tail.size, np.int64)

    def fill(self, slices: Slices, *, refine: bool = False) -> Flags:
        """Grant the slices in their order. Returns the nodes in which some slice could not be granted in full.

        With `refine`, what such nodes receive of their last place stays undecided, so that a finer order can decide it.
        """
        undecided = np.zeros(self.net.size, np.bool_)
        while slices.node.size:
            last, middle = self._split(slices)
            early = slices.rank < middle[self.part[slices.node]]
            want = np.zeros(self.net.size, np.int64)
            np.add.at(want, slices.node[early], slices.size[early])
            self.met += self._push(self.owed - self.met)[0]
            brought, short = self._push(want)
            ending = last[self.part]
            undecided |= ending & short
            granted = np.where(short & ~(ending & (not refine)), 0, brought)
            self.granted += granted
            self.owed += granted
            self.met += granted
            slices = slices.only((early == short[slices.node]) & ~ending[slices.node])
            self._cut(short)
        return undecided

    def _push(self, demand: Ints) -> tuple[Ints, Flags]:
        done = push(self.net, self.flow, self.supply - self.taken, demand)
        self.flow = done.flow
        self.taken = self.taken + done.taken
        return done.brought, done.deficient

    def _split(self, slices: Slices) -> tuple[Flags, Ints]:
        """Per part: whether one step ends it (a single place or a single node left), and the place to split at."""
        part = self.part[slices.node]
        order = np.lexsort((slices.rank, part))
        part, rank, node = part[order], slices.rank[order], slices.node[order]
        opens = np.flatnonzero(np.concatenate([[True], part[1:] != part[:-1]]))
        ends = np.append(opens[1:], part.size)
        lowest, highest = rank[opens], rank[ends - 1]
        same_node = np.minimum.reduceat(node, opens) == np.maximum.reduceat(node, opens)
        single = (lowest == highest) | same_node
        span = int(rank.max()) + 2
        next_place = np.searchsorted(part * span + rank, part[opens] * span + lowest, "right")
        middle = np.maximum(rank[(opens + ends) // 2], rank[np.minimum(next_place, ends - 1)])
        last = np.zeros(int(self.part.max()) + 1, np.bool_)
        place = np.zeros(last.size, np.int64)
        last[part[opens]] = single
        place[part[opens]] = np.where(single, highest + 1, middle)
        return last, place

    def _cut(self, short: Flags) -> None:
        """Part the deficient side from the rest; a full arc across the cut becomes given supply and owed demand."""
        _, self.part = np.unique(self.part * 2 + short, return_inverse=True)
        apart = self.part[self.net.tail] != self.part[self.net.head]
        carried = np.where(apart, self.flow, 0)
        tail, head = self.net.tail, self.net.head
        into = short[head] & (carried > 0)
        np.add.at(self.supply, head[into], carried[into])
        np.add.at(self.owed, tail[into], carried[into])
        np.add.at(self.met, tail[into], carried[into])
        kept = ~apart
        self.net = Net(self.net.size, tail[kept], head[kept], self.net.cap[kept])
        self.flow = np.where(short[head[kept]], 0, self.flow[kept])
        self.met = np.where(short, 0, self.met)
        self.taken = np.where(short, 0, self.taken)

    def stocked(self) -> Flags:
        """Nodes whose part still has anything to give."""
        free = np.zeros(int(self.part.max(initial=0)) + 1, np.int64)
        np.add.at(free, self.part, self.supply - self.owed)
        stocked: Flags = free[self.part] > 0
        return stocked
