"""Fill demands strictly in order: by band, by tenth, by waiting time — exactly, with few flows.

What a network can bring to its demands is a polymatroid, so filling greedily in any order is optimal at every
prefix of the order (Edmonds). Instead of one flow a step, the order is halved (Megiddo, Fujishige): open the first
half; where it cannot be met, the second half receives nothing and the first half is split again; everywhere else
the first half is met in full and the second half is split. The two sides are disjoint networks, so the whole order
costs about log2(steps) flows.
"""

from dataclasses import dataclass

import numpy as np

from .flow import Flags, Ints, Net, push


@dataclass(frozen=True, slots=True)
class Slices:
    """Pieces of demand: where, at which place in the order (0 first), how much. Sorted by place."""

    node: Ints
    rank: Ints
    size: Ints

    def wanted(self, nodes: int, first: int, last: int) -> Ints:
        """Demand per node of the places first … last - 1."""
        low, high = np.searchsorted(self.rank, [first, last])
        total = np.zeros(nodes, np.int64)
        np.add.at(total, self.node[low:high], self.size[low:high])
        return total

    def on(self, keep: Ints, first: int, last: int) -> "Slices":
        """The places first … last - 1 on the kept nodes, renumbered (keep: new number or -1)."""
        low, high = np.searchsorted(self.rank, [first, last])
        node = keep[self.node[low:high]]
        inside = node >= 0
        return Slices(node[inside], self.rank[low:high][inside], self.size[low:high][inside])


@dataclass(frozen=True, slots=True)
class _Part:
    """A piece of the network with the demand it must meet anyway and the places still to be decided."""

    net: Net
    names: Ints
    supply: Ints
    fixed: Ints
    slices: Slices


def fill(net: Net, supply: Ints, fixed: Ints, slices: Slices, breaks: Ints) -> Ints:
    """Units granted to each node beyond `fixed`, lexicographically largest in the order of the slices.

    `breaks` are places where the order is preferably split (the borders of the severity bands).
    """
    granted = np.zeros(net.size, np.int64)
    parts = [_Part(net, np.arange(net.size), supply, fixed, slices)]
    while parts:
        part = parts.pop()
        ranks = np.unique(part.slices.rank)
        if not ranks.size:
            continue
        base = push(part.net, np.zeros(part.net.tail.size, np.int64), part.supply, part.fixed)
        single = ranks.size == 1 or np.unique(part.slices.node).size == 1
        first, last = int(ranks[0]), int(ranks[-1]) + 1
        middle = last if single else _middle(ranks, breaks)
        want = part.slices.wanted(part.net.size, first, middle)
        done = push(part.net, base.flow, part.supply - base.taken, want)
        short = done.deficient
        if single or not short.any():
            granted[part.names] += done.brought
            if not single:
                everything = np.ones(part.net.size, np.bool_)
                parts.append(_cut(part, everything, part.fixed + want, (middle, last), done.flow))
            continue
        granted[part.names[~short]] += done.brought[~short]
        parts.append(_cut(part, short, part.fixed, (first, middle), done.flow))
        parts.append(_cut(part, ~short, part.fixed + want, (middle, last), done.flow))
    return granted


def _middle(ranks: Ints, breaks: Ints) -> int:
    """The border nearest the middle of the places, else the middle itself."""
    borders = breaks[(breaks > ranks[0]) & (breaks <= ranks[-1])]
    if borders.size:
        position = np.searchsorted(ranks, borders)
        return int(borders[np.argmin(np.abs(position - ranks.size // 2))])
    return int(ranks[ranks.size // 2])


def _cut(part: _Part, inside: Flags, fixed: Ints, places: tuple[int, int], flow: Ints) -> _Part:
    """One side of the cut as a network of its own; full arcs that cross the cut become given supply and demand."""
    names = np.flatnonzero(inside)
    number = np.full(part.net.size, -1, np.int64)
    number[names] = np.arange(names.size)
    tail, head = number[part.net.tail], number[part.net.head]
    both = (tail >= 0) & (head >= 0)
    supply, owed = part.supply[names].copy(), fixed[names].copy()
    arriving = (tail < 0) & (head >= 0) & (flow > 0)
    leaving = (tail >= 0) & (head < 0) & (flow > 0)
    np.add.at(supply, head[arriving], flow[arriving])
    np.add.at(owed, tail[leaving], flow[leaving])
    net = Net(names.size, tail[both], head[both], part.net.cap[both])
    return _Part(net, part.names[names], supply, owed, part.slices.on(number, *places))
