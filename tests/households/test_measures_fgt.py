"""Headcount, gap and severity by hand, at the line, and in groups."""

from decimal import Decimal
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.measures.fgt import Observation, poverty


def test_three_measures_by_hand():
    found: Any = poverty([Observation(50), Observation(80), Observation(100), Observation(300)], line=100)

    assert found.n == 4
    assert found.headcount == Fraction(1, 2)
    assert found.gap == Fraction(70, 400)
    assert found.severity == Fraction(29, 400)


def test_value_on_the_line_is_not_poor_and_a_cent_below_is():
    assert poverty([Observation(Decimal("7907.50"))], line=Decimal("7907.50")).poor == 0
    assert poverty([Observation(Decimal("7907.49"))], line=Decimal("7907.50")).poor == 1


def test_weights_stand_for_repeated_values():
    weighted = poverty([Observation(50, weight=3), Observation(200, weight=Decimal("1.5"))], line=100)

    assert weighted.n == Fraction(9, 2)
    assert weighted.headcount == Fraction(2, 3)


def test_missing_value_is_counted_apart_and_is_not_zero():
    found: Any = poverty([Observation(200), Observation(None, weight=4)], line=100)

    assert (found.n, found.missing, found.headcount) == (1, 4, 0)


def test_groups_and_json():
    found: Any = poverty([Observation(50, group="b"), Observation(100, group="a")], line=100).as_json()

    assert found["groups"]["a"] == {
        "n": 1,
        "headcount": 0,
        "gap": 0,
        "severity": 0,
        "missing": 0,
        "groups": {},
    }
    assert (found["n"], found["headcount"], found["gap"], found["severity"]) == (2, 0.5, 0.25, 0.125)
    assert list(found["groups"]) == ["a", "b"]


def test_nobody_gives_no_measure():
    found: Any = poverty([], line=100)

    assert (found.headcount, found.gap, found.severity) == (None, None, None)


def test_line_of_zero_is_an_error():
    with pytest.raises(ValueError, match="above zero"):
        poverty([Observation(1)], line=0)


@given(
    st.lists(
        st.builds(Observation, st.integers(0, 10**7), weight=st.integers(1, 9), group=st.sampled_from("abc"))
    ),
    st.integers(1, 10**7),
)
def test_measures_are_ordered_and_groups_add_up(observations, line):
    found: Any = poverty(observations, line=line)

    if found.n:
        assert 0 <= found.severity <= found.gap <= found.headcount <= 1
        assert sum(group.gap * group.n for group in found.groups.values()) == found.gap * found.n
