"""What the ledgers share: batches and amounts as they are printed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from common.clock import SHANGHAI
from reference.enums import ItemKind
from reference.models import Item

CHUNK = 2000
CENT = Decimal("0.01")


def moments(start: date, end: date) -> tuple[datetime, datetime]:
    first, last = (datetime.combine(day, time(), tzinfo=SHANGHAI) for day in (start, end))
    return first, last


def batches(queryset: Any) -> Iterator[list[Any]]:
    """Rows in the order of their numbers, a batch at a time: flat memory for any size."""
    last = 0
    while batch := list(queryset.filter(pk__gt=last).order_by("pk")[:CHUNK]):
        yield batch
        last = batch[-1].pk


def yuan(fen: int) -> Decimal:
    return Decimal(fen).scaleb(-2)


def amount(quantity: int, item: Item) -> int | Decimal:
    """In the item's unit: yuan with their fen, a whole count whole, a part of a unit as exact as it is."""
    if item.kind == ItemKind.MONEY:
        return yuan(quantity)
    whole, rest = divmod(quantity, item.unit_factor)
    return whole if not rest else Decimal(quantity) / item.unit_factor


def two_places(value: Decimal | None) -> Decimal | None:
    """A stored figure with its two places, whichever database computed it."""
    return None if value is None else value.quantize(CENT)
