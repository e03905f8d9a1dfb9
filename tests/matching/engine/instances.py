"""Small random instances, and the slow plain way to their best coverage."""

import datetime as dt
from functools import cache
from itertools import product

from hypothesis import strategies as st

from matching.engine import Held, LotRow, NeedRow, Piece

TODAY = dt.date(2026, 11, 23)
REGIONS = ("990101", "990101001001", "990102", "99")
PREFIXES = ("", "99", "9901", "990101", "990101001001", "98")
GROUPS = ("elderly", "children", "disabled")
OFFSETS = st.sampled_from([None, -20, -5, 0, 5, 20])


def day(offset):
    return None if offset is None else TODAY + dt.timedelta(days=offset)


@st.composite
def windows(draw):
    first, last = draw(OFFSETS), draw(OFFSETS)
    if first is not None and last is not None and last < first:
        first, last = last, first
    return day(first), day(last)


@st.composite
def need_rows(draw, key, indivisible=False):
    earliest, latest = draw(windows())
    amount = draw(st.integers(1, 4))
    return NeedRow(
        id=key,
        item=draw(st.sampled_from(["quilt", "rice"])),
        region=draw(st.sampled_from(REGIONS)),
        severity=draw(st.integers(1, 5)),
        amount=amount,
        waiting_since=TODAY - dt.timedelta(days=draw(st.integers(0, 3))),
        earliest=earliest,
        latest=latest,
        groups=frozenset(draw(st.sets(st.sampled_from(GROUPS), max_size=2))),
        household=draw(st.sampled_from([None, "h1", "h2"])),
        smallest=draw(st.integers(1, amount)) if indivisible else 1,
        consent=draw(st.integers(0, 9)) > 0,
        public_measure=draw(st.integers(0, 4)) == 0,
        donors_related=frozenset(draw(st.sets(st.sampled_from(["mill", "bank"]), max_size=1))),
    )


@st.composite
def lot_rows(draw, key, needs, indivisible=False):
    start, until = draw(windows())
    quantity = draw(st.integers(1, 6))
    return LotRow(
        id=key,
        item=draw(st.sampled_from(["quilt", "quilt", "rice"])),
        quantity=quantity,
        region_prefix=draw(st.sampled_from(PREFIXES)),
        groups=frozenset(draw(st.sets(st.sampled_from(GROUPS), max_size=2))),
        min_severity=draw(st.sampled_from([1, 1, 1, 3])),
        start=start,
        until=until,
        household_cap=draw(st.sampled_from([None, None, 0, 1, 2, 5])),
        smallest=draw(st.integers(1, min(3, quantity))) if indivisible else 1,
        restricted_to_need=draw(st.sampled_from([None] * 6 + [need.id for need in needs])),
        donor=draw(st.sampled_from([None, "mill", "bank"])),
        public=draw(st.booleans()),
    )


@st.composite
def instances(draw, indivisible=False, pinned=False):
    """Needs, lots, pins and bans that fit together."""
    needs = [draw(need_rows(f"n{index}", indivisible)) for index in range(draw(st.integers(0, 5)))]
    lots = [draw(lot_rows(index, needs, indivisible)) for index in range(draw(st.integers(0, 4)))]
    pairs = [(lot.id, need.id) for lot, need in product(lots, needs)]
    bans = draw(st.sets(st.sampled_from(pairs), max_size=2)) if pairs else set()
    pins = []
    if pinned and pairs:
        lot_id, need_id = draw(st.sampled_from(pairs))
        lot = next(lot for lot in lots if lot.id == lot_id)
        need = next(need for need in needs if need.id == need_id)
        most = min(lot.quantity, need.amount)
        if lot.item == need.item:
            pins.append(Piece(lot_id, need_id, draw(st.integers(min(need.smallest, most), most))))
    return needs, lots, pins, bans


@st.composite
def with_history(draw, indivisible=False, pinned=False):
    """An instance whose households have had something of some lots before."""
    needs, lots, pins, bans = draw(instances(indivisible, pinned))
    pairs = [(lot.id, household) for lot, household in product(lots, ("h1", "h2", "h9"))]
    had = draw(st.sets(st.sampled_from(pairs), max_size=4)) if pairs else set()
    return needs, lots, pins, bans, [Held(lot, who, draw(st.integers(1, 4))) for lot, who in sorted(had)]


def may(lot, need, bans):
    """Whether this lot may serve this need, caps and parts apart."""
    begin = max(filter(None, [lot.start, need.earliest, TODAY]))
    end = min(filter(None, [lot.until, need.latest, dt.date.max]))
    return (
        lot.item == need.item
        and need.region.startswith(lot.region_prefix)
        and (not lot.groups or bool(lot.groups & need.groups))
        and need.severity >= lot.min_severity
        and begin <= end
        and lot.restricted_to_need in (None, need.id)
        and need.consent
        and not (lot.public and need.public_measure)
        and lot.donor not in need.donors_related
        and (lot.id, need.id) not in bans
    )


def best_coverage(needs, lots, pins, bans, held=()):
    """Units served by band, best in strict order, found by trying every plan."""
    stock = [lot.quantity for lot in lots]
    pinned = {(pin.lot, pin.need): pin.amount for pin in pins}
    homes = sorted({str(need.household or need.id) for need in needs})
    room = [[99 if lot.household_cap is None else lot.household_cap for _ in homes] for lot in lots]
    for (lot_id, need_id), amount in pinned.items():
        lot = next(i for i, row in enumerate(lots) if row.id == lot_id)
        need = next(row for row in needs if row.id == need_id)
        stock[lot] -= amount
        home = homes.index(str(need.household or need.id))
        room[lot][home] = max(0, room[lot][home] - amount)

    for row in held:
        if row.household in homes:
            at = next(i for i, lot in enumerate(lots) if lot.id == row.lot)
            home = homes.index(row.household)
            room[at][home] = max(0, room[at][home] - row.amount)

    @cache
    def plans(index, stock, room):
        if index == len(needs):
            return (0, 0, 0, 0, 0)
        need = needs[index]
        home = homes.index(str(need.household or need.id))
        before = sum(amount for (_, need_id), amount in pinned.items() if need_id == need.id)
        choices = []
        for at, lot in enumerate(lots):
            least = 1 if (lot.id, need.id) in pinned else lot.smallest
            most = min(stock[at], room[at][home], need.amount - before) if may(lot, need, bans) else 0
            choices.append([0, *range(least, most + 1)])
        best = None
        for pieces in product(*choices):
            total = sum(pieces)
            if before + total > need.amount or (total and before + total < need.smallest):
                continue
            rest = plans(
                index + 1,
                tuple(have - take for have, take in zip(stock, pieces, strict=True)),
                tuple(
                    tuple(cap - take if where == home else cap for where, cap in enumerate(caps))
                    for caps, take in zip(room, pieces, strict=True)
                ),
            )
            served = list(rest)
            served[5 - need.severity] += before + total
            best = max(best or tuple(served), tuple(served))
        return best

    found = plans(0, tuple(stock), tuple(map(tuple, room)))
    return {5 - place: units for place, units in enumerate(found)}
