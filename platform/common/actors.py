"""Who acts: a signed-in user, a household holding its query code, or the system itself."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol


class Actor(Protocol):
    """Anyone who can be named in the journal, without identity data."""

    @property
    def actor_kind(self) -> str: ...

    @property
    def actor_ref(self) -> str: ...


@dataclass(frozen=True)
class SystemActor:
    """A job acting by rule and clock, never by judgement."""

    actor_ref: str
    actor_kind: str = "system"


@dataclass(frozen=True)
class CodeHolder:
    """A household that proved itself by query code and phone or ID tail; `actor_ref` is the application's public_id."""

    actor_ref: str
    actor_kind: str = "household"


SYSTEM = SystemActor("system")
