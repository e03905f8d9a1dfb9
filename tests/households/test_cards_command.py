"""`card fit`: three figures in one run, a card a second person approves, one clear line on a fault."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from households.cards.card import card_from
from households.models import PointsCard
from tests.cast import COUNTY, county
from tests.households.survey import written
from tests.households.test_commands_measures import fails, run

KEYS = ("--label", "Target", "--positive", "1,2", "--household", "idhogar", "--speaker", "parentesco1")


@pytest.fixture(scope="module")
def survey(tmp_path_factory: pytest.TempPathFactory) -> str:
    return str(written(tmp_path_factory.mktemp("survey") / "members.csv", households=250))


def test_card_stands_beside_the_unfitted_score_and_the_regression(capsys: Any, survey: str) -> None:
    found = run(capsys, "card", "fit", survey, *KEYS)

    assert (found["households"], found["folds"], found["seed"], found["kept"]) == (250, 5, 1, None)
    assert found["auc"].keys() == {"card", "deprivation", "regression"}
    for rate in found["auc"].values():
        assert len(rate["folds"]) == 5
        assert rate["auc"] == pytest.approx(sum(rate["folds"]) / 5)
    assert found["auc"]["card"]["auc"] > found["auc"]["deprivation"]["auc"]
    assert card_from(found["card"]).most == found["card"]["most"]


def test_card_is_told_to_a_person(capsys: Any, survey: str, tmp_path: Path) -> None:
    book = tmp_path / "book.csv"
    book.write_text("name,words\nrooms,rooms of the house\nescolari,years of school\n", encoding="utf-8")

    call_command(
        "card", "fit", survey, *KEYS, "--codebook", str(book), "--folds", "2", "--deprived", "most.escolari<6"
    )

    said = capsys.readouterr().out
    assert "250 households" in said
    assert "points card" in said
    assert "deprivation score, unfitted" in said
    assert "logistic regression, free" in said
    assert "years of school: the most of any member: less than" in said


def test_without_a_mapping_the_unfitted_score_is_not_made_up(capsys: Any, tmp_path: Path) -> None:
    path = tmp_path / "plain.csv"
    lines = [f"{n % 3 == 0:d},{n % 3 * 4 + n % 2},{n % 7}" for n in range(90)]
    path.write_text("poor,rooms,noise\n" + "\n".join(lines), encoding="utf-8")

    found = run(
        capsys, "card", "fit", str(path), "--label", "poor", "--columns", "noise,rooms", "--folds", "3"
    )

    assert found["auc"]["deprivation"] is None
    assert found["households"] == 90


@pytest.mark.parametrize(
    "arguments",
    [
        ["none.csv", "--label", "Target"],
        ["TABLE", "--label", "wine"],
        ["TABLE", "--label", "Target", "--positive", "9"],
        ["TABLE", *KEYS, "--folds", "1"],
        ["TABLE", *KEYS, "--indicators", "21"],
        ["TABLE", *KEYS, "--columns", "wine"],
        ["TABLE", *KEYS, "--columns", "v2a1"],
        ["TABLE", *KEYS, "--deprived", "wine"],
        ["TABLE", *KEYS, "--fact", "rooms=wine"],
        ["TABLE", *KEYS, "--fact", "wine=children"],
        ["TABLE", *KEYS, "--keep", "Card"],
    ],
)
def test_card_fault_is_one_line(capsys: Any, survey: str, arguments: list[str]) -> None:
    fails(capsys, "card", "fit", *(survey if argument == "TABLE" else argument for argument in arguments))


@pytest.mark.django_db
def test_card_is_put_up_as_a_draft(capsys: Any, survey: str) -> None:
    cast = county()
    keep = (
        "--keep",
        "Winter",
        "--as",
        cast.worker.username,
        "--fact",
        "hhsize=household_size",
        "--folds",
        "2",
    )

    found = run(capsys, "card", "fit", survey, *KEYS, *keep)
    again = run(capsys, "card", "fit", survey, *KEYS, *keep)

    card = PointsCard.objects.get(public_id=found["kept"])
    assert (card.state, card.area, card.version, card.made_by) == ("draft", COUNTY, 1, cast.worker)
    assert card.content == found["card"]
    assert card.figures["auc"]["card"]["auc"] == pytest.approx(found["auc"]["card"]["auc"])
    assert PointsCard.objects.get(public_id=again["kept"]).version == 2
    facts = {one["name"]: one["fact"] for one in card.content["indicators"]}
    assert facts.get("hhsize", "household_size") == "household_size"


@pytest.mark.django_db
def test_card_of_nobody_is_not_put_up(capsys: Any, survey: str) -> None:
    cast = county()

    assert "no account" in fails(capsys, "card", "fit", survey, *KEYS, "--keep", "Winter", "--as", "nobody")
    fails(
        capsys,
        "card",
        "fit",
        survey,
        *KEYS,
        "--folds",
        "2",
        "--keep",
        "X",
        "--as",
        cast.administrator.username,
    )
    fails(
        capsys, "card", "fit", survey, *KEYS, "--folds", "2", "--keep", "X" * 81, "--as", cast.worker.username
    )

    assert not PointsCard.objects.exists()
