"""Multidimensional poverty after Alkire and Foster (domain §5): whole weights, exact ties, two units never mixed."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from math import lcm
from types import MappingProxyType
from typing import Any, Literal

Unit = Literal["households", "persons"]
Number = int | Fraction


@dataclass(frozen=True)
class Scheme:
    """Indicators with whole weights, the poverty cutoff, and how much of the weight may be unknown."""

    version: str
    weights: Mapping[str, int]
    k: Fraction = Fraction(1, 3)
    max_missing: Fraction = Fraction(1, 5)

    def __post_init__(self) -> None:
        if not self.weights or any(weight <= 0 for weight in self.weights.values()):
            raise ValueError("every indicator carries a weight above zero")
        if not 0 < self.k <= 1:
            raise ValueError("the cutoff lies above 0 and at most at 1")

    @property
    def total(self) -> int:
        return sum(self.weights.values())

    def share(self, indicator: str) -> Fraction:
        """The indicator's weight as a part of one."""
        return Fraction(self.weights[indicator], self.total)


# Weights in basis points: four dimensions of a quarter each (domain §5.2).
CHINA_FOUR_DIMENSIONS = Scheme(
    "china-four-dimensions-1",
    MappingProxyType(
        {
            "below_line": 2500,
            "adult_schooling": 1250,
            "out_of_school": 1250,
            "illness_burden": 1250,
            "uninsured": 1250,
            "housing_unsafe": 500,
            "water_unsafe": 500,
            "no_sanitary_toilet": 500,
            "solid_fuel": 500,
            "few_assets": 500,
        }
    ),
)
CHINA_DIMENSIONS = (
    ("below_line",),
    ("adult_schooling", "out_of_school"),
    ("illness_burden", "uninsured"),
    ("housing_unsafe", "water_unsafe", "no_sanitary_toilet", "solid_fuel", "few_assets"),
)
REPORTED_CUTOFFS = (Fraction(1, 4), Fraction(1, 3), Fraction(1, 2))


def scheme_of(
    version: str,
    weights: Mapping[str, Number] | Sequence[str],
    *,
    k: Fraction = Fraction(1, 3),
    max_missing: Fraction = Fraction(1, 5),
) -> Scheme:
    """A scheme from any fractions, made whole by their common denominator; names alone weigh the same."""
    parts = weights if isinstance(weights, Mapping) else dict.fromkeys(weights, 1)
    shares = {name: Fraction(weight) for name, weight in parts.items()}
    whole = lcm(*(share.denominator for share in shares.values()))
    plain_weights = MappingProxyType({name: int(share * whole) for name, share in shares.items()})
    return Scheme(version, plain_weights, k, max_missing)


def without(scheme: Scheme, left_out: Collection[str], dimensions: Iterable[Sequence[str]]) -> Scheme:
    """The scheme for a population that was never asked about some indicators: another scheme, and named so.

    What is left of a dimension carries the whole weight of that dimension, in the old proportions, so that the
    dimensions still weigh against each other as domain §5.2 has them; a dimension that was not asked at all falls
    away and the others grow in proportion. This is a choice of indicators made once for everybody, not an answer
    made up for anybody: a household of which an asked indicator is not known keeps the rule of a fifth (`score`).
    """
    weights: dict[str, Fraction] = {}
    for dimension in dimensions:
        kept = [name for name in dimension if name in scheme.weights and name not in left_out]
        whole = sum(scheme.weights.get(name, 0) for name in dimension)
        part = sum(scheme.weights[name] for name in kept)
        weights |= {name: Fraction(scheme.weights[name] * whole, part) for name in kept}
    names = ", ".join(name for name in scheme.weights if name in left_out)
    version = f"{scheme.version} without {names}" if names else scheme.version
    return scheme_of(version, weights, k=scheme.k, max_missing=scheme.max_missing)


@dataclass(frozen=True)
class Profile:
    """One answer pattern (None = not known), with all households and persons that share it."""

    deprived: Mapping[str, bool | None]
    households: Number = 1
    persons: Number | None = None
    group: str | None = None

    def count(self, unit: Unit) -> Number:
        if unit == "households":
            return self.households
        if self.persons is None:
            raise ValueError("persons are not known for every profile: measure households instead")
        return self.persons


@dataclass(frozen=True)
class Score:
    """The deprivation score of one household; `value` is None when too much is unknown."""

    value: Fraction | None
    missing: Fraction

    def is_poor(self, k: Fraction) -> bool:
        return self.value is not None and self.value >= k


def score(deprived: Mapping[str, bool | None], scheme: Scheme = CHINA_FOUR_DIMENSIONS) -> Score:
    """Weight of the deprivations over the weight of what is known; unscored when over a fifth is unknown.

    The unknown is neither deprived nor not deprived: what is known is scaled up to one, and counted as partial.
    """
    known = sum(weight for name, weight in scheme.weights.items() if deprived.get(name) is not None)
    missing = 1 - Fraction(known, scheme.total)
    if not known or missing > scheme.max_missing:
        return Score(None, missing)
    found = sum(weight for name, weight in scheme.weights.items() if deprived.get(name))
    return Score(Fraction(found, known), missing)


@dataclass(frozen=True)
class Measure:
    """H, A and M0 with their parts; None where there is nothing to divide by."""

    unit: Unit
    scheme_version: str
    k: Fraction
    n: Fraction
    q: Fraction
    headcount: Fraction | None
    intensity: Fraction | None
    m0: Fraction | None
    raw: Mapping[str, Fraction | None]
    censored: Mapping[str, Fraction | None]
    contribution: Mapping[str, Fraction | None]
    unscored: Fraction
    partial: Fraction
    groups: Mapping[str, Measure] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """Plain numbers under the names of the published formulas."""
        return {
            "n": plain(self.n),
            "q": plain(self.q),
            "H": plain(self.headcount),
            "A": plain(self.intensity),
            "M0": plain(self.m0),
            "censored": {name: plain(value) for name, value in self.censored.items()},
            "contribution": {name: plain(value) for name, value in self.contribution.items()},
            "unscored": plain(self.unscored),
            "groups": {name: group.as_json() for name, group in self.groups.items()},
        }


class _Sums:
    """Running sums over the patterns of one group, in whole weights; never floats."""

    def __init__(self, scheme: Scheme) -> None:
        self.scheme = scheme
        self.n: Number = 0
        self.q: Number = 0
        self.unscored: Number = 0
        self.partial: Number = 0
        self.known: dict[str, Number] = dict.fromkeys(scheme.weights, 0)
        self.raw: dict[str, Number] = dict.fromkeys(scheme.weights, 0)
        self.censored: dict[str, Number] = dict.fromkeys(scheme.weights, 0)
        self.weighted: dict[str, Number] = dict.fromkeys(scheme.weights, 0)

    def add(self, answers: Mapping[str, bool | None], found: Score, count: Number) -> None:
        if found.value is None:
            self.unscored += count
            return
        self.n += count
        self.partial += count if found.missing else 0
        poor = found.is_poor(self.scheme.k)
        self.q += count if poor else 0
        scaled = count / (1 - found.missing) if found.missing else count
        for name, answer in answers.items():
            if answer is None:
                continue
            self.known[name] += count
            if answer:
                self.raw[name] += count
                if poor:
                    self.censored[name] += count
                    self.weighted[name] += scaled * self.scheme.weights[name]

    def measure(self, unit: Unit, groups: Mapping[str, Measure]) -> Measure:
        depth = Fraction(sum(self.weighted.values()))
        return Measure(
            unit=unit,
            scheme_version=self.scheme.version,
            k=self.scheme.k,
            n=Fraction(self.n),
            q=Fraction(self.q),
            headcount=_ratio(self.q, self.n),
            intensity=_ratio(depth, self.q * self.scheme.total),
            m0=_ratio(depth, self.n * self.scheme.total),
            raw={name: _ratio(value, self.known[name]) for name, value in self.raw.items()},
            censored={name: _ratio(value, self.known[name]) for name, value in self.censored.items()},
            contribution={name: _ratio(value, depth) for name, value in self.weighted.items()},
            unscored=Fraction(self.unscored),
            partial=Fraction(self.partial),
            groups=groups,
        )


def measure(profiles: Iterable[Profile], *, unit: Unit, scheme: Scheme = CHINA_FOUR_DIMENSIONS) -> Measure:
    """The adjusted headcount ratio over all profiles and over each of their groups, in one unit."""
    # Many profiles, few patterns: counting first keeps exact fractions cheap.
    patterns: dict[tuple[tuple[bool | None, ...], str | None], Number] = {}
    for profile in profiles:
        answers = tuple(map(profile.deprived.get, scheme.weights))
        key = (answers, profile.group)
        patterns[key] = patterns.get(key, 0) + profile.count(unit)
    everyone, by_group = _Sums(scheme), dict[str, _Sums]()
    for (answers, group), count in patterns.items():
        pattern = dict(zip(scheme.weights, answers, strict=True))
        found = score(pattern, scheme)
        everyone.add(pattern, found, count)
        if group is not None:
            by_group.setdefault(group, _Sums(scheme)).add(pattern, found, count)
    groups = {name: sums.measure(unit, {}) for name, sums in sorted(by_group.items())}
    return everyone.measure(unit, groups)


def plain(value: Fraction | None) -> int | float | None:
    """A fraction as JSON holds it."""
    if value is None:
        return None
    return value.numerator if value.denominator == 1 else float(value)


def _ratio(part: Number, whole: Number) -> Fraction | None:
    return Fraction(part) / whole if whole else None
