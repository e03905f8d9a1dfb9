"""One fingerprint for everything a run was computed from."""

import datetime as dt
import hashlib
from collections.abc import Iterable
from dataclasses import fields
from functools import lru_cache
from operator import attrgetter

from .rows import Held, Key, LotRow, NeedRow, Piece, key_order

_need = attrgetter(*(field.name for field in fields(NeedRow)))
_lot = attrgetter(*(field.name for field in fields(LotRow)))


def inputs_hash(
    needs: Iterable[NeedRow],
    lots: Iterable[LotRow],
    *,
    pins: Iterable[Piece] = (),
    bans: Iterable[tuple[Key, Key]] = (),
    held: Iterable[Held] = (),
    on: dt.date,
) -> str:
    """SHA-256 over the rows in their one order: the same input in any order has the same fingerprint."""
    digest = hashlib.sha256(f"{on.isoformat()}\n".encode())
    for need in sorted(needs, key=lambda row: key_order(row.id)):
        digest.update(_line("need", _need(need)))
    for lot in sorted(lots, key=lambda row: key_order(row.id)):
        digest.update(_line("lot", _lot(lot)))
    for line in sorted(_line("pin", (pin.lot, pin.need, pin.amount)) for pin in pins):
        digest.update(line)
    for line in sorted({_line("ban", pair) for pair in bans}):
        digest.update(line)
    for line in sorted(_line("held", (row.lot, row.household, row.amount)) for row in held):
        digest.update(line)
    return digest.hexdigest()


def _line(kind: str, values: tuple[object, ...]) -> bytes:
    return ("\t".join([kind, *map(_text, values)]) + "\n").encode()


def _text(value: object) -> str:
    return _long_text(value) if isinstance(value, (frozenset, dt.date)) else repr(value)


@lru_cache(maxsize=100_000)
def _long_text(value: frozenset[object] | dt.date) -> str:
    """Sets in one order; the same few sets and days come back in every row."""
    if isinstance(value, frozenset):
        return "{" + ",".join(sorted(repr(entry) for entry in value)) + "}"
    return value.isoformat()
