"""Goal attainment scaling: the worked case, its centre, and its bounds."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.formulas.gas import Goal, goal_attainment


def test_worked_case_moves_from_baseline_to_closing():
    baseline = goal_attainment([Goal(3, -2), Goal(2, -1), Goal(1, -2)])
    closing = goal_attainment([Goal(3, 0), Goal(2, 1), Goal(1, -1)])

    assert (baseline, closing) == (Decimal("27.97"), Decimal("52.20"))


@pytest.mark.parametrize("count", [1, 6])
def test_goals_outside_two_to_five_are_an_error(count):
    with pytest.raises(ValueError, match="two to five"):
        goal_attainment([Goal(1, 0)] * count)


@pytest.mark.parametrize(("weight", "level"), [(0, 0), (-1, 0), (1, 3), (1, -3)])
def test_goal_without_sense_is_an_error(weight, level):
    with pytest.raises(ValueError, match="-2 to 2"):
        Goal(weight, level)


def test_tie_is_rounded_away_from_fifty():
    rest = [Goal(4, 0), Goal(4, 0), Goal(5, 0), Goal(9, 0)]

    assert goal_attainment([Goal(1, 1), *rest]) == Decimal("50.63")
    assert goal_attainment([Goal(1, -1), *rest]) == Decimal("49.37")


@given(st.lists(st.tuples(st.integers(1, 10), st.integers(-2, 2)), min_size=2, max_size=5))
def test_attainment_is_symmetric_about_fifty(pairs):
    goals = [Goal(weight, level) for weight, level in pairs]
    mirrored = [Goal(weight, -level) for weight, level in pairs]

    assert goal_attainment(goals) + goal_attainment(mirrored) == 100
    assert goal_attainment([Goal(weight, 0) for weight, _level in pairs]) == 50
