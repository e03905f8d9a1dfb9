"""The parameters of project scores and agency ratings; a result names its version (domain §4.7, §11.2, §11.3)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal


def _scorecard() -> Mapping[str, int]:
    return {
        "need_fit": 8,
        "logic": 7,
        "schedule": 15,
        "finance": 15,
        "records": 8,
        "team": 7,
        "attainment": 15,
        "satisfaction": 10,
        "change": 5,
        "sustainability": 10,
    }


def _components() -> Mapping[str, Decimal]:
    return {
        "projects": Decimal("0.50"),
        "capacity": Decimal("0.15"),
        "timeliness": Decimal("0.10"),
        "finance": Decimal("0.10"),
        "satisfaction": Decimal("0.10"),
        "openness": Decimal("0.05"),
    }


def _grades() -> Mapping[str, Decimal]:
    return {"excellent": Decimal(90), "good": Decimal(80), "pass": Decimal(60), "fail": Decimal(0)}


def _bands() -> Mapping[str, Decimal]:
    return {"A": Decimal(90), "B": Decimal(80), "C": Decimal(70), "D": Decimal(60), "E": Decimal(0)}


@dataclass(frozen=True)
class Policy:
    """Defaults of the domain; every value may change with a new version."""

    version: str = "rating-1"
    # project score
    scorecard: Mapping[str, int] = field(default_factory=_scorecard)
    grades: Mapping[str, Decimal] = field(default_factory=_grades)
    evaluators: int = 2
    largest_spread: Decimal = Decimal(10)
    # shrunk rating: prior strength C, and the weight of one project by its budget and age
    prior_strength: Decimal = Decimal(5)
    prior_spread: Decimal = Decimal(10)
    budget_unit: int = 1_000_000
    weight_offset: Decimal = Decimal("0.5")
    weight_ceiling: Decimal = Decimal("1.5")
    half_life_days: int = 730
    least_evidence: Decimal = Decimal(1)
    # composite
    components: Mapping[str, Decimal] = field(default_factory=_components)
    largest_missing: Decimal = Decimal("0.20")
    complaint_penalty: Decimal = Decimal(5)
    # bands
    bands: Mapping[str, Decimal] = field(default_factory=_bands)
    hysteresis: Decimal = Decimal(2)
    top_projects: int = 3
    top_months: int = 12


DEFAULT = Policy()

# Which heading belongs to which question of the paper: designed by science, run by the rules, with clear effect.
DIMENSIONS: Mapping[str, tuple[str, ...]] = {
    "design": ("need_fit", "logic"),
    "operation": ("schedule", "finance", "records", "team"),
    "effect": ("attainment", "satisfaction", "change", "sustainability"),
}
VETOES = (
    "fabricated_beneficiaries",
    "diverted_funds",
    "serious_harm",
    "privacy_leak_with_harm",
    "refused_evaluation",
)


def level_of(score: Decimal, floors: Mapping[str, Decimal]) -> str:
    """The highest level whose floor the score reaches."""
    return next(
        level for level, floor in sorted(floors.items(), key=lambda entry: -entry[1]) if score >= floor
    )
