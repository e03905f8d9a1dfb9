"""An agency's rating from its inputs alone: the same inputs and policy give the same numbers, today and tomorrow."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from evaluation.formulas.policy import Policy
from evaluation.formulas.rating import Composite, Result, Shrunk, band, composite_rating, shrunk_rating
from evaluation.formulas.rounding import two_places
from evaluation.formulas.wilson import wilson

HUNDRED = Decimal(100)


@dataclass(frozen=True)
class Numbers:
    """What a rating shows."""

    projects: Shrunk
    composite: Composite
    level: str

    def as_json(self) -> dict[str, Any]:
        """As the row keeps it."""
        return {
            "low": _text(self.projects.low),
            "high": _text(self.projects.high),
            "evidence": str(two_places(self.projects.evidence)),
            "components": {name: _text(value) for name, value in self.composite.components.items()},
            "missing": list(self.composite.missing),
            "penalty": str(self.composite.penalty),
        }


def compute(inputs: Mapping[str, Any], policy: Policy) -> Numbers:
    """Shrink what the evaluations say, compose it with what else is known, and find the band (domain §11.2, §11.3).

    Money matters and satisfaction are shrunk like the results: two good projects never outweigh twenty.
    """
    results = inputs["results"]
    projects = _shrunk(results, "score", inputs["mean"], policy)
    components = {
        "projects": projects.rating,
        "capacity": _decimal(inputs["capacity"]),
        "timeliness": _share(inputs["milestones_kept"], inputs["milestones_due"]),
        "finance": _shrunk(results, "finance", inputs["finance_mean"], policy).rating,
        "satisfaction": _shrunk(results, "satisfaction", inputs["satisfaction_mean"], policy).rating,
        "openness": _share(inputs["feedback_kept"], inputs["feedback_due"]),
    }
    composite = composite_rating(components, policy=policy)
    level = ""
    if composite.score is not None:
        level = band(
            composite.score,
            previous=inputs["previous_level"],
            finished_projects=len(results),
            months=inputs["months"],
            policy=policy,
        )
    return Numbers(projects=projects, composite=composite, level=level)


def _shrunk(results: Any, name: str, mean: str | None, policy: Policy) -> Shrunk:
    rows = [
        Result(score=Decimal(result[name]), weight=Decimal(result["weight"]))
        for result in results
        if result[name] is not None
    ]
    return shrunk_rating(rows, mean=Decimal(mean or 0), policy=policy)


def _share(kept: int, due: int) -> Decimal | None:
    """The lower Wilson bound of a yes-or-no share, in points; None when nothing was due."""
    bounds = wilson(kept, due)
    return None if bounds is None else two_places(bounds.low * HUNDRED)


def _decimal(value: Any) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)
