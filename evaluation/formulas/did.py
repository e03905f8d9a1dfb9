"""Effects: change before–after and difference in differences, with a 95 % interval (domain §4.8)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from statistics import mean, variance

from evaluation.formulas.rounding import two_places

SMALLEST_ARM = 10
Pair = tuple[Decimal | int | None, Decimal | int | None]

# Two-sided 95 % quantiles of Student's t; between two rows the wider interval is taken.
T_QUANTILES = (
    (120, Decimal("1.980")),
    (60, Decimal("2.000")),
    (40, Decimal("2.021")),
    (30, Decimal("2.042")),
    (25, Decimal("2.060")),
    (20, Decimal("2.086")),
    (15, Decimal("2.131")),
    (12, Decimal("2.179")),
    (9, Decimal("2.262")),
)


@dataclass(frozen=True)
class Arm:
    """One group's changes from before to after, and how many had only one of the two."""

    changes: tuple[Decimal, ...]
    missing: int

    @property
    def n(self) -> int:
        return len(self.changes)

    @property
    def squared_error(self) -> Decimal:
        return variance(self.changes) / self.n


@dataclass(frozen=True)
class Effect:
    """An estimate with its interval; both are withheld (None) when an arm has fewer than ten."""

    estimate: Decimal | None
    low: Decimal | None
    high: Decimal | None
    n: int
    missing: int
    n_comparison: int | None = None
    missing_comparison: int | None = None

    @property
    def suppressed(self) -> bool:
        return self.estimate is None

    @property
    def is_above_zero(self) -> bool:
        """The whole interval lies above zero: the condition of an effective experience."""
        return self.low is not None and self.low > 0


def arm(pairs: Iterable[Pair]) -> Arm:
    """Changes of those measured twice; the others are counted and never filled in."""
    changes, missing = [], 0
    for before, after in pairs:
        if before is None or after is None:
            missing += 1
        else:
            changes.append(Decimal(after) - Decimal(before))
    return Arm(tuple(changes), missing)


def before_after(pairs: Iterable[Pair]) -> Effect:
    """Mean change with its interval; it shows a change, not a cause."""
    changed = arm(pairs)
    if changed.n < SMALLEST_ARM:
        return Effect(None, None, None, changed.n, changed.missing)
    half = changed.squared_error.sqrt() * _quantile(changed.n - 1)
    centre = mean(changed.changes)
    return Effect(*_around(centre, half), changed.n, changed.missing)


def difference_of_means(
    *, treated_before: Decimal, treated_after: Decimal, comparison_before: Decimal, comparison_after: Decimal
) -> Decimal:
    """(T1 - T0) - (C1 - C0) from means alone, and therefore without an interval."""
    return (treated_after - treated_before) - (comparison_after - comparison_before)


def difference_in_differences(treated: Iterable[Pair], comparison: Iterable[Pair]) -> Effect:
    """The change of the treated beyond the change of those still waiting; needs parallel trends to mean a cause."""
    first, second = arm(treated), arm(comparison)
    sizes = (first.n, first.missing, second.n, second.missing)
    if min(first.n, second.n) < SMALLEST_ARM:
        return Effect(None, None, None, *sizes)
    errors = first.squared_error, second.squared_error
    half = sum(errors, Decimal(0)).sqrt() * _quantile(_welch(first, second))
    return Effect(*_around(mean(first.changes) - mean(second.changes), half), *sizes)


def _welch(first: Arm, second: Arm) -> int:
    """Welch–Satterthwaite degrees of freedom, rounded down but never below those of the smaller arm.

    Two arms without spread have all of them.
    """
    total = first.squared_error + second.squared_error
    if not total:
        return first.n + second.n - 2
    parts = first.squared_error**2 / (first.n - 1) + second.squared_error**2 / (second.n - 1)
    return max(int(total**2 / parts), min(first.n, second.n) - 1)


def _quantile(degrees: int) -> Decimal:
    return next(quantile for least, quantile in T_QUANTILES if degrees >= least)


def _around(centre: Decimal, half: Decimal) -> tuple[Decimal, Decimal, Decimal]:
    return two_places(centre), two_places(centre - half), two_places(centre + half)
