"""Alkire–Foster: the worked example, exact ties, missing answers, groups, and the textbook identities."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from households.measures.alkire_foster import (
    CHINA_DIMENSIONS,
    CHINA_FOUR_DIMENSIONS,
    REPORTED_CUTOFFS,
    Profile,
    Scheme,
    measure,
    scheme_of,
    score,
    without,
)

NAMES = list(CHINA_FOUR_DIMENSIONS.weights)


def profile(*deprived: str, **options) -> Profile:
    assert set(deprived) <= set(NAMES)
    return Profile({name: name in deprived for name in NAMES}, **options)


FIVE = [
    profile("below_line", "illness_burden", "housing_unsafe", "no_sanitary_toilet", persons=4, group="upper"),
    profile("adult_schooling", "solid_fuel", persons=3, group="upper"),
    profile("adult_schooling", "illness_burden", "uninsured", "water_unsafe", persons=5, group="lower"),
    profile("below_line", "housing_unsafe", "no_sanitary_toilet", "solid_fuel", persons=2, group="lower"),
    profile(persons=6, group="lower"),
]


def test_scores_of_the_worked_example():
    assert [score(one.deprived).value for one in FIVE] == [
        Fraction(475, 1000),
        Fraction(175, 1000),
        Fraction(425, 1000),
        Fraction(400, 1000),
        0,
    ]


def test_worked_example_weighted_by_persons():
    found: Any = measure(FIVE, unit="persons")

    assert (found.n, found.q) == (20, 11)
    assert found.headcount == Fraction(55, 100)
    assert round(float(found.intensity), 6) == 0.438636
    assert found.m0 == Fraction(24125, 100000)
    assert found.raw["adult_schooling"] == Fraction(40, 100)
    assert found.raw["solid_fuel"] == Fraction(25, 100)
    assert {
        name: (float(found.censored[name]), round(float(found.contribution[name]) * 100, 2)) for name in NAMES
    } == {
        "below_line": (0.30, 31.09),
        "illness_burden": (0.45, 23.32),
        "adult_schooling": (0.25, 12.95),
        "uninsured": (0.25, 12.95),
        "housing_unsafe": (0.30, 6.22),
        "no_sanitary_toilet": (0.30, 6.22),
        "water_unsafe": (0.25, 5.18),
        "solid_fuel": (0.10, 2.07),
        "out_of_school": (0.0, 0.0),
        "few_assets": (0.0, 0.0),
    }


def test_worked_example_by_households_is_another_number():
    found: Any = measure(FIVE, unit="households")

    assert (found.n, found.q) == (5, 3)
    assert found.headcount == Fraction(3, 5)
    assert found.m0 == Fraction(26, 100)
    assert found.unit == "households"


def test_persons_are_never_guessed_from_households():
    with pytest.raises(ValueError, match="persons"):
        measure([*FIVE, profile("below_line")], unit="persons")


def test_score_on_the_cutoff_is_poor():
    tied = [profile("below_line", "housing_unsafe", "no_sanitary_toilet", "solid_fuel")]
    scheme = Scheme("tie", CHINA_FOUR_DIMENSIONS.weights, k=Fraction(2, 5))
    just_above = Scheme("above", CHINA_FOUR_DIMENSIONS.weights, k=Fraction(2, 5) + Fraction(1, 10**12))

    assert measure(tied, unit="households", scheme=scheme).q == 1
    assert measure(tied, unit="households", scheme=just_above).q == 0


def test_equal_weights_count_three_of_eleven():
    names = [f"indicator_{number}" for number in range(11)]
    scheme = scheme_of("equal", names, k=Fraction(3, 11))
    profiles = [Profile({name: index < count for index, name in enumerate(names)}) for count in (2, 3, 11)]

    found: Any = measure(profiles, unit="households", scheme=scheme)

    assert found.q == 2
    assert found.m0 == Fraction(14, 33)


def test_fractions_become_whole_weights():
    scheme = scheme_of(
        "global", {"nutrition": Fraction(1, 6), "fuel": Fraction(1, 18), "other": Fraction(7, 9)}
    )

    assert scheme.weights == {"nutrition": 3, "fuel": 1, "other": 14}


def test_reported_cutoffs_bracket_the_default():
    assert (Fraction(1, 4), CHINA_FOUR_DIMENSIONS.k, Fraction(1, 2)) == REPORTED_CUTOFFS


def test_unknown_up_to_a_fifth_of_the_weight_is_scored_on_the_rest():
    answers = dict(profile("below_line").deprived) | {"uninsured": None, "few_assets": None}

    found = score(answers)

    assert found.missing == Fraction(175, 1000)
    assert found.value == Fraction(250, 825)


def test_unknown_exactly_a_fifth_is_scored_and_more_is_not():
    names = ["a", "b", "c", "d", "e"]
    scheme = scheme_of("fifths", names)
    one_unknown = {"a": True, "b": False, "c": False, "d": True, "e": None}

    assert score(one_unknown, scheme).value == Fraction(1, 2)
    assert score(one_unknown | {"d": None}, scheme).value is None


def test_unscored_households_are_counted_and_left_out():
    found: Any = measure([*FIVE, Profile({"below_line": True}, persons=7)], unit="persons")

    assert found.unscored == 7
    assert found.n == 20
    assert found.m0 == Fraction(24125, 100000)


def test_contributions_add_up_although_something_is_unknown():
    partial = Profile(dict(FIVE[0].deprived) | {"few_assets": None}, persons=3)

    found: Any = measure([*FIVE, partial], unit="persons")

    assert found.partial == 3
    assert sum(found.contribution.values()) == 1


def test_groups_weigh_up_to_the_whole():
    found: Any = measure(FIVE, unit="persons")

    assert list(found.groups) == ["lower", "upper"]
    assert sum(group.m0 * group.n for group in found.groups.values()) / found.n == found.m0


def test_nobody_poor_and_nobody_at_all_divide_by_nothing():
    nobody_poor: Any = measure([profile()], unit="households")
    nobody: Any = measure([], unit="households")

    assert (nobody_poor.headcount, nobody_poor.intensity, nobody_poor.m0) == (0, None, 0)
    assert (nobody.headcount, nobody.intensity, nobody.m0) == (None, None, None)


def test_json_carries_plain_numbers():
    found: Any = measure(FIVE, unit="persons").as_json()

    assert set(found) == {"n", "q", "H", "A", "M0", "censored", "contribution", "unscored", "groups"}
    assert (found["n"], found["q"], found["H"], found["M0"]) == (20, 11, 0.55, 0.24125)
    assert set(found["groups"]) == {"upper", "lower"}


@pytest.mark.parametrize(
    ("weights", "k"), [({}, Fraction(1, 3)), ({"a": 0}, Fraction(1, 3)), ({"a": 1}, Fraction(0))]
)
def test_scheme_without_sense_is_an_error(weights, k):
    with pytest.raises(ValueError):
        Scheme("none", weights, k=k)


@given(
    st.lists(
        st.builds(
            Profile,
            st.fixed_dictionaries({name: st.booleans() for name in NAMES}),
            households=st.integers(1, 9),
            persons=st.integers(1, 30),
            group=st.sampled_from(["a", "b", "c"]),
        ),
        min_size=1,
        max_size=12,
    ),
    st.sampled_from(REPORTED_CUTOFFS),
)
def test_m0_is_h_times_a_and_the_weighted_sum_of_censored_headcounts(profiles, k):
    scheme = Scheme("any", CHINA_FOUR_DIMENSIONS.weights, k=k)

    found: Any = measure(profiles, unit="persons", scheme=scheme)

    assert found.m0 == found.headcount * (found.intensity or 0)
    assert found.m0 == sum(scheme.share(name) * found.censored[name] for name in NAMES)
    assert found.intensity is None or found.intensity >= k
    assert sum(group.m0 * group.n for group in found.groups.values()) == found.m0 * found.n


@given(st.lists(st.sampled_from(FIVE), min_size=1, max_size=8))
def test_profiles_may_be_counted_together(profiles):
    together: dict[Any, Any] = {}
    for one in profiles:
        key = tuple(one.deprived.items())
        together[key] = together.get(key, 0) + one.persons
    counted = [Profile(dict(key), persons=persons) for key, persons in together.items()]

    assert (
        measure(counted, unit="persons").as_json()
        == measure([Profile(one.deprived, persons=one.persons) for one in profiles], unit="persons").as_json()
    )


def test_indicators_nobody_was_asked_leave_their_weight_to_their_dimension():
    scheme = without(CHINA_FOUR_DIMENSIONS, ["uninsured", "out_of_school", "few_assets"], CHINA_DIMENSIONS)

    assert {name: scheme.share(name) for name in scheme.weights} == {
        "below_line": Fraction(1, 4),
        "adult_schooling": Fraction(1, 4),
        "illness_burden": Fraction(1, 4),
        "housing_unsafe": Fraction(1, 16),
        "water_unsafe": Fraction(1, 16),
        "no_sanitary_toilet": Fraction(1, 16),
        "solid_fuel": Fraction(1, 16),
    }
    assert scheme.version == "china-four-dimensions-1 without out_of_school, uninsured, few_assets"
    assert scheme.max_missing == CHINA_FOUR_DIMENSIONS.max_missing


def test_dimension_nobody_was_asked_falls_away_and_a_full_scheme_stays_as_it_is():
    scheme = without(CHINA_FOUR_DIMENSIONS, ["below_line"], CHINA_DIMENSIONS)
    whole = without(CHINA_FOUR_DIMENSIONS, [], CHINA_DIMENSIONS)

    assert scheme.share("adult_schooling") == Fraction(1, 6)
    assert scheme.share("solid_fuel") == Fraction(1, 15)
    assert whole.version == CHINA_FOUR_DIMENSIONS.version
    assert [whole.share(name) for name in NAMES] == [CHINA_FOUR_DIMENSIONS.share(name) for name in NAMES]


def test_dimensions_hold_every_indicator_once_and_weigh_a_quarter_each():
    assert [name for dimension in CHINA_DIMENSIONS for name in dimension] == NAMES
    assert {
        sum(CHINA_FOUR_DIMENSIONS.share(name) for name in dimension) for dimension in CHINA_DIMENSIONS
    } == {Fraction(1, 4)}
