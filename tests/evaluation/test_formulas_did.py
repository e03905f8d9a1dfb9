"""Before–after and difference in differences: the worked example, intervals, small arms, missing pairs."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.formulas.did import before_after, difference_in_differences, difference_of_means

PAIRS = st.lists(st.tuples(st.integers(0, 20_000), st.integers(0, 20_000)), min_size=10, max_size=40)


def test_worked_example_from_means():
    found: Any = difference_of_means(
        treated_before=Decimal(5200),
        treated_after=Decimal(8100),
        comparison_before=Decimal(5400),
        comparison_after=Decimal(7000),
    )

    assert found == 1300


def test_worked_example_from_households():
    treated = [(5200 + shift, 8100 + 3 * shift) for shift in (-100, -50, 0, 50, 100)] * 4
    comparison = [(5400 + shift, 7000 + 2 * shift) for shift in (-100, -50, 0, 50, 100)] * 4

    found: Any = difference_in_differences(treated, comparison)

    assert found.estimate == 1300
    # Changes spread by 2·shift and 1·shift: error 36.27, 27 degrees of freedom read as 25, t = 2.060.
    assert (found.low, found.high) == (Decimal("1225.28"), Decimal("1374.72"))
    assert (found.n, found.n_comparison) == (20, 20)
    assert found.is_above_zero


def test_arm_below_ten_is_suppressed():
    found: Any = difference_in_differences([(1, 2)] * 9, [(1, 1)] * 30)

    assert found.suppressed
    assert (found.estimate, found.low, found.high, found.is_above_zero) == (None, None, None, False)
    assert (found.n, found.n_comparison) == (9, 30)


def test_half_measured_pairs_are_counted_and_never_filled_in():
    found: Any = before_after([(100, 110)] * 10 + [(100, None), (None, 90), (None, None)])

    assert (found.estimate, found.n, found.missing) == (10, 10, 3)


def test_before_after_interval_by_hand():
    found: Any = before_after([(0, change) for change in range(1, 11)])

    # mean 5.5, variance 55/6, error 0.957, t(9) 2.262
    assert (found.estimate, found.low, found.high) == (Decimal("5.50"), Decimal("3.33"), Decimal("7.67"))


def test_before_after_of_nine_is_suppressed():
    assert before_after([(0, 1)] * 9).suppressed


@given(PAIRS, PAIRS)
def test_swapping_the_arms_mirrors_the_effect(treated, comparison):
    one: Any = difference_in_differences(treated, comparison)
    other: Any = difference_in_differences(comparison, treated)

    assert (one.estimate, one.low, one.high) == (-other.estimate, -other.high, -other.low)
    assert one.low <= one.estimate <= one.high


def test_degrees_of_freedom_never_fall_below_the_smaller_arm():
    # All the spread in one arm of ten: nine degrees of freedom, t = 2.262, error 19.1.
    found: Any = difference_in_differences([(0, 0)] * 10, [(0, 0)] * 9 + [(0, 191)])

    assert (found.estimate, found.high - found.low) == (Decimal("-19.10"), Decimal("86.40"))


@given(PAIRS)
def test_comparison_with_itself_shows_no_effect(pairs):
    found: Any = difference_in_differences(pairs, pairs)

    assert found.estimate == 0
    assert not found.is_above_zero


@pytest.mark.parametrize("change", [0, 5])
def test_arms_without_spread_have_no_width(change):
    found: Any = difference_in_differences([(0, change)] * 10, [(0, 0)] * 10)

    assert found.low == found.high == change
