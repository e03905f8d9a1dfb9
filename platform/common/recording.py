"""Where the journal plugs itself in, so that the lowest layer can record without knowing it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from common.actors import Actor

Recorder = Callable[..., Any]
_recorder: list[Recorder] = []


def install(recorder: Recorder) -> None:
    """Called once, by the journal, when the applications are ready."""
    _recorder[:] = [recorder]


def record(action: str, obj: Any, *, by: Actor, at: datetime, **parameters: Any) -> None:
    """Write one act into the journal; an act that cannot be recorded does not happen."""
    _recorder[0](action, obj, by=by, at=at, **parameters)
