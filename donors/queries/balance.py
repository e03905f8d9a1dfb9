"""Recomputing the counters of every lot from its ledger."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Sum

from donors.enums import COUNTERS, Account
from donors.models import LedgerEntry, Lot


@dataclass(frozen=True)
class Break:
    """A lot whose counters are not what its ledger says."""

    public_id: str
    counters: dict[str, int]
    ledger: dict[str, int]


def ledger_breaks() -> Iterator[Break]:
    """Lots whose counters differ from their ledger, oldest first; one that was never listed has no ledger yet."""
    written = _written()
    rows = Lot.objects.order_by("pk").values_list("pk", "public_id", "quantity", "listed_at", *COUNTERS)
    for pk, public_id, quantity, listed_at, *found in rows.iterator(chunk_size=2000):
        counters = {str(name): value for name, value in zip(COUNTERS, found, strict=True)}
        expected = {str(name): written[pk][name] if pk in written else 0 for name in COUNTERS}
        if listed_at is None and pk not in written:
            expected[Account.AVAILABLE.value] = quantity
        if counters != expected or sum(found) != quantity:
            yield Break(public_id, counters, expected)


def _written() -> dict[int, defaultdict[str, int]]:
    sums: dict[int, defaultdict[str, int]] = {}
    rows = LedgerEntry.objects.values_list("lot_id", "source", "target").annotate(total=Sum("quantity"))
    for lot_id, source, target, total in rows.order_by("lot_id"):
        of_lot = sums.setdefault(lot_id, defaultdict(int))
        of_lot[source] -= total
        of_lot[target] += total
    return sums
