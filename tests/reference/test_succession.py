"""A household registered years ago is found in the division of today."""

from datetime import date

import pytest

from reference import queries
from reference.models import Division

pytestmark = pytest.mark.django_db
FIRST, LAST = date(2014, 1, 1), date(2021, 1, 1)


def today(code: str, on: date | None = None) -> list[str]:
    return [row.code for row in queries.resolve(code, on=on)]


def test_history_is_complete():
    assert Division.objects.ended().count() == 3610
    assert queries.ended_between(FIRST, LAST).count() == 281


def test_every_code_ended_in_2014_to_2020_has_a_division_of_today():
    unresolved = [
        row.code
        for row in queries.ended_between(FIRST, LAST)
        if not queries.resolve(row.code, on=row.valid_from)
    ]

    assert unresolved == []


def test_code_in_force_is_itself():
    assert today("640104001002") == ["640104001002"]
    assert today("441900") == ["441900"]


@pytest.mark.parametrize(
    ("registered", "expected"),
    [
        ("110228", ["110118"]),  # 密云县 became a district
        ("130223", ["130284"]),  # 滦县 became a city
        ("469003", ["460400"]),  # 儋州 became a prefecture, with its pseudo-county
        ("442502", ["441900"]),  # 东莞 1988
        ("642121", ["640302"]),  # three steps: 吴忠县, 吴忠市, 利通区
    ],
)
def test_ended_code_is_followed_through_its_successors(registered: str, expected: list[str]):
    assert today(registered) == expected


def test_ended_prefecture_is_followed_through_its_counties():
    assert today("542100") == ["5403"]  # 昌都地区, named by no source
    assert today("371200") == ["3701"]  # 莱芜市 joined 济南市


def test_renamed_code_is_the_division_of_the_same_code():
    assert [row.name for row in queries.resolve("130502", on=date(2015, 6, 1))] == ["襄都区"]


def test_divided_county_is_ambiguous_and_listed():
    assert today("640222") == ["640104", "640221"]
    listed = queries.ambiguous_between(FIRST, LAST)

    assert 20 <= len(listed) < 60
    assert [row.code for row in listed["130103"]] == ["130102", "130104"]


def test_parts_that_left_before_registration_are_no_candidates():
    assert today("130421") == ["130402", "130403", "130404"]
    assert today("130421", on=date(2015, 5, 1)) == ["130402", "130403"]


def test_unknown_village_stands_for_the_nearest_known_division():
    assert today("110101001999") == ["110101001"]
    assert today("640222001001") == ["640104", "640221"]


def test_padded_codes_are_read_as_the_most_specific_place():
    assert today("640000") == ["64"]
    assert today("640100000000") == ["6401"]
    assert today("441900000000") == ["441900"]
    assert today("350527000000") == ["350527000"]  # 金门县 is a county and its only township


@pytest.mark.parametrize("text", ["", "999999", "12345", "六四"])
def test_what_is_no_code_resolves_to_nothing(text: str):
    assert queries.resolve(text) == []
