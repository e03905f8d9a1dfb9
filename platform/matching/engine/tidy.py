"""Set aside rows that cannot take part, each with its one named reason; refuse instances that cannot be computed."""

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .rows import BANDS, LARGEST_SUM, InstanceError, Key, LotRow, NeedRow, Piece, Problem, key_order


@dataclass(frozen=True, slots=True)
class Rows:
    """What remains: rows in their one order, pins between them, bans as pairs, and the rows left out."""

    needs: list[NeedRow]
    lots: list[LotRow]
    pins: list[Piece]
    bans: frozenset[tuple[Key, Key]]
    excluded: list[Problem]


def tidy(
    needs: Iterable[NeedRow],
    lots: Iterable[LotRow],
    pins: Iterable[Piece],
    bans: Iterable[tuple[Key, Key]],
) -> Rows:
    """Rows in id order; a row with a fault is excluded and named, an impossible instance is refused."""
    all_needs = sorted(needs, key=lambda need: key_order(need.id))
    all_lots = sorted(lots, key=lambda lot: key_order(lot.id))
    _refuse_doubles("need", [need.id for need in all_needs])
    _refuse_doubles("lot", [lot.id for lot in all_lots])
    excluded: list[Problem] = []
    good_needs: list[NeedRow] = []
    for need in all_needs:
        if reason := need_fault(need):
            excluded.append(Problem("need", need.id, reason))
        else:
            good_needs.append(need)
    good_lots: list[LotRow] = []
    for lot in all_lots:
        if reason := lot_fault(lot):
            excluded.append(Problem("lot", lot.id, reason))
        else:
            good_lots.append(lot)
    _refuse_overflow(sum(need.amount for need in good_needs), sum(lot.quantity for lot in good_lots))
    good_pins, lost = _merge_pins(pins, good_needs, good_lots)
    return Rows(good_needs, good_lots, good_pins, frozenset(bans), excluded + lost)


def need_fault(need: NeedRow) -> str:
    """Why this need cannot take part, or nothing."""
    if not need.region:
        return "no_region"
    if not _is_prefix(need.region):
        return "bad_region"
    if need.severity not in BANDS:
        return "bad_severity"
    if need.amount <= 0:
        return "no_amount"
    if not 1 <= need.smallest <= need.amount:
        return "bad_smallest"
    return "reversed_window" if _reversed(need.earliest, need.latest) else ""


def lot_fault(lot: LotRow) -> str:
    """Why this lot cannot take part, or nothing."""
    if lot.quantity == 0:
        return "zero_quantity"
    if lot.quantity < 0:
        return "bad_quantity"
    if lot.region_prefix and not _is_prefix(lot.region_prefix):
        return "bad_region"
    if not 1 <= lot.smallest <= lot.quantity:
        return "bad_smallest"
    if lot.household_cap is not None and lot.household_cap < 0:
        return "bad_household_cap"
    return "reversed_window" if _reversed(lot.start, lot.until) else ""


def _is_prefix(code: str) -> bool:
    return 2 <= len(code) <= 12 and code.isascii() and code.isdigit()


def _reversed(first: dt.date | None, last: dt.date | None) -> bool:
    return first is not None and last is not None and last < first


def _refuse_doubles(kind: str, ids: Sequence[Key]) -> None:
    for one, other in pairwise(ids):
        if one == other:
            raise InstanceError(f"{kind} {one} appears twice")


def _refuse_overflow(demand: int, supply: int) -> None:
    if demand > LARGEST_SUM or supply > LARGEST_SUM:
        raise InstanceError(f"amounts add up to more than {LARGEST_SUM}")


def _merge_pins(
    pins: Iterable[Piece], needs: Sequence[NeedRow], lots: Sequence[LotRow]
) -> tuple[list[Piece], list[Problem]]:
    """Pins of one pair are one pin. A pin on a row left out is left out with it; pins never exceed their rows."""
    amount_of = {need.id: need.amount for need in needs}
    quantity_of = {lot.id: lot.quantity for lot in lots}
    merged: dict[tuple[Key, Key], int] = {}
    lost: list[Problem] = []
    for pin in pins:
        if pin.amount <= 0:
            raise InstanceError(f"pin of lot {pin.lot} to need {pin.need} has no amount")
        if pin.need not in amount_of or pin.lot not in quantity_of:
            lost.append(Problem("pin", f"{pin.lot}→{pin.need}", "row_left_out"))
            continue
        amount_of[pin.need] -= pin.amount
        quantity_of[pin.lot] -= pin.amount
        if amount_of[pin.need] < 0:
            raise InstanceError(f"pins of need {pin.need} exceed its amount")
        if quantity_of[pin.lot] < 0:
            raise InstanceError(f"pins of lot {pin.lot} exceed its quantity")
        pair = (pin.lot, pin.need)
        merged[pair] = merged.get(pair, 0) + pin.amount
    order = sorted(merged, key=lambda pair: (key_order(pair[0]), key_order(pair[1])))
    lost.sort(key=lambda problem: key_order(problem.id))
    return [Piece(lot, need, merged[lot, need]) for lot, need in order], lost
