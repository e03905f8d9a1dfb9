"""Clock work: what beat asks for, declared by the apps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from celery.schedules import crontab

from common import clock
from common.actors import SYSTEM
from jobs.models import Job
from jobs.services import enqueue


@dataclass(frozen=True)
class Regular:
    """A kind of job asked for regularly; `key` makes one per day, or per whatever the moment gives."""

    name: str
    kind: str
    when: timedelta | crontab
    key: Callable[[datetime], str]
    params: Callable[[datetime], list[dict[str, Any]]]


_regular: dict[str, Regular] = {}


def every(
    name: str,
    when: timedelta | crontab,
    kind: str,
    *,
    key: Callable[[datetime], str] | None = None,
    params: Callable[[datetime], list[dict[str, Any]]] | None = None,
) -> None:
    """Declare clock work; by default one job per name and day. `params` may give several jobs (one per region)."""
    by_day: Callable[[datetime], str] = lambda at: clock.day_of(at).isoformat()  # noqa: E731 — a default value
    _regular[name] = Regular(name, kind, when, key or by_day, params or (lambda _at: [{}]))


def regular() -> dict[str, Regular]:
    """Everything declared so far."""
    return dict(_regular)


def ask(name: str) -> list[Job]:
    """Ask for a regular job now; asking twice for the same key gives the same job."""
    entry = _regular[name]
    at = clock.now()
    return [
        enqueue(
            entry.kind,
            key=f"{name}:{entry.key(at)}:{number}",
            by=SYSTEM,
            at=at,
            params=params,
            once=True,
        )
        for number, params in enumerate(entry.params(at))
    ]
