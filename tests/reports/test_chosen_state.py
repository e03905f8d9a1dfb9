"""A list of one state says so wherever it is met; the list of all says that too."""

from __future__ import annotations

import io

import pytest
from django.test import Client
from openpyxl import load_workbook

from accounts.enums import OrganisationKind, Role
from accounts.models import User
from common import clock
from files.services import content_of
from households.enums import HouseholdState
from jobs.models import Job
from jobs.worker import perform
from reports.models import Report
from reports.services import request_report
from tests import cast as people
from tests.cast import signed_in

pytestmark = pytest.mark.django_db
CHOSEN = HouseholdState.ACTIVE


@pytest.fixture
def officer() -> User:
    cast = people.county()
    people.approved(people.widow_applies(), cast)
    office = people.body("清河县农业农村局", OrganisationKind.GOVERNMENT, 90)
    return people.hire(
        "qin", "秦局", Role.OFFICER, organisation=office, prefix=people.COUNTY, by=cast.administrator
    )


def made(by: User, state: str, format: str) -> Report:
    asked = request_report(
        code="G01",
        area=people.COUNTY,
        period="2026",
        state=state,
        format=format,
        reason="季度调度",
        by=by,
        at=people.AT,
    )
    with clock.fixed(people.AT):
        perform(Job.objects.get(public_id=asked.job_ref).pk)
    report: Report = Report.objects.select_related("file").get(pk=asked.pk)
    return report


def content(report: Report) -> bytes:
    assert report.file is not None
    return content_of(report.file)


@pytest.mark.parametrize(("state", "words"), [("", "全部"), (str(CHOSEN), str(CHOSEN.label))])
def test_file_says_which_state_it_holds(officer: User, state: str, words: str) -> None:
    book = load_workbook(io.BytesIO(content(made(officer, state, "xlsx"))))
    assert ("状态", words) in list(book.worksheets[1].iter_rows(values_only=True))

    assert f"状态,{words}\r\n" in content(made(officer, state, "csv")).decode("utf-8-sig")


def test_pages_name_the_chosen_state_and_files_differ_in_name(officer: User) -> None:
    every, chosen = made(officer, "", "csv"), made(officer, CHOSEN, "csv")
    browser, words = signed_in(officer), str(CHOSEN.label)

    with clock.fixed(people.AT):
        assert f"2026 · {words}" in text(browser, "/reports/")
        assert f"2026 · {words}" in text(browser, "/home/")
        page = text(browser, f"/reports/{chosen.public_id}/")
        assert f"2026 · {words}</h1>" in page
        assert chosen.sha256 in page  # whole, to be compared with that of the file
        assert words not in text(browser, f"/reports/{every.public_id}/")
        names = [named(browser, report) for report in (every, chosen)]
    assert names == [f"G01-{people.COUNTY}-2026.csv", f"G01-{people.COUNTY}-2026-{CHOSEN}.csv"]


def test_home_counts_reports_made_under_their_name(officer: User) -> None:
    made(officer, "", "csv")

    page = text(signed_in(officer), "/home/")

    assert "已生成报表" in page
    assert "已下载" not in page


def text(browser: Client, path: str) -> str:
    answer = browser.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def named(browser: Client, report: Report) -> str:
    answer = browser.get(f"/reports/{report.public_id}/file/")
    assert answer.status_code == 200, answer
    return answer.headers["Content-Disposition"].split('"')[1]
