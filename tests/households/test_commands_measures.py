"""`mpi` and `fgt` from a file and from the register: published numbers, one object, one clear line on a fault."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.translation import override

from households.models import Household, HouseholdYear
from tests import cast as people
from tests.cast import AT

POVERTY = "value,people,place\n50,2,a\n150,1,a\n,1,b\n100,1,b\n"


def run(capsys: Any, *arguments: str) -> dict[str, Any]:
    call_command(*arguments, "--json")
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def fails(capsys: Any, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        call_command(*arguments)
    assert ended.value.code == 2
    error: str = capsys.readouterr().err
    assert len(error.strip().splitlines()) == 1
    return error


@pytest.fixture
def table(tmp_path: Path) -> str:
    path = tmp_path / "t.csv"
    path.write_text("water,toilet,place,people\n1,1,a,3\n1,0,a,1\n0,0,b,2\n,1,b,1\n", encoding="utf-8")
    return str(path)


def test_mpi_of_a_file(capsys: Any, table: str) -> None:
    found = run(capsys, "mpi", table, "--indicators", "water,toilet", "--k", "1/2", "--by", "place")

    assert (found["n"], found["q"], found["unscored"]) == (3, 2, 1)
    assert found["H"] == pytest.approx(2 / 3)
    assert found["A"] == 0.75
    assert found["M0"] == 0.5
    assert found["censored"] == {"water": pytest.approx(2 / 3), "toilet": pytest.approx(1 / 3)}
    assert found["contribution"] == {"water": pytest.approx(2 / 3), "toilet": pytest.approx(1 / 3)}
    assert set(found["groups"]) == {"a", "b"}
    assert set(found["groups"]["a"]) == set(found)


def test_mpi_counts_weights_and_people(capsys: Any, table: str) -> None:
    found = run(
        capsys, "mpi", table, "--indicators", "water,toilet", "--weights", "toilet=1,water=3", "--k", "0.75",
        "--weight", "people",
    )  # fmt: skip

    assert (found["n"], found["q"]) == (6, 4)
    assert found["A"] == pytest.approx((3 * 1 + 1 * 0.75) / 4)


@pytest.mark.parametrize(
    "arguments",
    [
        ["none.csv", "--indicators", "a"],
        ["TABLE"],
        ["TABLE", "--indicators", "wine"],
        ["TABLE", "--indicators", "water,water"],
        ["TABLE", "--indicators", "water", "--k", "half"],
        ["TABLE", "--indicators", "water", "--k", "2"],
        ["TABLE", "--indicators", "water", "--weights", "1,2"],
        ["TABLE", "--indicators", "water", "--weights", "wine=1"],
        ["TABLE", "--indicators", "place"],
        ["TABLE", "--indicators", "water", "--weight", "place"],
        ["--indicators", "wine"],
        ["--by", "colour"],
    ],
)
def test_mpi_fault_is_one_line(capsys: Any, table: str, arguments: list[str]) -> None:
    fails(capsys, "mpi", *(table if argument == "TABLE" else argument for argument in arguments))


@pytest.mark.django_db
def test_mpi_of_the_register_by_area(capsys: Any) -> None:
    for number, (area, unsafe) in enumerate(
        ((people.VILLAGE, True), (people.VILLAGE, False), (people.FAR_VILLAGE, None))
    ):
        household = Household.objects.create(
            number=f"H{number}", area=area, channel="batch", created_at=AT, state="pending"
        )
        for year in (2025, 2026):
            HouseholdYear.objects.create(
                household=household,
                year=year,
                period_start=date(year, 1, 1),
                period_end=date(year + 1, 1, 1),
                size=3,
                housing_unsafe=unsafe if year == 2026 else True,
            )

    found = run(capsys, "mpi", "--indicators", "housing_unsafe", "--by", "area")
    people_counted = run(capsys, "mpi", "--indicators", "housing_unsafe", "--weight", "persons")
    earlier = run(capsys, "mpi", "--indicators", "housing_unsafe", "--year", "2025")

    assert (found["n"], found["q"], found["unscored"]) == (2, 1, 1)
    assert {name: group["n"] for name, group in found["groups"].items()} == {"990101": 2, "990102": 0}
    assert (people_counted["n"], people_counted["q"]) == (6, 3)
    assert (earlier["n"], earlier["q"]) == (3, 3)


def year_of(number: int, area: str, source: str = "", /, **facts: bool | None) -> None:
    household = Household.objects.create(
        number=f"H{number}", area=area, channel="batch", created_at=AT, state="pending", source_ref=source
    )
    HouseholdYear.objects.create(
        household=household,
        year=2026,
        period_start=date(2026, 1, 1),
        period_end=date(2027, 1, 1),
        size=2,
        **facts,
    )


ASKED = {"below_line": True, "adult_schooling": False, "illness_burden": False, "housing_unsafe": True}
LIVING = {"water_unsafe": True, "no_sanitary_toilet": True, "solid_fuel": False, "few_assets": False}


@pytest.mark.django_db
def test_register_leaves_out_what_nobody_was_asked_and_says_so(capsys: Any) -> None:
    well = dict.fromkeys(ASKED | LIVING, False)
    year_of(1, people.VILLAGE, **ASKED, **LIVING)
    year_of(2, people.VILLAGE, **well)
    year_of(3, people.FAR_VILLAGE, **well | {"few_assets": None})
    year_of(4, people.FAR_VILLAGE, **well | {"illness_burden": None})

    found = run(capsys, "mpi")
    call_command("mpi")
    lines = capsys.readouterr().out.splitlines()

    assert found["not_asked"] == ["out_of_school", "uninsured"]
    assert set(found["censored"]) == set(ASKED | LIVING)
    assert (found["n"], found["q"], found["unscored"]) == (3, 1, 1)
    assert found["A"] == pytest.approx(0.25 + 3 * 0.05)
    assert {name: (group["n"], group["q"]) for name, group in found["groups"].items()} == {
        "990101": (2, 1),
        "990102": (1, 0),
    }
    assert "not_asked: out_of_school, uninsured" in lines
    assert next(line for line in lines if line.startswith("group")).split() == [
        "group", "n", "q", "H", "A", "M0", "unscored",
    ]  # fmt: skip
    assert next(line for line in lines if line.startswith("990101")).split()[:4] == [
        "990101",
        "2",
        "1",
        "0.5",
    ]


@pytest.mark.django_db
def test_one_answer_is_enough_to_have_been_asked(capsys: Any) -> None:
    well = dict.fromkeys(ASKED | LIVING, False)
    year_of(1, people.VILLAGE, **well, out_of_school=False, uninsured=True)
    year_of(2, people.VILLAGE, **well)

    found = run(capsys, "mpi")

    assert found["not_asked"] == []
    assert (found["n"], found["unscored"]) == (
        1,
        1,
    )  # two halves of a dimension are not known: more than a fifth


SURVEY = "998101100"
NOT_OF_SURVEYS = {"out_of_school": False, "uninsured": False}


@pytest.fixture
def mixed(db: None) -> None:
    """A family that applied and was asked one half, and a survey that asked the other."""
    well = dict.fromkeys(ASKED | LIVING, False)
    year_of(1, people.VILLAGE, below_line=True, **NOT_OF_SURVEYS)
    year_of(2, people.VILLAGE, below_line=False, **NOT_OF_SURVEYS)
    year_of(3, SURVEY, "cr-2011:998101:a", **ASKED, **LIVING)
    year_of(4, SURVEY, "cr-2011:998101:b", **well)
    year_of(5, SURVEY, "cr-2011:998101:c", **well | {"illness_burden": None})


def test_every_source_is_measured_by_what_it_was_asked(capsys: Any, mixed: None) -> None:
    survey, applied = run(capsys, "mpi")["sources"]

    assert (survey["source"], applied["source"]) == ("cr-2011", "platform")
    assert survey["not_asked"] == ["out_of_school", "uninsured"]
    assert (survey["n"], survey["q"], survey["unscored"]) == (2, 1, 1)
    assert set(applied["censored"]) == {"below_line", *NOT_OF_SURVEYS}
    assert (applied["n"], applied["q"], applied["unscored"]) == (2, 1, 0)
    assert (set(survey["groups"]), set(applied["groups"])) == ({"998101"}, {"990101"})


@pytest.mark.parametrize(
    ("words", "source", "n"),
    [
        (["--source", "cr-2011"], "cr-2011", 2),
        (["--source", "platform"], "platform", 2),
        (["--region", "9981"], "cr-2011", 2),
        (["--region", people.COUNTY, "--source", "platform"], "platform", 2),
    ],
)
def test_one_source_is_chosen_by_name_or_by_area(
    capsys: Any, mixed: None, words: list[str], source: str, n: int
) -> None:
    found = run(capsys, "mpi", *words)

    assert (found["source"], found["n"]) == (source, n)


@pytest.mark.parametrize(
    "words", [["--source", "cr-2012"], ["--source", "platform", "--region", "9981"], ["--region", "99x"]]
)
def test_source_or_area_without_households_is_one_line(capsys: Any, mixed: None, words: list[str]) -> None:
    fails(capsys, "mpi", *words)


def test_area_of_a_survey_has_a_name(capsys: Any, mixed: None) -> None:
    with override("en"):
        call_command("mpi")
    lines = capsys.readouterr().out.splitlines()

    assert [line for line in lines if line.startswith("source: ")] == ["source: cr-2011", "source: platform"]
    assert next(line for line in lines if line.startswith("998101")).endswith("  trial area 998101")


@pytest.mark.django_db
def test_indicators_given_by_name_are_taken_as_they_are(capsys: Any) -> None:
    year_of(1, people.VILLAGE, **ASKED)

    found = run(capsys, "mpi", "--indicators", "housing_unsafe,uninsured")

    assert (found["n"], found["unscored"], found["not_asked"]) == (0, 1, [])


@pytest.mark.django_db
def test_empty_register_is_an_empty_table(capsys: Any) -> None:
    found = run(capsys, "mpi")

    assert (found["n"], found["H"], found["groups"]) == (0, None, {})


def test_fgt_of_a_file(capsys: Any, tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_text(POVERTY, encoding="utf-8")

    found = run(
        capsys, "fgt", str(path), "--value", "value", "--line", "100", "--weight", "people", "--by", "place"
    )

    assert (found["n"], found["missing"]) == (4, 1)
    assert found["headcount"] == 0.5
    assert found["gap"] == 0.25
    assert found["severity"] == 0.125
    assert found["groups"]["b"]["headcount"] == 0


@pytest.mark.parametrize(
    "arguments",
    [
        ["--value", "wine", "--line", "1"],
        ["--value", "place", "--line", "1"],
        ["--value", "value", "--line", "0"],
    ],
)
def test_fgt_fault_is_one_line(capsys: Any, tmp_path: Path, arguments: list[str]) -> None:
    path = tmp_path / "p.csv"
    path.write_text(POVERTY, encoding="utf-8")

    fails(capsys, "fgt", str(path), *arguments)
