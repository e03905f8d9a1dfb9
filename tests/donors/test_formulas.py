"""Contribution points and stars: the worked example, what counts, hysteresis, ties."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.parameters import as_json, from_json
from donors.formulas import (
    DEFAULT,
    Contribution,
    Policy,
    Stars,
    contribution_points,
    contribution_score,
    rank,
    star_level,
)

TODAY = date(2026, 11, 23)
MONEY = Contribution("m1", "money", "delivered", 1_000_000, TODAY - timedelta(days=730))
GOODS = Contribution("g1", "goods", "delivered", 500_000, TODAY - timedelta(days=30))


def scored(yuan: int, on: date = TODAY):
    return contribution_score([Contribution("one", "money", "delivered", yuan * 100, on)], as_of=TODAY)


def test_worked_example_halves_every_year():
    found = contribution_score([MONEY, GOODS], as_of=TODAY)

    assert found.points == {"m1": Decimal("2500.00"), "g1": Decimal("4250.80")}
    assert found.score == Decimal("6750.80")
    assert (found.delivered, found.first_on) == (2, MONEY.on)


def test_score_recomputes_from_a_stored_policy():
    policy = replace(DEFAULT, version="donors-2", half_life_days=180)
    stored = json.loads(json.dumps(as_json(policy)))

    again = contribution_score([MONEY, GOODS], as_of=TODAY, policy=from_json(Policy, stored))

    assert again == contribution_score([MONEY, GOODS], as_of=TODAY, policy=policy)
    assert again.policy_version == "donors-2"


@pytest.mark.parametrize(
    ("kind", "stage", "fit", "points"),
    [
        ("money", "pledged", "fit", "0.00"),
        ("money", "confirmed", "fit", "200.00"),
        ("money", "evaluated_good", "fit", "1100.00"),
        ("money", "breached", "fit", "-500.00"),
        ("service", "delivered", "fit", "1000.00"),
        ("job", "delivered", "fit", "1200.00"),
        ("training", "delivered", "fit", "1100.00"),
        ("information", "delivered", "fit", "300.00"),
        ("goods", "delivered", "rejected", "0.00"),
        ("goods", "delivered", "expired", "0.00"),
    ],
)
def test_points_follow_type_stage_and_fit(kind, stage, fit, points):
    one = Contribution("one", kind, stage, 100_000, TODAY, fit)

    assert contribution_points(one, as_of=TODAY) == Decimal(points)


def test_beta_below_one_dampens_the_large():
    policy = replace(DEFAULT, beta=Decimal("0.5"))

    assert contribution_points(replace(MONEY, on=TODAY), as_of=TODAY, policy=policy) == Decimal("100.00")


def test_later_contribution_is_not_in_the_score_of_the_day():
    later = replace(GOODS, ref="g2", on=TODAY + timedelta(days=1))

    assert contribution_score([MONEY, later], as_of=TODAY).points == {"m1": Decimal("2500.00")}


def test_contribution_given_twice_is_an_error():
    with pytest.raises(ValueError, match="once"):
        contribution_score([MONEY, MONEY], as_of=TODAY)


@pytest.mark.parametrize(
    ("yuan", "kind", "level"),
    [
        (1, "enterprise", 1),
        (999, "enterprise", 1),
        (1_000, "enterprise", 2),
        (10_000, "foundation", 3),
        (100_000, "government", 4),
        (1_000_000, "social_organisation", 5),
        (100, "individual", 2),
        (99_999, "individual", 4),
        (100_000, "individual", 5),
    ],
)
def test_stars_start_at_the_floor_of_the_donor_kind(yuan, kind, level):
    assert star_level(scored(yuan), donor_kind=kind) == Stars(level)


def test_stars_need_something_delivered():
    pledged = contribution_score([replace(MONEY, stage="confirmed", value=10**10)], as_of=TODAY)

    assert star_level(pledged, donor_kind="individual") == Stars(0)


def test_stars_stay_while_the_score_is_within_a_tenth_of_the_floor():
    held = star_level(scored(9_000), donor_kind="enterprise", previous=Stars(3, 1))

    assert held == Stars(3, 0)


def test_stars_drop_after_two_periods_in_a_row_clearly_below():
    first = star_level(scored(8_999), donor_kind="enterprise", previous=Stars(3))
    second = star_level(scored(8_999), donor_kind="enterprise", previous=first)

    assert first == Stars(3, 1)
    assert second == Stars(2)


def test_stars_of_a_reversed_contribution_end_after_the_periods():
    nothing = contribution_score([], as_of=TODAY)
    first = star_level(nothing, donor_kind="individual", previous=Stars(1))

    assert first == Stars(1, 1)
    assert star_level(nothing, donor_kind="individual", previous=first) == Stars(0)


def test_rank_ties_go_to_the_earlier_and_undelivered_are_left_out():
    early = contribution_score(
        [Contribution("a", "money", "delivered", 200_000, TODAY - timedelta(365))], as_of=TODAY
    )
    late = contribution_score([Contribution("b", "money", "delivered", 100_000, TODAY)], as_of=TODAY)
    most = scored(5_000)
    pledged = contribution_score([Contribution("c", "money", "confirmed", 10**9, TODAY)], as_of=TODAY)

    assert early.score == late.score

    board = rank({"late": late, "pledged": pledged, "early": early, "most": most})

    assert [(place, donor) for place, donor, _score in board] == [(1, "most"), (2, "early"), (3, "late")]


@given(st.integers(0, 10**11), st.integers(0, 3650), st.integers(1, 365))
def test_points_only_fade(value, age, more):
    younger = Contribution("y", "money", "delivered", value, TODAY - timedelta(days=age))
    older = replace(younger, on=younger.on - timedelta(days=more))

    before, now = contribution_points(older, as_of=TODAY), contribution_points(younger, as_of=TODAY)
    assert before is not None
    assert now is not None
    assert 0 <= before <= now <= Decimal(value) / 100


@given(st.lists(st.integers(0, 2_000_000), min_size=1, max_size=8))
def test_stars_never_fall_by_one_bad_period(yuan_by_period):
    before = Stars()
    for yuan in yuan_by_period:
        after = star_level(scored(yuan), donor_kind="enterprise", previous=before)
        if after.level < before.level:
            assert before.periods_below == 1
        before = after
