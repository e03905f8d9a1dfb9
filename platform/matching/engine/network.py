"""The compact network of one item: lots enter at their own prefix, arcs run down the tree to classes of needs.

Lots with the same prefix and conditions share a *hub*; a hub feeds the hub of the same conditions at the next
longer prefix. Needs with the same deepest prefix, groups, severity and window state share a *class*, which hangs
below the deepest hub of every condition it meets. Only a need that some lot must treat on its own (a ban, a related
donor, a household cap that can bind, a lot reserved for it) stands alone, with explicit arcs where a hub would
admit too much.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from .classes import Classes, classify
from .eligibility import LotTable, household_of
from .flow import Ints, Net
from .hubs import Hubs
from .rows import Key, NeedRow

HUB_LAYER = 1  # plus the length of the hub's prefix, 0 … 12
HOUSEHOLD_LAYER = 14
NEED_LAYER = 15


@dataclass(frozen=True, slots=True)
class Network:
    """The net, each node's layer (arcs only run to later ones), and where each lot and need stands (-1: nowhere)."""

    net: Net
    layer: Ints
    lot_node: Ints
    need_node: Ints


class _Builder:
    """Nodes and arcs as they are laid."""

    def __init__(self, unlimited: int) -> None:
        self.unlimited = unlimited
        self.layers: list[Ints] = []
        self.size = 0
        self.tails: list[Ints] = []
        self.heads: list[Ints] = []
        self.caps: list[Ints] = []

    def nodes(self, layers: Ints) -> Ints:
        """New nodes on the given layers."""
        first = self.size
        self.size += layers.size
        self.layers.append(layers)
        return np.arange(first, self.size)

    def node(self, layer: int) -> int:
        """One new node."""
        return int(self.nodes(np.array([layer]))[0])

    def arcs(self, tail: Ints, head: Ints) -> None:
        """Arcs without a limit of their own."""
        self.tails.append(tail)
        self.heads.append(head)
        self.caps.append(np.full(tail.size, self.unlimited, np.int64))

    def arc(self, tail: int, head: int, cap: int | None = None) -> None:
        """One arc, limited when a household cap says so."""
        self.tails.append(np.array([tail]))
        self.heads.append(np.array([head]))
        self.caps.append(np.array([self.unlimited if cap is None else min(cap, self.unlimited)], np.int64))

    def net(self) -> Net:
        """Everything laid so far."""
        empty = [np.zeros(0, np.int64)]
        return Net(
            self.size,
            np.concatenate(self.tails or empty).astype(np.int64),
            np.concatenate(self.heads or empty).astype(np.int64),
            np.concatenate(self.caps or empty).astype(np.int64),
        )


def build(needs: Sequence[NeedRow], open_amounts: Ints, table: LotTable, supply: int) -> Network:
    """The compact network of the needs that still want something. `supply` bounds every arc without a limit."""
    builder = _Builder(supply + 1)  # never full, so never in a cut
    hubs = Hubs(table, needs)
    classes = classify(needs, open_amounts, table, hubs)
    hub_node = builder.nodes(HUB_LAYER + hubs.prefix_length)
    below = np.flatnonzero(hubs.parent >= 0)
    builder.arcs(hub_node[hubs.parent[below]], hub_node[below])
    class_node = builder.nodes(np.full(classes.first.size, NEED_LAYER, np.int64))
    for condition in range(hubs.conditions):
        deepest = np.where(classes.accepts(condition, hubs), hubs.deepest(condition, classes.prefix), -1)
        served = np.flatnonzero(deepest >= 0)
        builder.arcs(hub_node[deepest[served]], class_node[served])
    lot_node = np.where(hubs.of_lot >= 0, hub_node[hubs.of_lot] if hub_node.size else -1, -1)
    own = _Own(builder, table, lot_node)
    for index in np.flatnonzero(classes.single):
        _join_single(builder, own, hubs, hub_node, classes, needs, int(index), int(class_node[index]))
    need_node = np.where(classes.of >= 0, class_node[classes.of] if class_node.size else -1, -1)
    layer = np.concatenate(builder.layers) if builder.layers else np.zeros(0, np.int64)
    return Network(builder.net(), layer, lot_node, need_node)


class _Own:
    """Lots that some need must see on their own leave their hub for a node above it."""

    def __init__(self, builder: _Builder, table: LotTable, lot_node: Ints) -> None:
        self.builder = builder
        self.table = table
        self.lot_node = lot_node
        self.moved: set[int] = set()
        self.households: dict[tuple[int, tuple[str, Key]], int] = {}

    def node(self, lot: int) -> int:
        """The lot's own node, which still feeds its hub."""
        if lot not in self.moved:
            self.moved.add(lot)
            hub, self.lot_node[lot] = int(self.lot_node[lot]), self.builder.node(0)
            if hub >= 0:
                self.builder.arc(int(self.lot_node[lot]), hub)
        return int(self.lot_node[lot])

    def serve(self, lot: int, need: NeedRow, class_node: int, *, capped: bool) -> None:
        """An explicit arc from the lot to the need, through the household's cap when that can bind."""
        start = self.node(lot)
        if capped:
            who = household_of(need)
            if (lot, who) not in self.households:
                self.households[lot, who] = self.builder.node(HOUSEHOLD_LAYER)
                room = self.table.ledger.room(self.table.lots[lot], who)
                self.builder.arc(start, self.households[lot, who], room)
            start = self.households[lot, who]
        self.builder.arc(start, class_node)


def _join_single(
    builder: _Builder,
    own: _Own,
    hubs: Hubs,
    hub_node: Ints,
    classes: Classes,
    needs: Sequence[NeedRow],
    index: int,
    class_node: int,
) -> None:
    """A need that stands alone: a hub where every lot above may serve it freely, explicit arcs elsewhere."""
    need = needs[classes.first[index]]
    table = own.table
    eligible = np.zeros(len(table.lots), np.bool_)
    eligible[table.eligible(need)] = True
    binding = table.cap - table.had_before(need) < classes.household_total[index]
    direct = eligible & (hubs.of_lot < 0)
    for condition in np.unique(hubs.condition_of_lot[eligible & (hubs.of_lot >= 0)]):
        hub = int(hubs.deepest(condition, classes.prefix[index : index + 1])[0])
        above = hubs.lots_above(hub)
        if eligible[above].all() and not binding[above].any():
            builder.arc(int(hub_node[hub]), class_node)
        else:
            direct[above[eligible[above]]] = True
    for lot in np.flatnonzero(direct):
        own.serve(int(lot), need, class_node, capped=bool(binding[lot]))
