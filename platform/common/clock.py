"""The one clock: the local and test profiles can advance it, production cannot."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

SHANGHAI = ZoneInfo("Asia/Shanghai")
_fixed: ContextVar[datetime | None] = ContextVar("fixed_time", default=None)


def now() -> datetime:
    """The present moment (UTC, aware), shifted by the moved clock where the profile allows one."""
    fixed = _fixed.get()
    if fixed is not None:
        return fixed
    return timezone.now() + _offset()


def today() -> date:
    """The present day in Asia/Shanghai."""
    return day_of(now())


def day_of(at: datetime) -> date:
    """The day in Asia/Shanghai on which a moment falls."""
    return at.astimezone(SHANGHAI).date()


@contextmanager
def fixed(at: datetime) -> Iterator[None]:
    """Hold the clock still within this context: building the demonstration and tests move it by hand."""
    _refuse_unless_movable()
    token = _fixed.set(at)
    try:
        yield
    finally:
        _fixed.reset(token)


def advance(by: timedelta) -> None:
    """Move the clock forward for every process on this machine ("a day later")."""
    _refuse_unless_movable()
    if by <= timedelta(0):
        raise ValueError("the clock only moves forward")
    path = _path()
    path.parent.mkdir(parents=True, exist_ok=True)
    whole = path.with_name(f"clock.{secrets.token_hex(8)}")
    whole.write_text(str((_offset() + by).total_seconds()), encoding="ascii")
    whole.replace(path)  # at once: a process that reads meanwhile finds the old shift or the new one


def _offset() -> timedelta:
    if not settings.CLOCK_CAN_MOVE:
        return timedelta(0)
    try:
        return timedelta(seconds=float(_path().read_text(encoding="ascii")))
    except FileNotFoundError:
        return timedelta(0)


def _path() -> Path:
    return Path(settings.VAR_DIR) / "clock"


def _refuse_unless_movable() -> None:
    if not settings.CLOCK_CAN_MOVE:
        raise RuntimeError("the clock cannot be moved in this profile")
