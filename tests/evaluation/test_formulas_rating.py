"""Agency ratings: the worked example, evidence, components, bands that do not flicker, stored policies."""

import json
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from common.parameters import as_json, from_json
from evaluation.formulas.policy import DEFAULT, Policy
from evaluation.formulas.rating import Result, band, composite_rating, project_weight, shrunk_rating

MEAN = Decimal(78)
ALL = dict.fromkeys(DEFAULT.components, Decimal(80))
PROVEN: dict[str, Any] = {"finished_projects": 3, "months": 12}


def results(score: int, count: int) -> list[Result]:
    return [Result(Decimal(score), Decimal(1))] * count


def test_worked_example_ranks_twenty_good_above_two_excellent():
    few: Any = shrunk_rating(results(96, 2), mean=MEAN)
    many: Any = shrunk_rating(results(88, 20), mean=MEAN)

    assert (few.rating, many.rating) == (Decimal("83.14"), Decimal("86.00"))
    assert (few.n, many.n) == (2, 20)
    assert many.high - many.low < few.high - few.low


def test_interval_by_hand():
    found: Any = shrunk_rating(results(78, 20), mean=MEAN)

    # Only the prior spreads: √(5·10² / 25 / 25) = 0.894, times 1.96.
    assert (found.low, found.high) == (Decimal("76.25"), Decimal("79.75"))


def test_evidence_below_one_gives_no_rating():
    found: Any = shrunk_rating([Result(Decimal(99), Decimal("0.99"))], mean=MEAN)

    assert (found.rating, found.low, found.high, found.n) == (None, None, None, 1)
    assert shrunk_rating([Result(Decimal(99), Decimal(1))], mean=MEAN).rating == Decimal("81.50")


@pytest.mark.parametrize(
    ("budget", "age_days", "weight"),
    [(0, 0, "0.5"), (9_000_000, 0, "1.5"), (10**12, 0, "1.5"), (9_000_000, 730, "0.75"), (0, 1460, "0.125")],
)
def test_project_weight_grows_with_budget_and_fades_with_age(budget, age_days, weight):
    assert project_weight(budget=budget, age_days=age_days) == Decimal(weight)


def test_components_weigh_one():
    assert sum(DEFAULT.components.values()) == 1


def test_composite_by_hand():
    parts = {
        "projects": 86,
        "capacity": 90,
        "timeliness": 78,
        "finance": 100,
        "satisfaction": 80,
        "openness": 60,
    }

    found: Any = composite_rating({name: Decimal(value) for name, value in parts.items()}, complaints=1)

    # 43 + 13.5 + 7.8 + 10 + 8 + 3 = 85.3, less 5
    assert (found.score, found.penalty, found.missing) == (Decimal("80.30"), 5, ())


def test_composite_never_falls_below_zero():
    assert composite_rating(ALL, complaints=40).score == 0


def test_unknown_component_is_left_out_not_zero():
    found: Any = composite_rating(ALL | {"satisfaction": None, "openness": None})

    assert (found.score, found.missing) == (80, ("openness", "satisfaction"))


@pytest.mark.parametrize("unknown", [["projects"], ["capacity", "timeliness"]])
def test_too_much_unknown_gives_no_rating(unknown):
    assert composite_rating(ALL | dict.fromkeys(unknown)).score is None


@pytest.mark.parametrize("change", [{"projects": Decimal(101)}, {"finance": Decimal(-1)}])
def test_component_outside_a_hundred_is_an_error(change):
    with pytest.raises(ValueError, match="between 0 and 100"):
        composite_rating(ALL | change)


def test_component_unknown_to_the_policy_is_an_error():
    with pytest.raises(ValueError, match="charm"):
        composite_rating(ALL | {"charm": Decimal(1)})


@pytest.mark.parametrize(
    ("score", "previous", "level"),
    [
        ("90", "", "A"),
        ("89.99", "", "B"),
        ("80", "", "B"),
        ("70", "", "C"),
        ("60", "", "D"),
        ("59.99", "", "E"),
        ("91.99", "B", "B"),
        ("92", "B", "A"),
        ("88", "A", "A"),
        ("87.99", "A", "B"),
        ("69", "A", "D"),
        ("91", "C", "B"),
        ("81", "C", "C"),
        ("58", "D", "D"),
        ("57.99", "D", "E"),
        ("61", "E", "E"),
        ("1", "E", "E"),
    ],
)
def test_band_changes_only_two_points_beyond_the_border(score, previous, level):
    assert band(Decimal(score), previous=previous, **PROVEN) == level


@pytest.mark.parametrize(("finished_projects", "months"), [(2, 30), (10, 11)])
def test_top_band_needs_three_projects_and_a_year(finished_projects, months):
    assert band(Decimal(99), previous="A", finished_projects=finished_projects, months=months) == "B"
    assert band(Decimal(75), finished_projects=finished_projects, months=months) == "C"


def test_stored_policy_gives_the_same_number():
    policy = replace(DEFAULT, version="rating-2", prior_strength=Decimal("7.5"))
    stored = from_json(Policy, json.loads(json.dumps(as_json(policy))))

    assert stored == policy
    assert shrunk_rating(results(96, 2), mean=MEAN, policy=stored) == shrunk_rating(
        results(96, 2), mean=MEAN, policy=policy
    )


@given(
    st.lists(
        st.builds(
            Result,
            st.integers(0, 100).map(Decimal),
            st.integers(1, 15).map(lambda tenth: Decimal(tenth) / 10),
        ),
        min_size=10,
        max_size=30,
    ),
    st.integers(0, 100).map(Decimal),
)
def test_rating_lies_between_the_mean_and_the_results(found, mean):
    rated = shrunk_rating(found, mean=mean)
    scores = [result.score for result in found]

    assert rated.rating is None or min(*scores, mean) <= rated.rating <= max(*scores, mean)


@given(st.integers(0, 10_000), st.sampled_from(["", *DEFAULT.bands]))
def test_band_is_stable_once_given(hundredths, previous):
    score = Decimal(hundredths) / 100
    level = band(score, previous=previous, **PROVEN)

    assert band(score, previous=level, **PROVEN) == level
