"""From arc flows to pieces (lot, need, amount), layer by layer, with a north-west corner at every node."""

from dataclasses import dataclass

import numpy as np

from .flow import Ints
from .network import NEED_LAYER, Network


@dataclass(frozen=True, slots=True)
class Parcels:
    """Amounts of lots, standing at nodes or with needs."""

    place: Ints
    lot: Ints
    amount: Ints


def disaggregate(network: Network, flow: Ints, used: Ints, served: Ints) -> Parcels:
    """Which lot serves which need with how much, given what each lot gives, each arc carries and each need receives."""
    givers = np.flatnonzero(used > 0)
    waiting = Parcels(network.lot_node[givers], givers, used[givers])
    carrying = np.flatnonzero(flow > 0)
    tail_layer = network.layer[network.net.tail[carrying]]
    for layer in np.unique(network.layer[network.layer < NEED_LAYER]):
        here = network.layer[waiting.place] == layer
        if not here.any():
            continue
        arcs = carrying[tail_layer == layer]
        moved = north_west(
            Parcels(waiting.place[here], waiting.lot[here], waiting.amount[here]),
            network.net.tail[arcs],
            network.net.head[arcs],
            flow[arcs],
        )
        waiting = Parcels(
            np.concatenate([waiting.place[~here], moved.place]),
            np.concatenate([waiting.lot[~here], moved.lot]),
            np.concatenate([waiting.amount[~here], moved.amount]),
        )
    takers = np.flatnonzero(served > 0)
    return merged(north_west(waiting, network.need_node[takers], takers, served[takers]))


def north_west(stock: Parcels, place: Ints, target: Ints, wanted: Ints) -> Parcels:
    """Hand the stock at each place to that place's targets in order; at every place both sides have the same total."""
    giving = np.lexsort((stock.lot, stock.place))
    taking = np.lexsort((target, place))
    given, asked = np.cumsum(stock.amount[giving]), np.cumsum(wanted[taking])
    ends = np.union1d(given, asked)
    amount = np.diff(ends, prepend=0)
    lot = stock.lot[giving][np.searchsorted(given, ends)]
    return Parcels(target[taking][np.searchsorted(asked, ends)], lot, amount)


def merged(parcels: Parcels) -> Parcels:
    """Parcels of one lot at one place as one parcel, sorted by lot and place."""
    if not parcels.amount.size:
        return parcels
    order = np.lexsort((parcels.place, parcels.lot))
    place, lot, amount = parcels.place[order], parcels.lot[order], parcels.amount[order]
    opens = np.flatnonzero(np.concatenate([[True], (place[1:] != place[:-1]) | (lot[1:] != lot[:-1])]))
    return Parcels(place[opens], lot[opens], np.add.reduceat(amount, opens))
