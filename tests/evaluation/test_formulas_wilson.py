"""Wilson bounds: the worked figures and their order."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.formulas.wilson import wilson


@pytest.mark.parametrize(("successes", "total", "low"), [(3, 3, 0.438), (45, 50, 0.786)])
def test_worked_lower_bounds(successes, total, low):
    bounds: Any = wilson(successes, total)

    assert round(float(bounds.low), 3) == low


def test_nothing_counted_has_no_bounds():
    assert wilson(0, 0) is None


def test_none_of_many_starts_at_zero():
    none: Any = wilson(0, 20)
    all_of_them: Any = wilson(20, 20)

    assert (none.low, all_of_them.high) == (0, 1)


@pytest.mark.parametrize(("successes", "total"), [(4, 3), (-1, 3)])
def test_more_than_all_is_an_error(successes, total):
    with pytest.raises(ValueError, match="none and all"):
        wilson(successes, total)


@given(st.integers(1, 500).flatmap(lambda total: st.tuples(st.integers(0, total), st.just(total))))
def test_bounds_hold_the_share_and_narrow_with_evidence(case):
    successes, total = case
    bounds: Any = wilson(successes, total)
    more: Any = wilson(successes * 10, total * 10)

    assert 0 <= bounds.low <= round(successes / total, 6) + 1e-6
    assert round(successes / total, 6) - 1e-6 <= bounds.high <= 1
    assert more.high - more.low < bounds.high - bounds.low
