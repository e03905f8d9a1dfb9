"""Per-capita net income by a versioned formula (domain §2.5); amounts in fen, the result in yuan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from types import MappingProxyType

CENT = Decimal("0.01")

_NET: dict[str, int] = {
    "wages": 1,
    "operating": 1,
    "property": 1,
    "transfer": 1,
    "operating_cost": -1,
    # Education, medical and housing grants, gifts and donated goods are written down and never counted.
    "recorded": 0,
    "claims_received": 0,
    "compliant_out_of_pocket": 0,
    "taxes": 0,
    "depreciation": 0,
    "gifts_to_kin": 0,
}


@dataclass(frozen=True)
class Formula:
    """Which kind of line adds (1), subtracts (-1) or is only recorded (0)."""

    version: str
    signs: Mapping[str, int]


NET_INCOME = Formula("net-income-1", MappingProxyType(_NET))
MONITORING_REFERENCE = Formula(
    "monitoring-reference-1",
    MappingProxyType(_NET | {"claims_received": 1, "compliant_out_of_pocket": -1}),
)
COUNTY_STATISTICS = Formula(
    "county-statistics-1",
    MappingProxyType(_NET | {"taxes": -1, "depreciation": -1, "gifts_to_kin": -1}),
)
FORMULAS = {formula.version: formula for formula in (NET_INCOME, MONITORING_REFERENCE, COUNTY_STATISTICS)}


@dataclass(frozen=True)
class PerCapitaIncome:
    """The result with what it was made of, so that it can be made again."""

    net: int
    per_capita: Decimal
    size: int
    formula_version: str
    sums: Mapping[str, int]


def per_capita_net_income(
    lines: Iterable[tuple[str, int | None]], *, size: int, formula: Formula = NET_INCOME
) -> PerCapitaIncome | None:
    """Net income over household size, half a cent rounded up; None when nothing or not everything is known.

    `lines` are (kind, fen). A kind the formula does not know is an error, never a zero.
    """
    if size < 1:
        raise ValueError("a household has at least one member")
    sums: Counter[str] = Counter()
    unknown = False
    for kind, amount in lines:
        if kind not in formula.signs:
            raise ValueError(f"{formula.version} does not know the kind {kind!r}")
        if amount is None:
            unknown = unknown or formula.signs[kind] != 0
        else:
            sums[kind] += amount
    if unknown or not any(formula.signs[kind] for kind in sums):
        return None
    net = sum(formula.signs[kind] * amount for kind, amount in sums.items())
    per_capita = (Decimal(net) / 100 / size).quantize(CENT, ROUND_HALF_UP)
    return PerCapitaIncome(net, per_capita, size, formula.version, MappingProxyType(dict(sums)))
