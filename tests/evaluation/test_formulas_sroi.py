"""Social return: the worked example and what makes it smaller."""

from dataclasses import replace
from decimal import Decimal

import pytest

from evaluation.formulas.sroi import Outcome, social_return

WORKED = Outcome(
    "income",
    Decimal(200_000),
    proxy="wages of a year",
    deadweight=Decimal("0.20"),
    displacement=Decimal("0.05"),
    attribution=Decimal("0.30"),
    drop_off=Decimal("0.25"),
    years=3,
)


def test_worked_example_is_two_point_three_one():
    found = social_return([WORKED], investment=Decimal(100_000), rate=Decimal("0.035"))

    assert found.by_year == (Decimal("106400.00"), Decimal("79800.00"), Decimal("59850.00"))
    assert round(found.present_value) == 231_277
    assert found.ratio == Decimal("2.31")
    assert found.outcomes[0].proxy == "wages of a year"


def test_outcomes_of_different_length_add_up_by_year():
    short = replace(WORKED, name="health", years=1)

    assert social_return([WORKED, short], investment=Decimal(1), rate=Decimal(0)).by_year == (
        Decimal("212800.00"),
        Decimal("79800.00"),
        Decimal("59850.00"),
    )


def test_what_would_have_happened_anyway_is_no_return():
    anyway = replace(WORKED, deadweight=Decimal(1))

    assert social_return([anyway], investment=Decimal(1), rate=Decimal(0)).ratio == 0
    assert social_return([], investment=Decimal(1), rate=Decimal(0)).ratio == 0


@pytest.mark.parametrize(
    "change", [{"deadweight": Decimal("1.1")}, {"attribution": Decimal("-0.1")}, {"years": 0}]
)
def test_share_outside_one_or_no_year_is_an_error(change):
    with pytest.raises(ValueError, match="shares"):
        replace(WORKED, **change)


def test_return_without_investment_is_an_error():
    with pytest.raises(ValueError, match="investment"):
        social_return([WORKED], investment=Decimal(0), rate=Decimal(0))
