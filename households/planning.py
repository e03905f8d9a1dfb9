"""A service plan as named answers, one field each: what the page asks, and what a stale save compares."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.attainment import GOALS_AT_MOST, LEVELS

STEPS_AT_MOST = 8
LEVEL_WORDS = {
    -2: gettext_lazy("much less than hoped for (-2)"),
    -1: gettext_lazy("less than hoped for (-1)"),
    0: gettext_lazy("as hoped for (0)"),
    1: gettext_lazy("more than hoped for (+1)"),
    2: gettext_lazy("much more than hoped for (+2)"),
}


def flat(goals: list[dict[str, Any]], steps: list[dict[str, Any]]) -> dict[str, Any]:
    """Every answer under its name."""
    found: dict[str, Any] = {}
    for number, goal in enumerate(goals, start=1):
        found[f"goal_{number}_text"] = goal["text"]
        found[f"goal_{number}_weight"] = goal["weight"]
        for place, words in zip(LEVELS, goal["levels"], strict=True):
            found[f"goal_{number}_level_{place + 3}"] = words
        found[f"goal_{number}_now"] = goal["now"]
    for number, step in enumerate(steps, start=1):
        found[f"step_{number}_what"] = step["what"]
        found[f"step_{number}_who"] = step["who"]
        found[f"step_{number}_due"] = date.fromisoformat(step["due"]) if step["due"] else None
    return found


def goals_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The goals that are written, in their order; an empty one is left out."""
    return [goal for number in range(1, GOALS_AT_MOST + 1) if (goal := _goal(data, number))]


def _goal(data: Mapping[str, Any], number: int) -> dict[str, Any] | None:
    name = f"goal_{number}_"
    levels = [data.get(f"{name}level_{place + 3}", "") for place in LEVELS]
    if not data.get(f"{name}text") and not any(levels):
        return None
    now = data.get(f"{name}now")
    return {
        "text": data.get(f"{name}text", ""),
        "weight": data.get(f"{name}weight") or 1,
        "levels": levels,
        "now": None if now is None else int(now),
    }


def steps_of(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = []
    for number in range(1, STEPS_AT_MOST + 1):
        name = f"step_{number}_"
        what, due = data.get(f"{name}what", ""), data.get(f"{name}due")
        if what or due:
            found.append(
                {
                    "what": what,
                    "who": data.get(f"{name}who") or "worker",
                    "due": due.isoformat() if due else "",
                }
            )
    return found


def label_of(name: str) -> str:
    """What a named answer is called where two versions stand side by side."""
    kind, number, *rest = name.split("_")
    words = {"number": number}
    return (_("Goal %(number)s") if kind == "goal" else _("Step %(number)s")) % words + _part(rest)


def _part(rest: list[str]) -> str:
    if rest[0] == "level":
        return f" · {LEVEL_WORDS[int(rest[1]) - 3]}"
    parts = {
        "text": "",
        "what": "",
        "weight": _("weight"),
        "now": _("where the family is now"),
        "who": _("who does it"),
        "due": _("by when"),
    }
    return f" · {parts[rest[0]]}" if parts[rest[0]] else ""


def differences(theirs: Mapping[str, Any], yours: Mapping[str, Any]) -> Iterator[tuple[str, Any, Any]]:
    """The named answers in which the two differ."""
    for name in sorted({*theirs, *yours}):
        if theirs.get(name) != yours.get(name):
            yield name, theirs.get(name), yours.get(name)
