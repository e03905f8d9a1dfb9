"""Government downloads: own area, masked, text stays text, made once by a job."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from urllib.parse import urlencode

import pytest
from django.utils.translation import override
from openpyxl import load_workbook

from accounts.enums import OrganisationKind, Role
from accounts.models import User
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from files.models import Attachment
from files.services import content_of, erase
from households.enums import NeedState
from households.models import Household, Member, Need
from households.services import reject_application, reserve_need
from jobs.models import Job
from jobs.worker import perform
from journal.models import Entry
from reference.queries import get_item
from reports.files import harmless
from reports.forms import ReportForm
from reports.models import Report
from reports.registry import kinds, period_of
from reports.services import request_report
from tests import cast as people

pytestmark = pytest.mark.django_db
PERIOD = "2026"


@pytest.fixture
def cast() -> people.Cast:
    return people.county()


@pytest.fixture
def officer(cast: people.Cast) -> User:
    office = people.body("清河县农业农村局", OrganisationKind.GOVERNMENT, 90)
    return people.hire(
        "qin", "秦局", Role.OFFICER, organisation=office, prefix=people.COUNTY, by=cast.administrator
    )


@pytest.fixture
def neighbour(cast: people.Cast) -> User:
    office = people.body("青石县农业农村局", OrganisationKind.GOVERNMENT, 91, area=people.OTHER_COUNTY)
    return people.hire(
        "shi", "石科", Role.OFFICER, organisation=office, prefix=people.OTHER_COUNTY, by=cast.administrator
    )


def make(
    by: User,
    code: str = "G01",
    area: str = people.COUNTY,
    format: str = "xlsx",
    state: str = "",
    language: str = "zh-hans",
) -> Report:
    report = request_report(
        code=code,
        area=area,
        period=PERIOD,
        state=state,
        format=format,
        reason="季度调度",
        language=language,
        by=by,
        at=people.AT,
    )
    with clock.fixed(people.AT):
        perform(Job.objects.get(public_id=report.job_ref).pk)
    made: Report = Report.objects.select_related("file").get(pk=report.pk)
    return made


def rows_of(report: Report) -> list[tuple[object, ...]]:
    assert report.file is not None
    book = load_workbook(io.BytesIO(content_of(report.file)), read_only=True)
    rows = list(book.worksheets[0].iter_rows(values_only=True))
    counted = 1 + (report.rows or 0)
    if report.rows:
        kind = kinds()[report.code]
        assert len(rows) == counted + bool(kind.sums or kind.counts)  # the totals stand below
    return rows[:counted]


def test_household_ledger_masks_names_and_explains_itself(cast: people.Cast, officer: User) -> None:
    application = people.approved(people.widow_applies(), cast)

    report = make(officer)

    rows = rows_of(report)
    assert rows[0] == tuple(str(heading) for heading in kinds()["G01"].columns)
    assert len(rows) == 2
    cells = dict(zip(rows[0], rows[1], strict=True))
    assert cells["户主（脱敏）"] == "王*兰"
    assert cells["户编号"] == application.household.number
    assert cells["人口"] == 2
    assert not cells["人均纯收入（元）"]  # not known is not 0
    whole = content_of(report.file)  # type: ignore[arg-type]
    assert people.WIDOW.encode() not in whole
    assert people.WIDOW_ID.encode() not in whole
    book = load_workbook(io.BytesIO(whole), read_only=True)
    assert "口径" in book.sheetnames
    actions = set(Entry.objects.filter(object_ref=report.public_id).values_list("action", flat=True))
    assert actions == {"report.asked", "report.made"}


def test_file_that_ended_counts_the_people_it_had_and_names_its_head(
    cast: people.Cast, officer: User
) -> None:
    application = people.reviewing(people.widow_applies(), cast)
    Member.objects.create(
        household=application.household, name="王大山", relation="spouse", live=False, ended_reason="died"
    )
    reject_application(application=application, reason="收入高于标准。", by=cast.supervisor, at=people.AT)

    cells = dict(zip(*rows_of(make(officer)), strict=True))

    assert (cells["户主（脱敏）"], cells["人口"]) == ("王*兰", 2)


def test_file_with_nobody_recorded_has_an_empty_cell(cast: people.Cast, officer: User) -> None:
    people.approved(people.widow_applies(), cast)
    Member.objects.update(live=False, ended_reason="moved")

    cells = dict(zip(*rows_of(make(officer)), strict=True))

    assert not cells["人口"]
    assert cells["人口"] != 0
    assert cells["户主（脱敏）"] == "（未登记）"


def csv_of(report: Report) -> list[dict[str, str]]:
    assert report.file is not None
    return list(csv.DictReader(io.StringIO(content_of(report.file).decode("utf-8-sig"))))


def test_counts_are_whole_and_yuan_carry_their_fen(cast: people.Cast, officer: User) -> None:
    people.approved(people.widow_applies(), cast)
    need = Need.objects.select_related("item").order_by("pk")[0]
    asked = {"living_aid": ("1600.50", 1600.5), "quilt": ("6", 6), "elder_care_hour": ("2.5", 2.5)}

    for slug, (text, number) in asked.items():
        item = get_item(slug)
        Need.objects.filter(pk=need.pk).update(item=item, requested=round(number * item.unit_factor))
        row = next(r for r in csv_of(make(officer, "G07", format="csv")) if r["需求编号"] == need.number)
        assert row["需求数量"] == text
        head, *cells = rows_of(make(officer, "G07"))
        cell = next(c for c in cells if need.number in c)[head.index("需求数量")]
        assert cell == number
        assert isinstance(cell, int | float)


@pytest.mark.parametrize(
    ("text", "area"),
    [
        ("990101100201", "990101100201"),
        ("990101", "990101"),
        ("990101000000", "990101"),
        ("河湾村委会", "990101100201"),
        ("河湾村", "990101100201"),
        ("清河镇河湾村委会", "990101100201"),
        ("清河县清河镇河湾村委会", "990101100201"),
        ("演示省示范市清河县清河镇", "990101100"),
        ("清河县清河镇", "990101100"),
        ("清河县/清河镇 河湾村", "990101100201"),
        ("清河县清河镇 河湾村", "990101100201"),
        ("清河县", "990101"),
    ],
)
def test_a_place_of_any_level_is_chosen_by_code_or_name(text: str, area: str) -> None:
    form = ReportForm(asked(area=text), prefix_code=people.COUNTY)

    assert form.is_valid(), form.errors
    assert form.cleaned_data["area"] == area


@pytest.mark.parametrize(
    ("text", "code", "named"),
    [
        ("石桥", "several_places", "990101102201"),
        ("990102100201", "unknown_place", "990102100201"),
        ("99", "unknown_place", "99"),
        ("青石县青石镇", "unknown_place", "青石县青石镇"),
    ],
)
def test_a_place_that_is_unclear_or_elsewhere_is_refused(text: str, code: str, named: str) -> None:
    form = ReportForm(asked(area=text), prefix_code=people.COUNTY)

    error = form.errors.as_data()["area"][0]
    assert error.code == code
    assert named in str(error.messages)


def test_states_stand_under_their_report_each_once() -> None:
    _all, *groups = ReportForm(prefix_code=people.COUNTY).fields["state"].choices  # type: ignore[attr-defined]

    assert [title for title, _states in groups] == [kind.title for kind in kinds().values()]
    for (_title, states), kind in zip(groups, kinds().values(), strict=True):
        assert [value for value, _label in states] == [f"{kind.code}.{slug}" for slug, _name in kind.states]
    html = str(ReportForm(prefix_code=people.COUNTY)["state"])
    assert html.count("<optgroup") == len(kinds())


def test_state_is_taken_under_the_chosen_report_only() -> None:
    own = ReportForm(asked(state="G01.suspended"), prefix_code=people.COUNTY)
    other = ReportForm(asked(state="G07.open"), prefix_code=people.COUNTY)

    assert own.is_valid(), own.errors
    assert own.cleaned_data["state"] == "suspended"
    error = other.errors.as_data()["state"][0]
    assert error.code == "state_of_another_report"
    assert str(kinds()["G07"].title) in str(error.messages)
    assert str(kinds()["G01"].title) in str(error.messages)


def asked(**changes: str) -> dict[str, str]:
    values = {"code": "G01", "area": people.COUNTY, "period": PERIOD, "format": "csv", "reason": "核对"}
    return values | changes


def test_report_speaks_the_language_it_was_asked_in(cast: people.Cast, officer: User) -> None:
    people.approved(people.widow_applies(), cast)

    for code, kind in kinds().items():
        report = make(officer, code, language="en")
        assert report.language == "en"
        book = load_workbook(io.BytesIO(content_of(report.file)), read_only=True)  # type: ignore[arg-type]
        with override("en"):
            assert book.sheetnames == [str(kind.title), "Definitions"]
            headings = [str(heading) for heading in kind.columns]
        assert rows_of(report)[0] == tuple(headings)
        assert all(heading.isascii() for heading in headings)
        notes = [row[0] for row in book["Definitions"].iter_rows(values_only=True)]
        assert {"Term", "Report", "Area", "Period", "What is counted"} <= set(notes)


def test_page_asks_in_the_language_of_the_reader(cast: people.Cast, officer: User) -> None:
    browser = people.signed_in(officer)
    browser.cookies["language"] = "en"
    asked = browser.get("/reports/ask/").content.decode()
    key = re.search(r'name="_key" value="(\w+)"', asked)
    assert key
    assert "Households on file" in asked
    values = {"code": "G01", "area": people.COUNTY, "period": PERIOD, "format": "csv", "reason": "季度调度"}
    answer = browser.post("/reports/ask/", {**values, "_key": key[1]})

    assert answer.status_code == 302, answer.content.decode()
    assert Report.objects.get().language == "en"


@pytest.mark.parametrize("code", ["G01", "G07"])
def test_families_from_a_file_stand_in_the_ledgers_like_any_other(
    cast: people.Cast, officer: User, code: str
) -> None:
    people.approved(people.widow_applies(), cast)
    Household.objects.update(channel="batch")
    Need.objects.update(origin="import")

    rows = {"G01": Household, "G07": Need}[code].objects.count()
    assert len(rows_of(make(officer, code))) == 1 + rows > 1


def test_need_promised_in_full_is_not_called_open(cast: people.Cast, officer: User) -> None:
    medicine, quilt = people.needs_of(people.approved(people.widow_applies(), cast))
    reserve_need(need=quilt, amount=quilt.requested, by=SYSTEM, at=people.AT)

    states = {row[2]: row[-1] for row in rows_of(make(officer, "G07"))[1:]}

    assert states == {medicine.number: NeedState.OPEN.label, quilt.number: "已全部落实，等待送达"}


@pytest.mark.parametrize("code", ["G01", "G07", "G10", "G12"])
@pytest.mark.parametrize("format", ["xlsx", "csv"])
def test_every_report_has_its_official_headings(
    cast: people.Cast, officer: User, code: str, format: str
) -> None:
    people.approved(people.widow_applies(), cast)

    report = make(officer, code, format=format)

    headings = tuple(str(heading) for heading in kinds()[code].columns)
    if format == "xlsx":
        assert rows_of(report)[0] == headings
    else:
        assert report.file is not None
        content = content_of(report.file)
        assert content.startswith(b"\xef\xbb\xbf")
        assert tuple(next(csv.reader(io.StringIO(content.decode("utf-8-sig"))))) == headings


def test_another_countys_rows_never_appear(cast: people.Cast, neighbour: User) -> None:
    people.approved(people.widow_applies(), cast)

    report = make(neighbour, area=people.OTHER_COUNTY)

    assert report.rows == 0


def test_another_countys_area_is_refused_and_nothing_is_kept(cast: people.Cast, neighbour: User) -> None:
    with pytest.raises(Refused) as refused:
        make(neighbour, area=people.COUNTY)

    assert refused.value.code == "outside_area"
    assert not Report.objects.exists()
    assert not Job.objects.filter(kind="reports.make").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"code": "G99"}, "unknown_report"),
        ({"period": "2026Q5"}, "period"),
        ({"period": "2027"}, "period_not_begun"),
        ({"period": "2026-12"}, "period_not_begun"),
        ({"state": "forged"}, "unknown_state"),
        ({"reason": " "}, "reason_missing"),
        ({"area": ""}, "outside_area"),
        ({"area": f"{people.COUNTY}abc"}, "unknown_area"),
        ({"area": f"{people.COUNTY}999"}, "unknown_area"),
    ],
)
def test_request_that_makes_no_sense_is_refused(officer: User, changes: dict[str, str], code: str) -> None:
    asked = {
        "code": "G01",
        "area": people.COUNTY,
        "period": PERIOD,
        "state": "",
        "format": "csv",
        "reason": "核对",
    }

    with pytest.raises(Refused) as refused:
        request_report(**{**asked, **changes}, by=officer, at=people.AT)

    assert refused.value.code == code
    assert not Report.objects.exists()


def test_worker_without_the_role_is_refused(cast: people.Cast) -> None:
    with pytest.raises(Refused) as refused:
        make(cast.worker)

    assert refused.value.code == "not_a_reader"
    assert not Report.objects.exists()


def test_job_done_twice_makes_one_file(cast: people.Cast, officer: User) -> None:
    report = make(officer)

    with clock.fixed(people.AT):
        perform(Job.objects.get(public_id=report.job_ref).pk)

    assert Attachment.objects.filter(owner_ref=report.public_id).count() == 1


def test_page_survives_a_reload_and_hands_out_the_file_once_it_is_made(
    cast: people.Cast, officer: User
) -> None:
    report = make(officer)
    browser = people.signed_in(officer)

    first = browser.get(f"/reports/{report.public_id}/")
    again = browser.get(f"/reports/{report.public_id}/")
    file = browser.get(f"/reports/{report.public_id}/file/")

    assert first.status_code == again.status_code == file.status_code == 200
    assert "attachment" in file["Content-Disposition"]
    assert Entry.objects.filter(action="report.downloaded", object_ref=report.public_id).count() == 1


def test_after_five_minutes_a_fresh_code_comes_first_and_the_file_by_itself(
    cast: people.Cast, officer: User
) -> None:
    report = make(officer)
    browser = people.signed_in(officer)
    session = browser.session
    session["account_authentication_methods"] = [
        {**proof, "at": proof["at"] - 301} for proof in session["account_authentication_methods"]
    ]
    session.save()
    shown = f"/reports/{report.public_id}/"

    refused = browser.get(f"{shown}file/")

    assert refused.headers["Location"] == f"/seats/confirm/?{urlencode({'next': f'{shown}?take=1'})}"
    assert not Entry.objects.filter(action="report.downloaded").exists()
    assert browser.get(f"{shown}?take=1").headers["Refresh"] == f"0; url={shown}file/"
    assert "Refresh" not in browser.get(shown).headers


def test_file_whose_week_is_over_is_no_longer_offered(cast: people.Cast, officer: User) -> None:
    report = make(officer)
    assert report.file is not None
    erase(attachment=report.file, by=SYSTEM, at=people.AT)
    browser = people.signed_in(officer)
    shown = f"/reports/{report.public_id}/"

    assert f'href="{shown}file/"' not in browser.get(f"{shown}?take=1").content.decode()
    assert "Refresh" not in browser.get(f"{shown}?take=1").headers
    assert browser.get(f"{shown}file/").status_code == 404
    assert not Entry.objects.filter(action="report.downloaded").exists()


def test_another_officers_report_is_not_found(officer: User, neighbour: User) -> None:
    report = make(officer)

    response = people.signed_in(neighbour).get(f"/reports/{report.public_id}/file/")

    assert response.status_code == 404
    assert not Entry.objects.filter(action="report.downloaded").exists()


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("2026", (date(2026, 1, 1), date(2027, 1, 1))),
        ("2026Q4", (date(2026, 10, 1), date(2027, 1, 1))),
        ("2026-02", (date(2026, 2, 1), date(2026, 3, 1))),
        ("2026-12", (date(2026, 12, 1), date(2027, 1, 1))),
        ("2026Q0", None),
        ("26", None),
        ("2026-13", None),
        ("0000Q1", None),
        ("9999Q4", None),
        ("²²²²", None),
        ("2026-²", None),
        ("٢٠٢٦", None),
        ("", None),
    ],
)
def test_period_is_half_open(text: str, whole: tuple[date, date] | None) -> None:
    assert period_of(text) == whole


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", " =", "＝", "＋"])
def test_text_that_a_spreadsheet_would_run_is_made_harmless(start: str) -> None:
    assert str(harmless(f"{start}1+1")).startswith("'")
