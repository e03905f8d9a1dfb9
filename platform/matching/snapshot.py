"""From database rows to the engine's plain records, frozen at one moment."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from django.db.models import Q, Sum

from common.clock import day_of
from donors.models import Lot
from donors.queries import lots_listed
from households.models import MeasureReceived, Need
from matching.bundles import Bundles, bundles_of
from matching.engine import Held, LotRow, NeedRow, Piece
from matching.enums import HELD
from matching.models import Ban, Pin, Proposal
from matching.related import donors_related_to
from matching.rules import held, pair_conditions


@dataclass(frozen=True)
class Snapshot:
    """What a run reads: needs and lots in the engine's terms, pins, bans, what families have of capped lots, the day;
    the items behind them.
    """

    needs: list[NeedRow]
    lots: list[LotRow]
    pins: list[Piece]
    bans: list[tuple[int, int]]
    held: list[Held]
    on: date
    item_of_need: dict[int, int] = field(default_factory=dict)
    items_of_lot: dict[int, frozenset[int]] = field(default_factory=dict)


def take_snapshot(*, prefix: str, on: date) -> Snapshot:
    """Every open need of an area with what is still missing, and every lot that could serve it."""
    open_needs = Need.objects.open_on(on).filter(area__startswith=prefix)
    needs = list(open_needs.select_related("item", "household").order_by("pk"))
    helped = _public_measures(needs, on)
    related = donors_related_to([need.household_id for need in needs])
    lots = [lot for lot in lots_listed(on).prefetch_related("items").order_by("pk") if _reaches(lot, prefix)]
    items_of_lot = {lot.pk: frozenset(item.pk for item in lot.items.all()) for lot in lots}
    bundles = bundles_of(items_of_lot.values())
    numbers = {need.public_id: need.pk for need in needs}
    return Snapshot(
        needs=[
            bundles.need(need_row(need, (need.household_id, need.item_id) in helped, related))
            for need in needs
        ],
        lots=[row for lot in lots for row in lot_rows(lot, numbers, items_of_lot[lot.pk], bundles)],
        pins=_pins(needs, lots, on),
        bans=list(
            Ban.objects.in_force()
            .filter(need__in=[need.pk for need in needs])
            .values_list("lot_id", "need_id")
        ),
        held=_held(needs, lots),
        on=on,
        item_of_need={need.pk: need.item_id for need in needs},
        items_of_lot=items_of_lot,
    )


def need_row(need: Need, public_measure: bool, related: dict[int, frozenset[int]]) -> NeedRow:
    """A need in the engine's terms: what is still missing of it."""
    return NeedRow(
        id=need.pk,
        item=need.item_id,
        region=need.area,
        severity=need.severity or 1,
        amount=need.remaining,
        waiting_since=day_of(need.opened_at or need.created_at),
        earliest=need.earliest,
        latest=need.deadline,
        groups=frozenset(need.groups),
        household=need.household_id,
        smallest=min(need.smallest, need.remaining),
        public_measure=public_measure,
        donors_related=related.get(need.household_id, frozenset()),
    )


def lot_rows(lot: Lot, numbers: dict[str, int], items: frozenset[int], bundles: Bundles) -> list[LotRow]:
    """A lot in the engine's terms; a lot for a need outside the run has none."""
    restricted = numbers.get(lot.restricted_ref) if lot.restricted_ref else None
    if not items or (lot.restricted_ref and restricted is None):
        return []
    ends = [end for end in (lot.valid_until, lot.expires_on) if end is not None]
    row = LotRow(
        id=lot.pk,
        item=min(items),
        quantity=lot.available,
        region_prefix=lot.area_prefix,
        groups=frozenset(lot.groups),
        min_severity=lot.min_severity,
        start=lot.valid_from,
        until=min(ends) if ends else None,
        household_cap=lot.per_household_cap,
        smallest=lot.smallest,
        restricted_to_need=restricted,
        donor=lot.donor_id,
        public=lot.origin == "public_fund",
    )
    return [bundles.lot(row, sorted(items))]


def _reaches(lot: Lot, prefix: str) -> bool:
    return lot.area_prefix.startswith(prefix) or prefix.startswith(lot.area_prefix)


def _public_measures(needs: list[Need], on: date) -> set[tuple[int, int]]:
    rows = MeasureReceived.objects.filter(
        Q(period_end__isnull=True) | Q(period_end__gte=on),
        source="public",
        period_start__lte=on,
        household__in=[need.household_id for need in needs],
        item__isnull=False,
    )
    return {(household, item) for household, item in rows.values_list("household_id", "item_id") if item}


def _held(needs: list[Need], lots: list[Lot]) -> list[Held]:
    """What each family has or has been promised of every lot with a cap per household, from matches before this run."""
    rows = (
        Proposal.objects.filter(
            state__in=HELD,
            lot__in=[lot.pk for lot in lots if lot.per_household_cap is not None],
            need__household__in={need.household_id for need in needs},
        )
        .values("lot_id", "need__household_id")
        .annotate(total=Sum("amount"))
        .order_by("lot_id", "need__household_id")
    )
    return [Held(row["lot_id"], row["need__household_id"], row["total"]) for row in rows]


def _pins(needs: list[Need], lots: list[Lot], on: date) -> list[Piece]:
    """Pairs a worker keeps, the earliest first, as far as a decision could still accept them today."""
    open_needs, offered = {need.pk: need for need in needs}, {lot.pk: lot for lot in lots}
    missing = {need.pk: need.remaining for need in needs}
    free = {lot.pk: lot.available for lot in lots}
    taken: dict[tuple[int, int], int] = defaultdict(int)
    kept: list[Piece] = []
    for pin in Pin.objects.in_force().filter(need__in=list(open_needs)).order_by("pk"):
        need, lot = open_needs[pin.need_id], offered.get(pin.lot_id)
        if lot is None or pin.amount > min(missing[need.pk], free[lot.pk]):
            continue
        family = (lot.pk, need.household_id)
        if not _pair_holds(need, lot, pin.amount, taken[family], on):
            continue
        missing[need.pk] -= pin.amount
        free[lot.pk] -= pin.amount
        taken[family] += pin.amount
        kept.append(Piece(lot.pk, need.pk, pin.amount))
    return kept


def _pair_holds(need: Need, lot: Lot, amount: int, beside: int, on: date) -> bool:
    """Whether every condition holds for this amount, and the cap also together with what is kept beside it."""
    cap = lot.per_household_cap
    together = cap is None or held(need, lot) + beside + amount <= cap
    banned = Ban.objects.in_force().filter(need=need, lot=lot).exists()
    return together and not banned and all(pair_conditions(need, lot, amount, on).values())
