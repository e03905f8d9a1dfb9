"""Donor contribution points and stars by a versioned policy (domain §11.1); values in fen, points in yuan."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from typing import Literal

CENT = Decimal("0.01")

Kind = Literal["money", "goods", "service", "job", "training", "information"]
Stage = Literal["pledged", "confirmed", "delivered", "evaluated_good", "breached"]
Fit = Literal["fit", "rejected", "expired"]
DonorKind = Literal["individual", "enterprise", "social_organisation", "foundation", "government"]


def _types() -> Mapping[str, Decimal]:
    return {
        "money": Decimal("1.0"),
        "goods": Decimal("0.9"),
        "service": Decimal("1.0"),
        "job": Decimal("1.2"),
        "training": Decimal("1.1"),
        "information": Decimal("0.3"),
    }


def _stages() -> Mapping[str, Decimal]:
    return {
        "pledged": Decimal(0),
        "confirmed": Decimal("0.2"),
        "delivered": Decimal(1),
        "evaluated_good": Decimal("1.1"),
        "breached": Decimal("-0.5"),
    }


def _fits() -> Mapping[str, Decimal]:
    return {"fit": Decimal(1), "rejected": Decimal(0), "expired": Decimal(0)}


@dataclass(frozen=True)
class Policy:
    """The parameters of one version; a score names its version and keeps its inputs."""

    version: str = "donors-1"
    beta: Decimal = Decimal(1)
    half_life_days: int = 365
    types: Mapping[str, Decimal] = field(default_factory=_types)
    stages: Mapping[str, Decimal] = field(default_factory=_stages)
    fits: Mapping[str, Decimal] = field(default_factory=_fits)
    # Floors of two to five stars for organisations; one star is one delivered contribution.
    star_floors: tuple[Decimal, ...] = (Decimal(1_000), Decimal(10_000), Decimal(100_000), Decimal(1_000_000))
    individual_divisor: Decimal = Decimal(10)
    drop_below: Decimal = Decimal("0.9")
    drop_after_periods: int = 2


DEFAULT = Policy()


@dataclass(frozen=True)
class Contribution:
    """One contribution with its verified value, None when nobody stated one; `ref` names it without identity data."""

    ref: str
    kind: Kind
    stage: Stage
    value: int | None
    on: date
    fit: Fit = "fit"


@dataclass(frozen=True)
class ContributionScore:
    """The score of a day, the points of each contribution, and what star rules need to know."""

    as_of: date
    policy_version: str
    score: Decimal
    points: Mapping[str, Decimal | None]
    delivered: int
    first_on: date | None


def contribution_points(
    contribution: Contribution, *, as_of: date, policy: Policy = DEFAULT
) -> Decimal | None:
    """V^β by type, stage and fit, halved every half-life since the day; rounded to the cent; none without a value."""
    if contribution.value is None:
        return None
    value = (Decimal(contribution.value) / 100) ** policy.beta
    weight = (
        policy.types[contribution.kind] * policy.stages[contribution.stage] * policy.fits[contribution.fit]
    )
    age = Decimal((as_of - contribution.on).days)
    return (value * weight * Decimal(2) ** (-age / policy.half_life_days)).quantize(CENT, ROUND_HALF_UP)


def contribution_score(
    contributions: Iterable[Contribution], *, as_of: date, policy: Policy = DEFAULT
) -> ContributionScore:
    """The sum of the points on a day; what lies after the day belongs to a later score."""
    counted = [one for one in contributions if one.on <= as_of]
    points = {one.ref: contribution_points(one, as_of=as_of, policy=policy) for one in counted}
    if len(points) != len(counted):
        raise ValueError("a contribution counts once")
    return ContributionScore(
        as_of=as_of,
        policy_version=policy.version,
        score=sum((earned for earned in points.values() if earned is not None), Decimal("0.00")),
        points=points,
        delivered=sum(1 for one in counted if _is_delivered(one)),
        first_on=min((one.on for one in counted if _is_delivered(one)), default=None),
    )


def _is_delivered(contribution: Contribution) -> bool:
    return contribution.stage in ("delivered", "evaluated_good") and contribution.fit == "fit"


@dataclass(frozen=True)
class Stars:
    """The level shown, and for how many periods the score has lain clearly below it."""

    level: int = 0
    periods_below: int = 0


def star_level(
    score: ContributionScore, *, donor_kind: DonorKind, previous: Stars = Stars(), policy: Policy = DEFAULT
) -> Stars:
    """Stars by rolling score; up at once, down only after periods in a row below nine tenths of the floor."""
    floors = _floors(donor_kind, policy)
    earned = 0
    if score.delivered:
        earned = 1 + sum(1 for floor in floors if score.score >= floor)
    if earned >= previous.level:
        return Stars(earned)
    if (
        previous.level > 1
        and score.delivered
        and score.score >= policy.drop_below * floors[previous.level - 2]
    ):
        return Stars(previous.level)
    below = previous.periods_below + 1
    return Stars(earned) if below >= policy.drop_after_periods else Stars(previous.level, below)


def _floors(donor_kind: DonorKind, policy: Policy) -> list[Decimal]:
    divisor = policy.individual_divisor if donor_kind == "individual" else Decimal(1)
    return [floor / divisor for floor in policy.star_floors]


def rank(scores: Mapping[str, ContributionScore]) -> list[tuple[int, str, ContributionScore]]:
    """One board, best first: (rank, donor, score); the same score ranks by the earlier first contribution."""

    def order(entry: tuple[str, ContributionScore]) -> tuple[Decimal, date, str]:
        donor, score = entry
        return -score.score, score.first_on or date.max, donor

    delivered = [entry for entry in scores.items() if entry[1].delivered]
    return [
        (place, donor, score) for place, (donor, score) in enumerate(sorted(delivered, key=order), start=1)
    ]
