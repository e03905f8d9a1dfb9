"""Explanations as plain data: conditions beside values, rank, next candidates."""

from __future__ import annotations

from datetime import date
from typing import Any

from matching.bundles import SEPARATOR, untagged
from matching.engine.explain import Explainer


def explanation_of(explainer: Explainer, need_id: int, lot_id: int) -> dict[str, Any]:
    """Why this lot for this need: every condition compared, the rank, and who else could have been asked."""
    explanation = explainer.explain(need_id)
    chosen = next((candidate for candidate in explanation.matched if candidate.lot == lot_id), None)
    comparisons = chosen.comparisons if chosen else ()
    return {
        "rank": explanation.rank,
        "peers": explanation.peers,
        "conditions": [
            {
                "condition": c.condition,
                "lot": _shown(c.condition, c.lot),
                "need": _shown(c.condition, c.need),
                "holds": c.holds,
            }
            for c in comparisons
        ],
        "next": [{"lot": c.lot, "left": c.left} for c in explanation.next],
    }


def _shown(condition: str, value: object) -> Any:
    """Among tied items the groups carry the items with them; people read the groups alone."""
    plain = _plain(value)
    tagged = condition == "group" and isinstance(plain, list) and any(SEPARATOR in word for word in plain)
    return untagged(plain) if tagged else plain


def _plain(value: object) -> Any:
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, frozenset | set | tuple | list):
        return sorted(str(_plain(inner)) for inner in value)
    return value if isinstance(value, str | int | bool) or value is None else str(value)
