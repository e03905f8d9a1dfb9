"""Solve one item: fill the needs in order, use the lots up in order, hand out the pieces, and cut."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial

import numpy as np

from .eligibility import Ledger, LotTable
from .filling import Filling
from .flow import Flags, Ints, push
from .indivisible import broken, repair
from .network import Network, build
from .order import apportion, lot_order, tenths
from .parts import Parts
from .pieces import Parcels, disaggregate
from .rows import BANDS, InstanceError, LotRow, NeedRow


@dataclass(frozen=True, slots=True)
class ItemResult:
    """New parcels of one item (beside the pins), what a divisible plan could serve each need, cut levels, and proof."""

    table: LotTable
    parcels: Parcels
    served: Ints
    divisible_served: Ints
    lot_level: Ints
    need_level: Ints
    reached: Flags
    searched: Flags
    proven: bool


def solve_item(
    needs: Sequence[NeedRow], lots: Sequence[LotRow], ledger: Ledger, on: dt.date, effort: float
) -> ItemResult:
    """The optimal plan of one item. `reached` tells which needs have any eligible lot at all."""
    table = LotTable(lots, ledger, on)
    pinned = np.array([ledger.of_need.get(need.id, 0) for need in needs], np.int64)
    asked = np.array([need.amount for need in needs], np.int64) - pinned
    left = np.array([lot.quantity - ledger.of_lot.get(lot.id, 0) for lot in lots], np.int64)
    network = build(needs, asked, table, int(left.sum()))
    size = network.net.size
    stock = _per_node(network.lot_node, left, size)
    severity = np.array([need.severity for need in needs], np.int64)
    meeting = Filling(network.net, stock)
    served = apportion(meeting, network.need_node, asked, -severity, partial(tenths, needs, pinned))
    granted = _per_node(network.need_node, served, size)
    using = Filling(network.net.reversed(), granted)
    used = apportion(
        using, network.lot_node, left, np.zeros(len(lots), np.int64), partial(lot_order, lots, left, on)
    )
    drawn = _per_node(network.lot_node, used, size)
    final = push(network.net, np.zeros(network.net.tail.size, np.int64), drawn, granted)
    if int(final.brought.sum()) != int(granted.sum()):
        raise InstanceError("the flow does not close")
    parcels = disaggregate(network, final.flow, used, served)
    lot_level, need_level = _levels(network, final.flow, stock - drawn, needs, asked - served)
    reached = np.zeros(len(needs), np.bool_)
    stands = network.need_node >= 0
    fed = np.zeros(size, np.bool_)
    fed[network.net.head] = True
    reached[stands] = fed[network.need_node[stands]]
    searched, proven, divisible_served = np.zeros(len(needs), np.bool_), True, served
    parts = Parts(needs, table, pinned, asked, left)
    if (failing := broken(parts, parcels)).any():
        parcels, searched, proven = repair(parts, network, parcels, failing, effort)
        served = np.zeros(len(needs), np.int64)
        np.add.at(served, parcels.place, parcels.amount)
    return ItemResult(
        table, parcels, served, divisible_served, lot_level, need_level, reached, searched, proven
    )


def _per_node(node: Ints, amount: Ints, size: int) -> Ints:
    """Amounts summed where their rows stand."""
    total = np.zeros(size, np.int64)
    there = node >= 0
    np.add.at(total, node[there], amount[there])
    return total


def _levels(
    network: Network, flow: Ints, unused: Ints, needs: Sequence[NeedRow], missing: Ints
) -> tuple[Ints, Ints]:
    """For each lot and need, the highest band in whose cut it stands (0: none).

    The cut of band v is everything from which a need of severity v or more that still misses something could be
    reached. If unused stock stood in it, the plan would not be optimal.
    """
    severity = np.array([need.severity for need in needs], np.int64)
    lot_level = np.zeros(network.lot_node.size, np.int64)
    need_level = np.zeros(len(needs), np.int64)
    for band in BANDS:
        wanting = np.where(severity >= band, missing, 0)
        cut = push(network.net, flow, unused, _per_node(network.need_node, wanting, network.net.size))
        if cut.brought.any():
            raise InstanceError(f"band {band} could still be served")
        deficient = np.append(cut.deficient, np.False_)
        lot_level[(lot_level == 0) & deficient[network.lot_node]] = band
        need_level[(need_level == 0) & deficient[network.need_node] & (severity >= band)] = band
    return lot_level, need_level
