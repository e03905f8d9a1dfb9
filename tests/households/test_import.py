"""Files of households: what is wrong is named, what is sound goes in once, missing is never 0."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command
from django.db import IntegrityError, transaction
from django.utils import translation

from households.desk.words import missing_whose, missing_words
from households.models import Consent, Household, HouseholdYear, ImportBatch, ImportRow, Member, Need
from journal.models import Entry

HEADERS = [
    "户编号",
    "行政区划代码",
    "姓名",
    "与户主关系",
    "证件号码",
    "出生日期",
    "健康状况",
    "住房不安全",
    "联系电话",
    "户类型",
    "识别标准",
]
DAYS = ("--from", "2025-10-01", "--to", "2026-09-30")
VILLAGE = "990101100201"
CLASS = ("最低生活保障对象", "国家标准")
ROWS = [
    ["1", VILLAGE, "王秀兰", "户主", "", "1954-03-08", "长期慢性病、残疾", "是", "13800001234", *CLASS],
    ["1", VILLAGE, "陈小宝", "之孙子", "", "2014-06-01", "健康", "", "", "", ""],
    ["2", VILLAGE, "刘桂花", "户主", "", "", "", "否", "", *CLASS],
]
pytestmark = pytest.mark.django_db


def write(path: Path, headers: list[str], rows: list[list[str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows([headers, *rows])
    return path


def run(capsys: Any, path: Path, *more: str) -> dict[str, Any]:
    days = () if "costa_rica" in {*more, path.stem} else DAYS
    call_command(
        "import_households", str(path), "--json", "-o", str(path.with_name("copy.csv")), *days, *more
    )
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def stored() -> tuple[int, ...]:
    models = (ImportBatch, ImportRow, Household, Member, Need, Consent, HouseholdYear)
    return tuple(model.objects.count() for model in models)


def fails(capsys: Any, *arguments: str) -> str:
    with pytest.raises(SystemExit) as ended:
        call_command("import_households", *arguments)
    assert ended.value.code == 2
    assert stored() == (0,) * 7
    error: str = capsys.readouterr().err
    assert len(error.strip().splitlines()) == 1
    return error


def test_file_goes_in_once(capsys: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADERS, ROWS)

    first = run(capsys, path)
    before = stored()
    second = run(capsys, path)

    assert first["merged"] == {"households": 2, "members": 3, "needs": 0}
    assert first["watched"]["联系电话"] == {"missing": 2, "zero": 0}
    assert (second["state"], stored()) == ("already_merged", before)
    assert second["merged"] == {"households": 0, "members": 0, "needs": 0}
    assert (second["findings"], second["left_out"]) == (first["findings"], 0)
    widow = Household.objects.get(source_ref="official:990101:1")
    assert (widow.state, widow.phone, widow.incomplete) == (
        "active",
        "13800001234",
        ["id_number", "sex", "id_kind", "labour"],
    )
    assert Member.objects.get(name="王秀兰").health == ["chronic", "disabled"]
    assert Entry.objects.filter(action="household.imported").count() == 2


def test_what_is_not_said_stays_unknown(capsys: Any, tmp_path: Path) -> None:
    run(capsys, write(tmp_path / "a.csv", HEADERS, ROWS))

    facts = HouseholdYear.objects.order_by("household__source_ref")
    assert [(year.housing_unsafe, year.water_unsafe) for year in facts] == [(True, None), (False, None)]


def test_columns_may_stand_in_any_order(capsys: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADERS[::-1], [row[::-1] for row in ROWS])

    assert run(capsys, path)["merged"]["households"] == 2


def test_missing_and_unknown_columns_stop_the_file(capsys: Any, tmp_path: Path) -> None:
    headers = ["户编号", "行政区划代码", "姓 名", "与户主关系"]
    error = fails(capsys, str(write(tmp_path / "a.csv", headers, [["1", VILLAGE, "王", "户主"]])))

    assert "姓名" in error
    assert "姓 名" in error


@pytest.mark.parametrize("content", [b"", b"\x00\x01\x02", b"PK\x03\x04broken"])
def test_unreadable_file_is_one_line(capsys: Any, tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.xlsx"
    path.write_bytes(content)

    fails(capsys, str(path))


def test_missing_file_and_mapping_are_one_line(capsys: Any, tmp_path: Path) -> None:
    fails(capsys, str(tmp_path / "none.csv"))
    path = write(tmp_path / "a.csv", HEADERS, ROWS)
    assert "costa_rica" in fails(capsys, str(path), "--mapping", "klingon")


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        ("与户主关系", "朋友", "unknown_word"),
        ("住房不安全", "也许", "not_yes_or_no"),
        ("出生日期", "昨天", "no_day"),
        ("证件号码", "990101198605010013", "identity"),
        ("姓名", "", "empty"),
        ("户编号", "", "empty"),
        ("行政区划代码", "99", "area_unreadable"),
    ],
)
def test_fault_names_row_and_column_and_keeps_its_household_out(
    capsys: Any, tmp_path: Path, column: str, value: str, code: str
) -> None:
    rows = [list(row) for row in ROWS]
    rows[2][HEADERS.index(column)] = value

    report = run(capsys, write(tmp_path / "a.csv", HEADERS, rows))

    assert report["findings"][code] == 1
    assert (report["left_out"], report["merged"]["households"]) == (1, 1)
    row = ImportRow.objects.get(line=4)
    assert row.state == "faulty"
    assert {"line": 4, "column": column, "code": code} == {
        name: row.findings[0][name] for name in ("line", "column", "code")
    }
    assert column in (tmp_path / "copy.csv").read_text(encoding="utf-8-sig").splitlines()[3]


def test_household_without_a_head_waits_incomplete(capsys: Any, tmp_path: Path) -> None:
    rows = [[*row[:3], "之母" if row[0] == "2" else row[3], *row[4:]] for row in ROWS]

    report = run(capsys, write(tmp_path / "a.csv", HEADERS, rows))

    household = Household.objects.get(source_ref="official:990101:2")
    assert report["no_head"] == ["2"]
    assert (household.state, household.incomplete) == (
        "pending",
        ["head", "id_number", "sex", "id_kind", "health", "labour", "phone"],
    )


def test_two_heads_and_the_same_number_twice_stay_out(capsys: Any, tmp_path: Path) -> None:
    rows = [[*row[:3], "户主", "11010519491231002X", *row[5:]] for row in ROWS]

    report = run(capsys, write(tmp_path / "a.csv", HEADERS, rows))

    assert report["findings"]["two_heads"] == 1
    assert report["merged"]["households"] == 0
    assert ImportBatch.objects.get().state == "refused"
    assert Household.objects.count() == 0


def test_dry_run_stores_nothing(capsys: Any, tmp_path: Path) -> None:
    report = run(capsys, write(tmp_path / "a.csv", HEADERS, ROWS), "--dry-run")

    assert (report["state"], report["households"]) == ("checked", 2)
    assert stored() == (0,) * 7


def test_dry_run_writes_nothing_and_says_what_it_would_do(capsys: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADERS, [*ROWS, ["3", "99", "赵四", "户主", *[""] * 7]])
    ask = ("import_households", str(path), *DAYS, "--dry-run")

    call_command(*ask)
    said = capsys.readouterr().out
    call_command(*ask, "--json")
    counted = json.loads(capsys.readouterr().out)

    assert "3 households, 1 left out; would let in: 2 households, 3 members" in said
    assert (counted["would"], counted["annotated"]) == ({"households": 2, "members": 3}, "")
    assert stored() == (0,) * 7
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]

    call_command(*ask, "-o", str(tmp_path / "copy.csv"))
    assert (tmp_path / "copy.csv").exists()
    before = stored()

    call_command("import_households", str(path), *DAYS)
    assert (tmp_path / "a-checked.csv").exists()
    assert [now - then for now, then in zip(stored()[2:4], before[2:4], strict=True)] == [2, 3]  # as it said


def test_household_imported_before_stays_as_it_is(capsys: Any, tmp_path: Path) -> None:
    run(capsys, write(tmp_path / "a.csv", HEADERS, ROWS))
    report = run(capsys, write(tmp_path / "b.csv", HEADERS, [["1", VILLAGE, "别人", "户主", *[""] * 5]]))

    assert report["findings"]["already_on_file"] == 1
    assert Member.objects.filter(name="别人").count() == 0


def test_spreadsheet_and_its_annotated_copy(capsys: Any, tmp_path: Path) -> None:
    book = openpyxl.Workbook()
    for row in [HEADERS, [1, int(VILLAGE), "=王", "户主", *[None] * 5]]:
        book.active.append(row)
    path = tmp_path / "a.xlsx"
    book.active["C2"].data_type = "s"
    book.save(path)

    call_command("import_households", str(path), "--json", "-o", str(tmp_path / "copy.xlsx"), *DAYS)

    copy = openpyxl.load_workbook(tmp_path / "copy.xlsx").active
    assert copy["C2"].value == "'=王"
    assert Household.objects.get().source_ref == "official:990101:1"


def test_every_county_numbers_its_own_families(capsys: Any, tmp_path: Path) -> None:
    there = [[row[0], f"990102{row[1][6:]}", *row[2:]] for row in ROWS]
    run(capsys, write(tmp_path / "here.csv", HEADERS, ROWS))

    report = run(capsys, write(tmp_path / "there.csv", HEADERS, there))

    assert (report["merged"]["households"], report["left_out"]) == (2, 0)
    assert set(Household.objects.values_list("source_ref", flat=True)) == {
        f"official:{county}:{number}" for county in ("990101", "990102") for number in (1, 2)
    }


def survey_row(**answers: str) -> dict[str, str]:
    import tomllib

    from households.imports.mapping import SHIPPED, load_mapping

    plain = tomllib.loads((SHIPPED / "costa_rica.toml").read_text(encoding="utf-8"))
    row = dict.fromkeys(sorted(load_mapping(Path("costa_rica")).known), "0") | dict.fromkeys(
        plain["ignored"], ""
    )
    base = {
        "idhogar": "a", "Id": "ID_1", "Target": "2", "v2a1": "", "lugar1": "1", "area1": "1", "parentesco1": "1",
        "female": "1", "escolari": "6", "age": "40", "refrig": "1", "television": "1", "instlevel3": "1",
    }  # fmt: skip
    return row | base | answers


def test_survey_is_read_with_its_own_mapping(capsys: Any, tmp_path: Path) -> None:
    rows = [
        survey_row(epared1="1"),
        survey_row(Id="ID_2", parentesco1="0", parentesco3="1", age="9", Target="3", v2a1="0"),
        survey_row(
            idhogar="b", Id="ID_3", parentesco1="0", parentesco9="1", energcocinar4="1", area1="0", area2="1"
        ),
    ]
    path = tmp_path / "s.csv"
    write(path, list(rows[0]), [list(row.values()) for row in rows])

    report = run(capsys, path, "--mapping", "costa_rica")

    assert (report["no_head"], report["disagree"]) == (["b"], ["a"])
    assert report["watched"]["v2a1"] == {"missing": 2, "zero": 1}
    assert list(Household.objects.order_by("source_ref").values_list("area", "state")) == [
        ("998101100", "active"),
        ("998101200", "pending"),
    ]
    year = HouseholdYear.objects.get(household__source_ref="cr-2011:998101:a")
    assert (year.below_line, year.housing_unsafe, year.adult_schooling) == (None, True, True)
    assert year.out_of_school is None
    opened = Need.objects.get(item__slug="house_repair")
    assert opened.consent is not None
    assert (opened.state, opened.listed, opened.severity, opened.consent.purpose) == (
        "open",
        False,
        4,
        "survey",
    )
    assert Need.objects.get(item__slug="heating_stove").state == "draft"
    assert Need.objects.listed().count() == 0


def survey(path: Path) -> Path:
    """Two households: one whose answers differ, one without a head."""
    rows = [
        survey_row(),
        survey_row(Id="ID_2", parentesco1="0", parentesco2="1", Target="3"),
        survey_row(idhogar="b", Id="ID_3", parentesco1="0", parentesco9="1"),
    ]
    return write(path, list(rows[0]), [list(row.values()) for row in rows])


def test_second_run_names_the_same_households(capsys: Any, tmp_path: Path) -> None:
    path = survey(tmp_path / "s.csv")
    first = run(capsys, path, "--mapping", "costa_rica")
    before = stored()
    (tmp_path / "copy.csv").unlink()

    second = run(capsys, path, "--mapping", "costa_rica")

    assert (second["state"], stored()) == ("already_merged", before)
    for name in ("no_head", "disagree", "findings", "watched", "households", "rows", "batch", "left_out"):
        assert second[name] == first[name]
    assert (second["no_head"], second["disagree"]) == (["b"], ["a"])
    assert (tmp_path / "copy.csv").exists()


def test_columns_choose_the_shipped_mapping(capsys: Any, tmp_path: Path) -> None:
    assert run(capsys, survey(tmp_path / "costa_rica.csv"), "--dry-run")["mapping"] == "costa_rica-1"
    assert run(capsys, write(tmp_path / "a.csv", HEADERS, ROWS), "--dry-run")["mapping"] == "official-3"


def test_file_of_no_shipped_mapping_is_said_in_one_short_line(capsys: Any, tmp_path: Path) -> None:
    strange = str(write(tmp_path / "x.csv", ["a", "b"], [["1", "2"]]))
    wrong = str(survey(tmp_path / "s.csv"))

    error = fails(capsys, strange)
    long_list = fails(capsys, wrong, "--mapping", "official")

    assert "costa_rica, official" in error
    assert max(len(error), len(long_list)) < 250


@pytest.mark.parametrize("place", ["no/such/folder.csv", ".", "a.csv"])
def test_annotated_copy_without_a_place_stops_the_file_first(
    capsys: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    path = write(tmp_path / "a.csv", HEADERS, ROWS)
    before = path.read_bytes()
    monkeypatch.chdir(tmp_path)

    fails(capsys, str(path), "-o", place)

    assert path.read_bytes() == before
    assert [entry.name for entry in tmp_path.iterdir()] == ["a.csv"]


def test_survey_is_measured_by_what_it_asked(capsys: Any, tmp_path: Path) -> None:
    rows = [
        survey_row(epared1="1"),
        survey_row(idhogar="b", Id="ID_2", escolari="11", Target="4", lugar1="0", lugar2="1"),
        survey_row(idhogar="c", Id="ID_3", escolari="11", Target="4"),
        survey_row(idhogar="c", Id="ID_4", parentesco1="0", parentesco2="1", escolari="11", Target="2"),
    ]
    path = tmp_path / "s.csv"
    write(path, list(rows[0]), [list(row.values()) for row in rows])
    run(capsys, path, "--mapping", "costa_rica")

    call_command("mpi", "--json")
    found = json.loads(capsys.readouterr().out)

    assert found["not_asked"] == ["out_of_school", "uninsured"]
    assert (found["n"], found["q"], found["unscored"]) == (2, 1, 1)  # of c it is not known whether it is poor
    assert {name: group["n"] for name, group in found["groups"].items()} == {"998101": 1, "998102": 1}


@pytest.mark.parametrize(("column", "code"), [("户类型", "no_category"), ("识别标准", "no_standard")])
def test_household_nobody_classified_waits_and_the_report_says_why(
    capsys: Any, tmp_path: Path, column: str, code: str
) -> None:
    rows = [list(row) for row in ROWS]
    rows[2][HEADERS.index(column)] = ""

    report = run(capsys, write(tmp_path / "a.csv", HEADERS, rows))

    assert (report["unclassified"], report["findings"], report["left_out"]) == (1, {code: 1}, 0)
    filed = Household.objects.order_by("source_ref").values_list("state", "filed_at")
    assert [(state, at is not None) for state, at in filed] == [("active", True), ("pending", False)]
    row = ImportRow.objects.get(line=4)
    assert (row.state, row.findings[0]["column"]) == ("merged", column)
    assert column in (tmp_path / "copy.csv").read_text(encoding="utf-8-sig").splitlines()[3]


def test_file_taken_over_says_what_it_lacks_until_somebody_knows_the_main_cause(
    capsys: Any, tmp_path: Path
) -> None:
    run(capsys, write(tmp_path / "a.csv", HEADERS, ROWS))
    household = Household.objects.order_by("source_ref").first()
    assert household is not None
    assert household.state == "active"
    with translation.override("en"):
        said = missing_whose(household)
        assert "the main cause" in said
        assert "Sex" in said  # of each member, by its masked name
        assert "Labour ability" in said
        assert "the main cause" in missing_words(household)

        household.cause_main = "illness"
        assert "the main cause" not in missing_whose(household)
        household.cause_main, household.state = "", "pending"  # its assessment will name it
        assert "the main cause" not in missing_whose(household)


def test_table_without_these_columns_is_loaded_and_nobody_filed(capsys: Any, tmp_path: Path) -> None:
    report = run(capsys, write(tmp_path / "a.csv", HEADERS[:-2], [row[:-2] for row in ROWS]))

    assert (report["unclassified"], report["merged"]["households"]) == (2, 2)
    assert set(Household.objects.values_list("state", flat=True)) == {"pending"}


def test_facts_speak_of_the_days_named(capsys: Any, tmp_path: Path) -> None:
    path = write(tmp_path / "a.csv", HEADERS, ROWS)
    report = run(capsys, path, "--from", "2024-01-01", "--to", "2024-12-31")
    again = run(capsys, path)

    assert report["period"] == again["period"] == ["2024-01-01", "2025-01-01"]
    kept = ImportBatch.objects.get()
    assert kept.period == (date(2024, 1, 1), date(2025, 1, 1))
    assert set(HouseholdYear.objects.values_list("year", "period_start", "period_end")) == {
        (2024, *kept.period)
    }


@pytest.mark.parametrize(
    "days",
    [
        (),
        ("--from", "2025-10-01"),
        ("--to", "2025-10-01"),
        ("--from", "2025-10-02", "--to", "2025-10-01"),
        ("--from", "2024-10-01", "--to", "2026-09-30"),
        ("--from", "1900-01-01", "--to", "1900-12-31"),
        ("--from", "2026-10-01", "--to", "2199-09-30"),
        ("--mapping", "costa_rica", *DAYS),
    ],
)
def test_days_that_cannot_be_are_one_line(capsys: Any, tmp_path: Path, days: tuple[str, ...]) -> None:
    table = survey if "costa_rica" in days else lambda path: write(path, HEADERS, ROWS)

    fails(capsys, str(table(tmp_path / "a.csv")), *days)


def test_database_holds_whole_periods(capsys: Any, tmp_path: Path) -> None:
    run(capsys, write(tmp_path / "a.csv", HEADERS, ROWS))

    for broken in ({"period_end": None}, {"period_start": None}, {"period_end": date(2025, 10, 1)}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ImportBatch.objects.update(**broken)
