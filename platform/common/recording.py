"""Where the journal plugs itself in, so that the lowest layer can record without knowing it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from common.actors import Actor

Recorder = Callable[..., Any]
_recorder: list[Recorder] = []


def install(recorder: Recorder, many: Recorder) -> None:
    """Called once, by the journal, when the applications are ready."""
    _recorder[:] = [recorder, many]


def record(action: str, obj: Any, *, by: Actor, at: datetime, **parameters: Any) -> None:
    """Write one act into the journal; an act that cannot be recorded does not happen."""
    _recorder[0](action, obj, by=by, at=at, **parameters)


def facts(**parameters: Any) -> dict[str, Any]:
    """What is written down of one of many acts."""
    return parameters


def record_all(action: str, acts: Sequence[tuple[Any, dict[str, Any]]], *, by: Actor, at: datetime) -> None:
    """The same act on many objects, each with its own entry and its own `facts`."""
    _recorder[1](action, acts, by=by, at=at)
