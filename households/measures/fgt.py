"""Foster–Greer–Thorbecke poverty: headcount, gap and severity of those strictly below the line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from households.measures.alkire_foster import plain

Amount = int | Decimal | Fraction


@dataclass(frozen=True)
class Poverty:
    """The three measures over `n`; None when there is nobody; `missing` had no value and is in none of them."""

    n: Fraction
    poor: Fraction
    missing: Fraction
    headcount: Fraction | None
    gap: Fraction | None
    severity: Fraction | None
    groups: Mapping[str, Poverty] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        return {
            "n": plain(self.n),
            "headcount": plain(self.headcount),
            "gap": plain(self.gap),
            "severity": plain(self.severity),
            "missing": plain(self.missing),
            "groups": {name: group.as_json() for name, group in self.groups.items()},
        }


@dataclass(frozen=True)
class Observation:
    """One value, or None when not known, with the weight of those who have it."""

    value: Amount | None
    weight: Amount = 1
    group: str | None = None


class _Sums:
    def __init__(self) -> None:
        self.n = self.poor = self.missing = self.short = self.squared = Fraction(0)

    def add(self, observation: Observation, line: Fraction) -> None:
        weight = Fraction(observation.weight)
        if observation.value is None:
            self.missing += weight
            return
        self.n += weight
        shortfall = line - Fraction(observation.value)
        if shortfall > 0:
            self.poor += weight
            self.short += weight * shortfall
            self.squared += weight * shortfall * shortfall

    def poverty(self, line: Fraction, groups: Mapping[str, Poverty]) -> Poverty:
        if not self.n:
            return Poverty(self.n, self.poor, self.missing, None, None, None, groups)
        return Poverty(
            n=self.n,
            poor=self.poor,
            missing=self.missing,
            headcount=self.poor / self.n,
            gap=self.short / line / self.n,
            severity=self.squared / line**2 / self.n,
            groups=groups,
        )


def poverty(observations: Iterable[Observation], *, line: Amount) -> Poverty:
    """P0, P1 and P2 over everybody and over each group; a value on the line is not poor."""
    cutoff = Fraction(line)
    if cutoff <= 0:
        raise ValueError("a poverty line lies above zero")
    everyone, by_group = _Sums(), dict[str, _Sums]()
    for observation in observations:
        everyone.add(observation, cutoff)
        if observation.group is not None:
            by_group.setdefault(observation.group, _Sums()).add(observation, cutoff)
    groups = {name: sums.poverty(cutoff, {}) for name, sums in sorted(by_group.items())}
    return everyone.poverty(cutoff, groups)
