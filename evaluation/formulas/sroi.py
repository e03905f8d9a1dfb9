"""Social return on investment with every proxy on the table (domain §4.8)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from evaluation.formulas.rounding import two_places


@dataclass(frozen=True)
class Outcome:
    """One valued outcome in yuan; the shares are what would have happened, moved elsewhere, or is others' doing."""

    name: str
    value: Decimal
    proxy: str
    deadweight: Decimal
    displacement: Decimal
    attribution: Decimal
    drop_off: Decimal = Decimal(0)
    years: int = 1

    def __post_init__(self) -> None:
        shares = (self.deadweight, self.displacement, self.attribution, self.drop_off)
        if any(not 0 <= share <= 1 for share in shares) or self.years < 1:
            raise ValueError("shares lie between 0 and 1, and an outcome lasts at least a year")

    def by_year(self) -> list[Decimal]:
        """What the project itself achieved in each year, dropping off."""
        first = self.value * (1 - self.deadweight) * (1 - self.displacement) * (1 - self.attribution)
        return [first * (1 - self.drop_off) ** year for year in range(self.years)]


@dataclass(frozen=True)
class Return:
    """The ratio with everything it rests on, because a ratio without its proxies says nothing."""

    present_value: Decimal
    investment: Decimal
    ratio: Decimal
    rate: Decimal
    by_year: tuple[Decimal, ...]
    outcomes: tuple[Outcome, ...]


def social_return(outcomes: Sequence[Outcome], *, investment: Decimal, rate: Decimal) -> Return:
    """Discounted value of the outcomes over the money put in; the first year is discounted once."""
    if investment <= 0:
        raise ValueError("a return needs an investment above zero")
    years = max((outcome.years for outcome in outcomes), default=0)
    totals = [Decimal(0)] * years
    for outcome in outcomes:
        for year, value in enumerate(outcome.by_year()):
            totals[year] += value
    present = sum((value / (1 + rate) ** (year + 1) for year, value in enumerate(totals)), Decimal(0))
    return Return(
        present_value=two_places(present),
        investment=investment,
        ratio=two_places(present / investment),
        rate=rate,
        by_year=tuple(two_places(value) for value in totals),
        outcomes=tuple(outcomes),
    )
