"""What waits for somebody: one shape for every party's home page."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Todo:
    """One thing to do: `due` puts the overdue first; `count` groups many of a kind behind one link."""

    title: Any
    url: str
    due: datetime | None = None
    detail: Any = ""
    count: int = 1
    kind: str = ""
    at_once: bool = False  # before everything else, whatever its day


@dataclass(frozen=True)
class Figure:
    """One figure of a home page: what was given, what came of it."""

    label: Any
    value: Any
    detail: Any = ""
    url: str = ""


@dataclass(frozen=True)
class Panel:
    """One section on a file page: a title and a template with its context."""

    title: Any
    template: str
    context: dict[str, Any]


def by_urgency(todos: list[Todo]) -> list[Todo]:
    """What cannot wait, then overdue and soonest first; what has no date last."""
    return sorted(
        todos,
        key=lambda todo: (not todo.at_once, todo.due is None, todo.due.timestamp() if todo.due else 0.0),
    )
