"""A kept score in words: each thing that is lacked with its weight, what is not known, and whether it is still so."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction
from typing import Any

from households.cards.facts import FACTS
from households.measures.alkire_foster import CHINA_FOUR_DIMENSIONS, Scheme
from households.models import HouseholdScore, HouseholdYear
from households.models.scores import Formula
from households.scores.writing import scored

SCHEMES: dict[int, Scheme] = {Formula.CHINA_FOUR_DIMENSIONS_1: CHINA_FOUR_DIMENSIONS}


@dataclass(frozen=True)
class Kept:
    """The score of a year as it is kept. `depth` and `poor` are None when too much is not known."""

    formula: str
    scored_at: datetime
    depth: float | None
    poor: bool | None
    parts: list[tuple[Any, float]]  # what is lacked, in words, and its share of the whole
    unknown: list[Any]


def kept_score(year: HouseholdYear) -> Kept | None:
    """None while there is none, or while the facts have changed since and the next run has not come by."""
    found: HouseholdScore | None = getattr(year, "score", None)
    scheme = SCHEMES.get(found.formula) if found else None
    if found is None or scheme is None:
        return None
    now = scored(scheme, year.pk, [getattr(year, name) for name in scheme.weights], found.scored_at)
    if (now.deprived, now.unknown) != (found.deprived, found.unknown):
        return None
    names = list(scheme.weights)
    return Kept(
        formula=found.get_formula_display(),
        scored_at=found.scored_at,
        depth=float(Fraction(found.found, found.known)) if found.poor is not None else None,
        poor=found.poor,
        parts=[
            (FACTS[name].label, float(Fraction(scheme.weights[name], found.known)))
            for place, name in enumerate(names)
            if found.deprived >> place & 1
        ],
        unknown=[FACTS[name].label for place, name in enumerate(names) if found.unknown >> place & 1],
    )
