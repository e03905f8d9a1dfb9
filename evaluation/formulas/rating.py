"""Agency rating: shrunk towards the mean, composed, banded without flicker (domain §11.2, §11.3)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluation.formulas.policy import DEFAULT, Policy, level_of
from evaluation.formulas.rounding import two_places

Z = Decimal("1.96")
HIGHEST, LOWEST = Decimal(100), Decimal(0)


@dataclass(frozen=True)
class Result:
    """One finished evaluation: its score, and how much it weighs."""

    score: Decimal
    weight: Decimal


@dataclass(frozen=True)
class Shrunk:
    """The shrunk mean with its interval, its number and its evidence; `rating` is None below the least evidence."""

    rating: Decimal | None
    low: Decimal | None
    high: Decimal | None
    n: int
    evidence: Decimal


def project_weight(*, budget: int, age_days: int, policy: Policy = DEFAULT) -> Decimal:
    """min(1.5, log10(1 + budget / 10,000 yuan) + 0.5), halved every two years; the budget is in fen."""
    size = (1 + Decimal(budget) / policy.budget_unit).log10() + policy.weight_offset
    recency = Decimal(2) ** (-Decimal(age_days) / policy.half_life_days)
    return min(policy.weight_ceiling, size) * recency


def shrunk_rating(results: Sequence[Result], *, mean: Decimal, policy: Policy = DEFAULT) -> Shrunk:
    """(C·m + Σur) / (C + Σu): few results stay near the mean of all, many speak for themselves."""
    evidence = sum((result.weight for result in results), Decimal(0))
    if evidence < policy.least_evidence:
        return Shrunk(None, None, None, len(results), evidence)
    whole = policy.prior_strength + evidence
    points = sum((result.weight * result.score for result in results), policy.prior_strength * mean)
    rating = points / whole
    spread = sum(
        (result.weight * (result.score - rating) ** 2 for result in results),
        policy.prior_strength * policy.prior_spread**2,
    )
    half = Z * (spread / whole / whole).sqrt()
    return Shrunk(
        rating=two_places(rating),
        low=two_places(max(rating - half, LOWEST)),
        high=two_places(min(rating + half, HIGHEST)),
        n=len(results),
        evidence=evidence,
    )


@dataclass(frozen=True)
class Composite:
    """The rating of an agency; None when too much of it is unknown."""

    score: Decimal | None
    components: Mapping[str, Decimal | None]
    missing: tuple[str, ...]
    penalty: Decimal
    policy_version: str


def composite_rating(
    components: Mapping[str, Decimal | None], *, complaints: int = 0, policy: Policy = DEFAULT
) -> Composite:
    """Weighted sum of components from 0 to 100, minus five for every confirmed complaint, never below zero.

    What is unknown is left out and the rest scaled up; no project rating, or over a fifth unknown, gives no rating.
    """
    if set(components) != set(policy.components):
        raise ValueError(f"components differ: {sorted(set(components) ^ set(policy.components))}")
    known = {name: value for name, value in components.items() if value is not None}
    if any(not LOWEST <= value <= HIGHEST for value in known.values()):
        raise ValueError("a component lies between 0 and 100")
    weight = sum((policy.components[name] for name in known), Decimal(0))
    penalty = policy.complaint_penalty * complaints
    score = None
    if "projects" in known and 1 - weight <= policy.largest_missing:
        points = sum((policy.components[name] * value for name, value in known.items()), Decimal(0))
        score = two_places(max(points / weight - penalty, LOWEST))
    return Composite(
        score=score,
        components=dict(components),
        missing=tuple(sorted(set(components) - set(known))),
        penalty=penalty,
        policy_version=policy.version,
    )


def band(
    score: Decimal, *, previous: str = "", finished_projects: int, months: int, policy: Policy = DEFAULT
) -> str:
    """The level of a score; a change needs two points beyond the border, the top needs projects and a year.

    `previous` is "" for an agency without a level.
    """
    order = sorted(policy.bands, key=lambda level: policy.bands[level])
    level = level_of(score, policy.bands)
    if previous and order.index(level) > order.index(previous):
        sure = level_of(max(score - policy.hysteresis, LOWEST), policy.bands)
        level = max(sure, previous, key=order.index)
    elif previous and order.index(level) < order.index(previous):
        level = previous if score >= policy.bands[previous] - policy.hysteresis else level
    proven = finished_projects >= policy.top_projects and months >= policy.top_months
    return level if proven else min(level, order[-2], key=order.index)
