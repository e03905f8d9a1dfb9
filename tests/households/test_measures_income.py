"""Per-capita net income: the worked example, what is never counted, and rounding."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.measures.income import (
    COUNTY_STATISTICS,
    FORMULAS,
    MONITORING_REFERENCE,
    NET_INCOME,
    per_capita_net_income,
)

WORKED = [
    ("wages", 1_800_000),
    ("operating", 950_000),
    ("operating_cost", 320_000),
    ("property", 80_000),
    ("transfer", 132_000),
    ("transfer", 480_000),
    ("transfer", 41_000),
    ("recorded", 300_000),
    ("recorded", 1_240_000),
]


def income(lines: Any, **options: Any) -> Any:
    return per_capita_net_income(lines, **options)


def test_worked_example_leaves_grants_and_reimbursements_out():
    found: Any = per_capita_net_income(WORKED, size=4)

    assert found.net == 3_163_000
    assert found.per_capita == Decimal("7907.50")
    assert found.formula_version == "net-income-1"
    assert found.sums["transfer"] == 653_000
    assert found.sums["recorded"] == 1_540_000


def test_result_recomputes_from_what_it_carries():
    found: Any = per_capita_net_income(WORKED, size=4)

    assert (
        per_capita_net_income(found.sums.items(), size=found.size, formula=FORMULAS[found.formula_version])
        == found
    )


def test_monitoring_reference_adds_claims_and_subtracts_compliant_costs():
    lines = [*WORKED, ("claims_received", 200_000), ("compliant_out_of_pocket", 800_000)]

    assert income(lines, size=4).per_capita == Decimal("7907.50")
    assert income(lines, size=4, formula=MONITORING_REFERENCE).net == 2_563_000


def test_county_statistics_subtracts_taxes_depreciation_and_gifts():
    lines = [*WORKED, ("taxes", 1_000), ("depreciation", 20_000), ("gifts_to_kin", 2_000)]

    assert income(lines, size=4, formula=COUNTY_STATISTICS).net == 3_140_000


@pytest.mark.parametrize(
    ("net", "size", "yuan"), [(1, 2, "0.01"), (5, 4, "0.01"), (100, 3, "0.33"), (-1, 2, "-0.01")]
)
def test_half_a_cent_rounds_away_from_zero(net, size, yuan):
    kind = "wages" if net > 0 else "operating_cost"

    assert income([(kind, abs(net))], size=size).per_capita == Decimal(yuan)


@pytest.mark.parametrize("lines", [[], [("recorded", 500)], [("wages", 100), ("property", None)]])
def test_unknown_income_is_not_zero(lines):
    assert per_capita_net_income(lines, size=2) is None


def test_unknown_grant_does_not_hide_a_known_income():
    assert income([("wages", 0), ("recorded", None)], size=2).per_capita == 0


def test_unknown_kind_and_empty_household_are_errors():
    with pytest.raises(ValueError, match="gambling"):
        per_capita_net_income([("gambling", 1)], size=1)
    with pytest.raises(ValueError, match="at least one"):
        per_capita_net_income([("wages", 1)], size=0)


@given(
    st.lists(st.tuples(st.sampled_from(sorted(NET_INCOME.signs)), st.integers(0, 10**12)), min_size=1),
    st.integers(1, 20),
)
def test_per_capita_is_within_half_a_cent_of_the_net(lines, size):
    found: Any = per_capita_net_income(lines, size=size)

    if found is not None:
        assert abs(found.per_capita * 100 * size - found.net) <= Decimal(size) / 2
