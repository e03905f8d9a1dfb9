"""Project scores: the scorecard, arbitration, veto, grades without gaps."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evaluation.formulas.policy import DEFAULT, DIMENSIONS, VETOES, level_of
from evaluation.formulas.scorecard import project_score, sheet_total

FULL = {heading: Decimal(weight) for heading, weight in DEFAULT.scorecard.items()}


def sheet(total: str) -> dict[str, Decimal]:
    """A sheet with this total: points are taken off the headings in order."""
    off = 100 - Decimal(total)
    points = {}
    for heading, weight in FULL.items():
        taken = min(off, weight)
        points[heading], off = weight - taken, off - taken
    return points


def test_scorecard_weighs_a_hundred_and_every_heading_has_a_dimension():
    assert sum(DEFAULT.scorecard.values()) == 100
    assert [heading for headings in DIMENSIONS.values() for heading in headings] == list(DEFAULT.scorecard)


def test_score_is_the_mean_of_the_sheets():
    found: Any = project_score([sheet("86"), sheet("91.5")])

    assert (found.score, found.grade, found.spread) == (Decimal("88.75"), "good", Decimal("5.5"))
    assert found.totals == (86, Decimal("91.5"))
    assert sum(found.dimensions.values()) == found.score


def test_spread_of_ten_needs_no_arbiter_and_more_does():
    assert project_score([sheet("80"), sheet("90")]).score == 85

    waiting = project_score([sheet("80"), sheet("90.5")])

    assert waiting.needs_arbitration
    assert (waiting.score, waiting.grade, waiting.dimensions) == (None, None, {})


def test_arbiter_joins_the_mean():
    found: Any = project_score([sheet("60"), sheet("90")], arbiter=sheet("75"))

    assert (found.score, found.grade, found.needs_arbitration) == (75, "pass", False)
    assert found.totals == (60, 90, 75)


def test_arbiter_who_was_not_needed_is_an_error():
    with pytest.raises(ValueError, match="arbiter"):
        project_score([sheet("80"), sheet("85")], arbiter=sheet("80"))


@pytest.mark.parametrize("veto", VETOES)
def test_veto_fails_whatever_the_points(veto):
    found: Any = project_score([sheet("98"), sheet("60")], vetoes=[veto])

    assert (found.grade, found.needs_arbitration, found.vetoes) == ("fail", False, (veto,))
    assert found.score == 79


def test_unknown_veto_and_single_evaluator_are_errors():
    with pytest.raises(ValueError, match="bad_mood"):
        project_score([FULL, FULL], vetoes=["bad_mood"])
    with pytest.raises(ValueError, match="at least 2"):
        project_score([FULL])


@pytest.mark.parametrize("change", [{"logic": Decimal("7.5")}, {"logic": Decimal(-1)}, {"charm": Decimal(1)}])
def test_sheet_outside_the_scorecard_is_an_error(change):
    with pytest.raises(ValueError, match=next(iter(change))):
        sheet_total(FULL | change)


@pytest.mark.parametrize(
    ("score", "grade"),
    [("100", "excellent"), ("90", "excellent"), ("89.99", "good"), ("80", "good"), ("79.99", "pass"), ("60", "pass"),
     ("59.99", "fail"), ("0", "fail")],
)  # fmt: skip
def test_grades_leave_no_gap(score, grade):
    assert level_of(Decimal(score), DEFAULT.grades) == grade


def test_policy_may_ask_for_three_evaluators():
    with pytest.raises(ValueError, match="at least 3"):
        project_score([FULL, FULL], policy=replace(DEFAULT, evaluators=3))


@given(st.lists(st.integers(0, 100), min_size=2, max_size=5))
def test_score_lies_between_the_sheets(totals):
    found: Any = project_score([sheet(str(total)) for total in totals])

    assert found.needs_arbitration == (max(totals) - min(totals) > 10)
    if found.score is not None:
        assert min(totals) <= found.score <= max(totals)
