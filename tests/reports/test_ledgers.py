"""What stands in the ledgers: exact figures, totals that make sense, conditions in words, ages, what ended left out."""

from __future__ import annotations

import csv
import io
from datetime import date, timedelta
from typing import Any

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from accounts.enums import OrganisationKind, Role
from accounts.models import User
from common import clock
from donors.models import Lot
from files.services import content_of
from households.models import HouseholdYear, Need
from jobs.models import Job
from jobs.worker import perform
from projects.models import Project
from reports.models import Report
from reports.registry import kinds
from reports.services import request_report
from tests import cast as people
from tests.matching.conftest import Scene, laid, listed_lot, project_of
from tests.projects import stage as s

pytestmark = pytest.mark.django_db


@pytest.fixture
def scene(db: None) -> Scene:
    return laid()


@pytest.fixture
def officer(scene: Scene) -> User:
    return office(scene.cast)


def office(cast: people.Cast) -> User:
    bureau = people.body("清河县农业农村局", OrganisationKind.GOVERNMENT, 90)
    return people.hire(
        "qin", "秦局", Role.OFFICER, organisation=bureau, prefix=people.COUNTY, by=cast.administrator
    )


def made(by: User, code: str, *, format: str = "xlsx", period: str = "2026") -> bytes:
    """The file of a report in English."""
    with clock.fixed(people.AT):
        report = request_report(
            code=code, area=people.COUNTY, period=period, state="", format=format, reason="季度 & 调度", language="en",
            by=by, at=people.AT,
        )  # fmt: skip
        perform(Job.objects.get(public_id=report.job_ref).pk)
    report = Report.objects.select_related("file").get(pk=report.pk)
    assert report.file is not None
    return content_of(report.file)


def lines(content: bytes) -> list[dict[str, Any]]:
    """The rows of a csv, until the notes begin."""
    table = content.decode("utf-8-sig").split("\r\n\r\n")[0]
    return list(csv.DictReader(io.StringIO(table)))


def cells(content: bytes) -> list[dict[str, Any]]:
    head, *rows = load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)
    return [dict(zip(map(str, head), row, strict=True)) for row in rows]


def test_income_has_its_two_places_in_both_formats(scene: Scene, officer: User) -> None:
    household = scene.quilts.household
    HouseholdYear.objects.update_or_create(
        household=household,
        year=2026,
        defaults={
            "per_capita": "10066.67",
            "size": 2,
            "period_start": date(2026, 1, 1),
            "period_end": date(2026, 12, 31),
        },
    )

    column = "Net income per head (yuan)"
    assert lines(made(officer, "G01", format="csv"))[0][column] == "10066.67"
    assert cells(made(officer, "G01"))[0][column] == 10066.67


def test_heading_is_frozen_and_every_page_says_who_asked_when_and_what_for(officer: User) -> None:
    book = load_workbook(io.BytesIO(made(officer, "G01")))

    notes = dict(book["Definitions"].iter_rows(min_row=2, values_only=True))
    day = str(clock.day_of(people.AT))
    assert notes["Watermark"] == f"Made for qin on {day}, for: 季度 & 调度. Not to be passed on."
    assert f"As on the day of making, {day}" in str(notes["States and sums"])
    for sheet in book.worksheets:
        assert sheet.freeze_panes == "A2"
        assert "Made for qin on" in str(sheet.oddFooter.center.text)


@pytest.mark.parametrize("code", ["G01", "G07", "G10", "G12"])
def test_every_report_says_of_which_day_its_states_are(officer: User, code: str) -> None:
    assert "As on the day of making" in made(officer, code, format="csv").decode("utf-8-sig")


def test_totals_add_up_people_yuan_and_planned_households(scene: Scene, officer: User) -> None:
    project_of(scene.agency, {"quilt": 1}, number="2")

    for read, kind in ((cells, "xlsx"), (lines, "csv")):
        *rows, last = read(made(officer, "G12", format=kind))
        assert (len(rows), last["No."]) == (2, "Total")
        assert float(last["Funds (yuan)"]) == 100_000
        assert int(last["Households planned"]) == 60
        assert not last["Project"]
        assert int(read(made(officer, "G01", format=kind))[-1]["People"]) == 2


def test_units_that_differ_are_not_added_up(scene: Scene, officer: User) -> None:
    for read, kind in ((cells, "xlsx"), (lines, "csv")):
        *rows, last = read(made(officer, "G07", format=kind))
        assert len(rows) == Need.objects.count() == 2
        families = len({row["File number"] for row in rows})
        assert (last["No."], last["Need number"], last["File number"]) == (
            "Total",
            "2 needs",
            f"{families} families",
        )
        assert not any(last[column] for column in ("Quantity needed", "Promised", "Delivered", "Age (days)"))


def test_score_says_which_stage_it_belongs_to() -> None:
    on = s.stage(evaluators=8)
    plan = s.concluded(on, s.opened(on, s.in_ex_ante(on)), [84, 84])
    result = s.concluded(on, s.opened(on, s.completing(on)), [70, 70])
    begun = s.in_ex_ante(on)

    *rows, _total = lines(made(office(on.cast), "G12", format="csv"))

    assert {row["Project number"]: (row["Stage evaluated"], row["Score"]) for row in rows} == {
        plan.project.number: ("before the start", "84.00"),  # of a plan, and no result
        result.project.number: ("after the end", "70.00"),
        begun.number: ("", ""),
    }


def test_columns_are_as_wide_as_what_stands_in_them_and_headings_wrap(scene: Scene, officer: User) -> None:
    book = load_workbook(io.BytesIO(made(officer, "G01")))

    rows, definitions = book.worksheets
    place, number = rows.column_dimensions["B"].width, rows.column_dimensions["A"].width
    assert place > len(str(rows["B2"].value)) > number  # Chinese characters take two places
    assert all(cell.alignment.wrap_text and cell.font.bold for cell in rows[1])
    assert definitions.column_dimensions["B"].width > 80
    assert all(row[1].alignment.wrap_text for row in definitions.iter_rows(min_row=2))


def test_ages_and_states_are_explained_as_they_are_counted(officer: User) -> None:
    with override("zh-hans"):
        explained = {str(term): str(meaning) for term, meaning in kinds()["G07"].definitions}
    assert "开放那天" in explained["开放天数"]
    assert "全部落实" in explained["状态"]


def test_offer_tells_kind_value_and_conditions_in_words(scene: Scene, officer: User) -> None:
    lot = listed_lot(
        scene, conditions=[{"field": "severity", "value": 3}, {"field": "household_cap", "value": 2}]
    )
    Lot.objects.filter(pk=lot.pk).update(fair_value=123_450)
    free = listed_lot(scene, "rice", 500)

    *rows, last = lines(made(officer, "G10", format="csv"))

    found = {row["Offer number"]: row for row in rows}
    assert found[lot.public_id]["Kind"] == found[free.public_id]["Kind"] == "Goods"
    assert found[lot.public_id]["Value (yuan)"] == last["Value (yuan)"] == "1234.50"
    assert found[free.public_id]["Value (yuan)"] == ""
    use = found[lot.public_id]["Designated use"]
    assert "How badly it is needed: grade 3 of 5 or worse" in use
    assert "At most per household: 2" in use
    assert found[free.public_id]["Designated use"] == "where it is needed most"


@pytest.mark.parametrize("state", ["used_up", "closed", "withdrawn", "expired", "rejected", "defaulted"])
def test_offer_that_ended_before_the_period_is_left_out_unless_something_is_promised(
    scene: Scene, officer: User, state: str
) -> None:
    lot = listed_lot(scene)
    before = people.AT - timedelta(days=60)
    Lot.objects.filter(pk=lot.pk).update(
        state=state,
        state_since=before,
        listed_at=before - timedelta(days=1),
        available=0,
        returned=lot.quantity,
    )

    assert lot.public_id not in str(lines(made(officer, "G10", format="csv", period="2026-11")))
    assert lot.public_id in str(lines(made(officer, "G10", format="csv", period="2026")))

    Lot.objects.filter(pk=lot.pk).update(reserved=1, returned=lot.quantity - 1)
    assert lot.public_id in str(lines(made(officer, "G10", format="csv", period="2026-11")))


def test_project_names_whom_it_serves(scene: Scene, officer: User) -> None:
    Project.objects.update(groups=["elderly"])

    assert lines(made(officer, "G12", format="csv"))[0]["People served"].startswith("Elderly")


def test_need_tells_its_age_in_days(scene: Scene, officer: User) -> None:
    Need.objects.filter(pk=scene.quilts.pk).update(opened_at=people.AT - timedelta(days=40))
    Need.objects.filter(pk=scene.medicine.pk).update(
        opened_at=people.AT - timedelta(days=40), closed_at=people.AT - timedelta(days=10)
    )

    *needs, _total = lines(made(officer, "G07", format="csv"))
    rows = {row["Need number"]: row["Age (days)"] for row in needs}

    assert rows == {scene.quilts.number: "40", scene.medicine.number: "30"}
