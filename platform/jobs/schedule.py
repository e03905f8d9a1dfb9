"""Work by the clock: the database remembers what was done for which period, so a stopped beat only delays it.

The sweeper asks every few seconds which periods have begun and makes their jobs; a period that passed while nothing
ran is made up for, the newest one only. Times of day are those of Asia/Shanghai.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Any

from celery.schedules import crontab

from common.clock import SHANGHAI

LONGEST = 400  # days within which every crontab comes round


@dataclass(frozen=True)
class Due:
    """A period that has begun: the job it asks for."""

    kind: str
    key: str
    params: dict[str, Any]


@dataclass(frozen=True)
class Entry:
    when: timedelta | crontab
    kind: str
    key: Callable[[datetime], str]
    params: Callable[[datetime], dict[str, Any]]


_entries: dict[str, Entry] = {}


def every(
    name: str,
    when: float | timedelta | crontab,
    kind: str,
    *,
    key: Callable[[datetime], str] | None = None,
    params: Callable[[datetime], dict[str, Any]] | None = None,
) -> None:
    """Declare clock work: every so many seconds, or by a crontab in Shanghai time; called from an app's tasks module.

    `key` and `params` are given the moment at which the period began; periods with the same key are done once.
    """
    _entries[name] = Entry(
        when=timedelta(seconds=when) if isinstance(when, int | float) else when,
        kind=kind,
        key=key or (lambda at: f"{name}:{at.astimezone(SHANGHAI):%Y-%m-%dT%H:%M:%S}"),
        params=params or (lambda at: {}),
    )


def due(at: datetime) -> Iterator[Due]:
    """For every entry, the job of the period that this moment lies in."""
    for entry in _entries.values():
        began = period_start(entry.when, at)
        yield Due(entry.kind, entry.key(began), entry.params(began))


def period_start(when: timedelta | crontab, at: datetime) -> datetime:
    """The newest moment not after `at` at which the period begins."""
    if isinstance(when, timedelta):
        seconds = when.total_seconds()
        return datetime.fromtimestamp(at.timestamp() // seconds * seconds, UTC)
    local = at.astimezone(SHANGHAI)
    for back in range(LONGEST):
        day = local.date() - timedelta(days=back)
        if (
            day.month not in when.month_of_year
            or day.day not in when.day_of_month
            or day.isoweekday() % 7 not in when.day_of_week
        ):
            continue
        times = (time(hour, minute) for hour in when.hour for minute in when.minute)
        moments = (datetime.combine(day, one, SHANGHAI) for one in times)
        newest = max((moment for moment in moments if moment <= local), default=None)
        if newest is not None:
            return newest
    raise ValueError(f"{when} never comes round")
