"""What kinds of job there are and who does them."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, field
from typing import Any

from jobs.models import Job


@dataclass(frozen=True)
class Step:
    """Progress to keep: everything since the last step is committed together with it."""

    done: int = 0
    total: int = 0
    cursor: dict[str, Any] = field(default_factory=dict)


Work = Callable[[Job], Generator[Step, None, "dict[str, Any] | None"]]


@dataclass(frozen=True)
class Handler:
    """A kind's work and how many seconds one of its steps may take."""

    kind: str
    work: Work
    lease: int


_handlers: dict[str, Handler] = {}


def handler(kind: str, *, lease: int = 120) -> Callable[[Work], Work]:
    """Register a generator function as the work of a kind; `lease` is longer than its longest step."""

    def register(work: Work) -> Work:
        _handlers[kind] = Handler(kind, work, lease)
        return work

    return register


def handler_of(kind: str) -> Handler:
    """The handler of a kind; a job nobody can do is a fault of deployment."""
    return _handlers[kind]


def known_kinds() -> frozenset[str]:
    return frozenset(_handlers)
