"""From a file of a survey to a certified run: read, measured, offered for, matched, nothing of it in the catalogue."""

import csv
import json
import tomllib
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from accounts.models import User
from donors.models import LedgerEntry, Lot
from donors.queries import ledger_breaks
from households.imports.mapping import SHIPPED, load_mapping
from households.models import Household, Member, Need
from journal.queries import first_fault
from matching.models import Proposal, Run
from tests import cast as people

pytestmark = pytest.mark.django_db
KNOWN = (
    "below_line", "adult_schooling", "illness_burden", "housing_unsafe", "water_unsafe", "no_sanitary_toilet",
    "solid_fuel", "few_assets",
)  # fmt: skip
HOUSEHOLDS = 60


def survey(path: Path) -> Path:
    """Sixty households of a mother and a child in six regions, one without a head, one whose answers disagree."""
    plain = tomllib.loads((SHIPPED / "costa_rica.toml").read_text(encoding="utf-8"))
    empty = dict.fromkeys(sorted(load_mapping(Path("costa_rica")).known), "0")
    empty |= dict.fromkeys(plain["ignored"], "")
    rows = []
    for number in range(HOUSEHOLDS):
        shared = {
            "idhogar": f"h{number:02d}", "Target": str(number % 4 + 1), f"lugar{number % 6 + 1}": "1",
            "area1": "1", "refrig": "1", "television": "1", "instlevel3": "1",
            "epared1": str(int(number % 2 == 0)), "energcocinar4": str(int(number % 3 == 0)),
            "abastaguano": str(int(number % 5 == 0)),
        }  # fmt: skip
        head = "parentesco9" if number == 7 else "parentesco1"
        rows.append(
            empty | shared | {"Id": f"m{number}", head: "1", "female": "1", "age": "40", "escolari": "6"}
        )
        child = {"Id": f"c{number}", "parentesco3": "1", "male": "1", "age": "9", "escolari": "3"}
        rows.append(empty | shared | child | ({"Target": "4"} if number == 8 else {}))
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def printed(capsys: Any, *command: str) -> dict[str, Any]:
    capsys.readouterr()
    call_command(*command)
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def test_survey_is_read_measured_offered_for_and_matched(capsys: Any, tmp_path: Path) -> None:
    path, copy = survey(tmp_path / "survey.csv"), tmp_path / "copy.csv"

    report = printed(
        capsys, "import_households", str(path), "--mapping", "costa_rica", "-o", str(copy), "--json"
    )
    assert (Household.objects.count(), Member.objects.count()) == (HOUSEHOLDS, 2 * HOUSEHOLDS)
    assert (report["no_head"], report["disagree"]) == (["h07"], ["h08"])
    assert not Need.objects.listed().exists()

    found = printed(capsys, "mpi", "--by", "area", "--json", "--indicators", ",".join(KNOWN))
    assert sorted(found["groups"]) == [f"99810{region}" for region in range(1, 7)]
    assert found["n"] + found["unscored"] == HOUSEHOLDS
    assert sum(group["n"] for group in found["groups"].values()) == found["n"]
    assert found["M0"] == pytest.approx(found["H"] * found["A"])

    call_command("demo_lots")
    assert Lot.objects.filter(state="listed").count() == LedgerEntry.objects.count() > 6
    assert Lot.objects.filter(area_prefix="9981", min_severity=3).exists()

    figures = printed(capsys, "match", "--prefix", "9981", "--json")
    assert figures["optimal"]
    assert Run.objects.get().state == "certified"
    suggested = Proposal.objects.filter(state="suggested")
    assert suggested.count() > 0
    assert not Need.objects.filter(reserved__gt=0).exists()  # a run reserves nothing
    assert not Need.objects.listed().exists()
    assert {row.need.area[: len(row.lot.area_prefix)] == row.lot.area_prefix for row in suggested} == {True}
    assert list(ledger_breaks()) == []
    assert first_fault() is None


@pytest.mark.parametrize("share", ["0", "101"])
def test_share_outside_a_percentage_is_refused(capsys: Any, share: str) -> None:
    with pytest.raises(SystemExit) as ended:
        call_command("demo_lots", "--share", share)

    assert ended.value.code == 2
    assert not Lot.objects.exists()
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_database_with_people_is_refused_and_told_which_one_to_use(capsys: Any) -> None:
    people.county()
    accounts = User.objects.count()

    with pytest.raises(SystemExit) as ended:
        call_command("demo_lots")

    said = capsys.readouterr().err
    assert ended.value.code == 2
    assert len(said.strip().splitlines()) == 1
    assert "BANGFU_VAR=var/trial script/server --empty" in said
    assert (User.objects.count(), Lot.objects.count()) == (accounts, 0)
