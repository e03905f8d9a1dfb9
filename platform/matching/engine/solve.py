"""The engine's front door: needs and lots in, a certified solution out."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence

import numpy as np

from .eligibility import Ledger, open_ledger
from .hashing import inputs_hash
from .item import ItemResult, solve_item
from .reasons import reasons_of, shortages_of
from .rows import BANDS, Held, InstanceError, Key, LotRow, NeedRow, Piece, key_order, sorted_keys
from .solution import BandProof, Certificate, Solution, Unmet
from .tidy import tidy

EFFORT = 10.0


def solve(
    needs: Iterable[NeedRow],
    lots: Iterable[LotRow],
    *,
    pins: Iterable[Piece] = (),
    bans: Iterable[tuple[Key, Key]] = (),
    held: Iterable[Held] = (),
    on: dt.date,
    effort: float = EFFORT,
) -> Solution:
    """Match lots to needs on a day: severity first, then fair tenths, then waiting time, then no waste.

    Items never compete, so each is solved for itself. Pins (accepted matches) stay as they are and are part of the
    result; bans are (lot, need) pairs; `held` is what households had of a lot before. `effort` bounds each search over
    indivisible parts, in deterministic time.
    """
    needs, lots, pins, bans, held = list(needs), list(lots), list(pins), list(bans), list(held)
    rows = tidy(needs, lots, pins, bans)
    _refuse_unreal(held)
    ledger = open_ledger(rows.needs, rows.pins, rows.bans, held)
    needs_of: dict[Key, list[NeedRow]] = defaultdict(list)
    lots_of: dict[Key, list[LotRow]] = defaultdict(list)
    for need in rows.needs:
        needs_of[need.item].append(need)
    for lot in rows.lots:
        lots_of[lot.item].append(lot)
    run = _Run(ledger)
    for item in sorted_keys(needs_of):
        run.add(item, needs_of[item], solve_item(needs_of[item], lots_of[item], ledger, on, effort))
    return Solution(
        on=on,
        inputs_hash=inputs_hash(needs, lots, pins=pins, bans=bans, held=held, on=on),
        needs={need.id: need for need in rows.needs},
        lots={lot.id: lot for lot in rows.lots},
        pins=tuple(rows.pins),
        bans=rows.bans,
        pieces=run.pieces(rows.pins),
        served=run.served,
        asked=run.asked,
        certificate=Certificate(tuple(run.proofs), run.lot_level, run.need_level),
        reasons=run.reasons,
        shortages=shortages_of(rows.needs, run.reasons),
        excluded=tuple(rows.excluded),
        held=tuple(held),
    )


def _refuse_unreal(held: Iterable[Held]) -> None:
    for row in held:
        if row.amount <= 0:
            raise InstanceError(f"household {row.household} had nothing of lot {row.lot}")


class _Run:
    """What the items add up to."""

    def __init__(self, ledger: Ledger) -> None:
        self.ledger = ledger
        self.amounts: dict[tuple[Key, Key], int] = {}
        self.served = dict.fromkeys(BANDS, 0)
        self.asked = dict.fromkeys(BANDS, 0)
        self.proofs: list[BandProof] = []
        self.lot_level: dict[Key, int] = {}
        self.need_level: dict[Key, int] = {}
        self.reasons: dict[Key, Unmet] = {}

    def add(self, item: Key, needs: Sequence[NeedRow], result: ItemResult) -> None:
        """Take one item's result."""
        lots = result.table.lots
        parcels = result.parcels
        for place, lot, amount in zip(
            parcels.place.tolist(), parcels.lot.tolist(), parcels.amount.tolist(), strict=True
        ):
            self.amounts[lots[lot].id, needs[place].id] = amount
        self.lot_level |= {
            lots[index].id: int(result.lot_level[index])
            for index in np.flatnonzero(result.lot_level).tolist()
        }
        self.need_level |= {
            needs[index].id: int(result.need_level[index])
            for index in np.flatnonzero(result.need_level).tolist()
        }
        self.reasons |= reasons_of(needs, result)
        self._prove(item, needs, result)

    def _prove(self, item: Key, needs: Sequence[NeedRow], result: ItemResult) -> None:
        """Coverage and bound of each band; they meet by the cut, or by the search that closed the gap."""
        severity = np.array([need.severity for need in needs])
        asked = np.array([need.amount for need in needs], np.int64)
        pinned = np.array([self.ledger.of_need.get(need.id, 0) for need in needs], np.int64)
        served, bound = pinned + result.served, pinned + result.divisible_served
        for band in BANDS:
            here, above = severity == band, severity >= band
            got, most = int(served[above].sum()), int(bound[above].sum())
            searched = "search" if result.proven else "open"
            proof = BandProof(
                item=item,
                band=band,
                asked=int(asked[here].sum()),
                served=int(served[here].sum()),
                served_above=got,
                bound_above=most,
                proof="cut" if got == most else searched,
            )
            self.proofs.append(proof)
            self.served[band] += proof.served
            self.asked[band] += proof.asked

    def pieces(self, pins: Iterable[Piece]) -> tuple[Piece, ...]:
        """New pieces and pins together, one piece a pair, in one order."""
        for pin in pins:
            self.amounts[pin.lot, pin.need] = self.amounts.get((pin.lot, pin.need), 0) + pin.amount
        order = sorted(self.amounts, key=lambda pair: (key_order(pair[0]), key_order(pair[1])))
        return tuple(Piece(lot, need, self.amounts[lot, need]) for lot, need in order)
