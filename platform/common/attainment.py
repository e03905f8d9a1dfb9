"""Goal attainment scaling: Kiresuk and Sherman's T (domain §4.4), for goals of families and of projects alike."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal

LEVELS = range(-2, 3)
RHO = Decimal("0.30")
GOALS_AT_LEAST, GOALS_AT_MOST = 2, 5
CENT = Decimal("0.01")


@dataclass(frozen=True)
class Goal:
    """A goal's weight and the level reached, 0 being what was expected."""

    weight: int
    level: int

    def __post_init__(self) -> None:
        if self.weight < 1 or self.level not in LEVELS:
            raise ValueError("a goal weighs at least 1 and reaches a level from -2 to 2")


def goal_attainment(goals: Sequence[Goal], *, rho: Decimal = RHO) -> Decimal:
    """T = 50 + 10·Σwx / √((1-r)·Σw² + r·(Σw)²); 50 is exactly as expected (Kiresuk and Sherman 1968).

    The distance from 50 has two places, so that mirrored results lie equally far from it.
    """
    if not GOALS_AT_LEAST <= len(goals) <= GOALS_AT_MOST:
        raise ValueError("goal attainment is scaled over two to five goals")
    reached = sum(goal.weight * goal.level for goal in goals)
    squares = sum(goal.weight**2 for goal in goals)
    square = sum(goal.weight for goal in goals) ** 2
    distance = 10 * reached / ((1 - rho) * squares + rho * square).sqrt()
    return 50 + distance.quantize(CENT, ROUND_HALF_UP)
