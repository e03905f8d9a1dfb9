"""The plain records the engine reads: needs, lots, pins. No database, no framework."""

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

Key = int | str

BANDS = (5, 4, 3, 2, 1)
LARGEST_SUM = 2**60


class InstanceError(ValueError):
    """The instance as a whole cannot be computed; the message is one line."""


@dataclass(frozen=True, slots=True)
class NeedRow:
    """One household's need of one item, in the item's smallest unit.

    `smallest` is the smallest useful part: the need receives nothing or at least that much in all.
    `groups` are the population groups the household belongs to. `donors_related` are donors who must not serve it.
    """

    id: Key
    item: Key
    region: str
    severity: int
    amount: int
    waiting_since: dt.date
    earliest: dt.date | None = None
    latest: dt.date | None = None
    groups: frozenset[str] = frozenset()
    household: Key | None = None
    smallest: int = 1
    consent: bool = True
    public_measure: bool = False
    donors_related: frozenset[Key] = frozenset()


@dataclass(frozen=True, slots=True)
class LotRow:
    """One donor's or one public fund's resource of one item, with its conditions as typed data.

    No `groups` means any group; an empty `region_prefix` means the whole country. `smallest` is the smallest piece.
    `household_cap` limits what one household receives from this lot. `public` lots skip households that already
    receive the public measure for the item.
    """

    id: Key
    item: Key
    quantity: int
    region_prefix: str = ""
    groups: frozenset[str] = frozenset()
    min_severity: int = 1
    start: dt.date | None = None
    until: dt.date | None = None
    household_cap: int | None = None
    smallest: int = 1
    restricted_to_need: Key | None = None
    donor: Key | None = None
    public: bool = False


@dataclass(frozen=True, slots=True)
class Piece:
    """So much of one lot for one need. A pin is a piece that people have already accepted."""

    lot: Key
    need: Key
    amount: int


@dataclass(frozen=True, slots=True)
class Held:
    """So much of one lot this household has had before: it counts towards the lot's cap, and towards nothing else."""

    lot: Key
    household: Key
    amount: int


@dataclass(frozen=True, slots=True)
class Problem:
    """A row that was left out, and the one reason why."""

    kind: str
    id: Key
    reason: str


def key_order(key: Key) -> tuple[bool, int, str]:
    """Numbers before words: one total order over mixed ids, so that input order never matters."""
    return (True, 0, key) if isinstance(key, str) else (False, key, "")


def sorted_keys(keys: Iterable[Key]) -> list[Key]:
    """The keys in their one order."""
    return sorted(keys, key=key_order)
