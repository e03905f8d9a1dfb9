"""Which masked fields may be shown in full, and to whom: apps register them when they are ready.

accounts.reveal.register("households.member", "id_number", roles={Role.SOCIAL_WORKER, Role.SUPERVISOR})
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Revealable:
    label: str
    field: str
    roles: frozenset[str]


_known: dict[tuple[str, str], Revealable] = {}


def register(label: str, field: str, *, roles: Iterable[str]) -> None:
    """Allow these roles to see this field in full, one value at a time (`label` as in `app.model`)."""
    key = (label.lower(), field)
    _known[key] = Revealable(*key, roles=frozenset(str(role) for role in roles))


def lookup(label: str, field: str) -> Revealable | None:
    """What was registered for this field, or None: it stays masked."""
    return _known.get((label.lower(), field))
