"""`report` from the shell: in the platform's seat or in somebody's, one object, one clear line and nothing kept."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import override

from accounts.enums import OrganisationKind, Role
from accounts.models import User
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from files.models import Attachment
from jobs.models import Job
from journal.models import Entry
from notices.models import Notice
from reports.models import Report
from reports.services import request_report
from tests import cast as people

pytestmark = pytest.mark.django_db
ASKED = ["G01", "--region", people.COUNTY, "--period", "2026", "--format", "csv"]


@pytest.fixture
def cast() -> people.Cast:
    return people.county()


@pytest.fixture
def officer(cast: people.Cast) -> User:
    office = people.body("清河县农业农村局", OrganisationKind.GOVERNMENT, 90)
    return people.hire(
        "qin", "秦局", Role.OFFICER, organisation=office, prefix=people.COUNTY, by=cast.administrator
    )


def run(capsys: Any, *arguments: str) -> dict[str, Any]:
    with clock.fixed(people.AT):
        call_command("report", *arguments, "--json")
    return json.loads(capsys.readouterr().out)  # type: ignore[no-any-return]


def fails(capsys: Any, *arguments: str) -> str:
    entries, notices = Entry.objects.count(), Notice.objects.count()
    with pytest.raises(SystemExit) as ended, clock.fixed(people.AT):
        call_command("report", *arguments)
    said = capsys.readouterr()
    assert ended.value.code == 2
    assert (said.out, len(said.err.strip().splitlines())) == ("", 1)
    assert not Report.objects.exists()
    assert not Job.objects.filter(kind="reports.make").exists()
    assert not Attachment.objects.filter(purpose__startswith="report").exists()
    assert (Entry.objects.count(), Notice.objects.count()) == (entries, notices)
    return str(said.err)


def test_platform_asks_for_itself_and_sees_what_a_viewer_of_the_area_sees(
    capsys: Any, cast: people.Cast, tmp_path: Path
) -> None:
    people.approved(people.widow_applies(), cast)
    out = tmp_path / "g01.csv"

    found = run(capsys, *ASKED, "-o", str(out))

    content = out.read_bytes()
    assert found == {
        "report": Report.objects.get().public_id,
        "code": "G01",
        "region": people.COUNTY,
        "period": "2026",
        "state": "",
        "format": "csv",
        "rows": 1,
        "sha256": hashlib.sha256(content).hexdigest(),
        "output": str(out),
    }
    assert "王*兰" in content.decode("utf-8-sig")
    assert people.WIDOW.encode() not in content
    made = Entry.objects.filter(object_ref=found["report"]).values_list("action", "actor_kind")
    assert set(made) == {("report.asked", "system"), ("report.made", "system")}
    assert run(capsys, *ASKED[:2], people.OTHER_COUNTY, *ASKED[3:], "-o", str(out))["rows"] == 0


def test_report_in_somebodys_seat_is_theirs(
    capsys: Any, officer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    found = run(capsys, *ASKED, "--as", "qin")

    assert found["output"] == f"G01-{people.COUNTY}-2026.csv"
    assert (tmp_path / found["output"]).exists()
    chosen = run(capsys, *ASKED, "--as", "qin", "--state", "active")
    assert chosen["output"] == f"G01-{people.COUNTY}-2026-active.csv"
    assert Report.objects.visible_to(officer).get(state="").public_id == found["report"]


@pytest.mark.parametrize(
    "changes",
    [
        {"code": "G99"},
        {"--region": "990101abc"},
        {"--region": "99010"},
        {"--region": ""},
        {"--period": "2026Q5"},
        {"--state": "forged"},
        {"--as": "nobody"},
        {"--as": "qin", "--region": people.OTHER_COUNTY},
        {"-o": "no/such/folder.csv"},
        {"-o": "."},
        {"-o": "/dev/null/x.csv"},
    ],
)
def test_fault_is_one_line_and_nothing_is_kept(
    capsys: Any, officer: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]
) -> None:
    monkeypatch.chdir(tmp_path)
    asked = {"code": "G01", "--region": people.COUNTY, "--period": "2026", "--format": "csv"} | changes

    fails(capsys, asked.pop("code"), *(word for pair in asked.items() for word in pair))

    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("region", ["9981", "998101", "998101100"])
def test_trial_surveys_are_in_no_ledger_and_the_refusal_says_so(
    capsys: Any, cast: people.Cast, region: str
) -> None:
    ask = {"code": "G01", "area": region, "period": "2026", "state": "", "format": "csv", "reason": "x"}
    with pytest.raises(Refused) as refused:
        request_report(**ask, by=SYSTEM, at=people.AT)
    assert (refused.value.code, refused.value.field) == ("trial_area", "area")

    with override("en"):
        said = fails(capsys, "G01", "--region", region, "--period", "2026")
    assert "trial surveys are in no ledger" in said


def test_unknown_format_is_a_fault_of_the_call() -> None:
    with pytest.raises(CommandError, match="invalid choice"):
        call_command("report", *ASKED[:-1], "pdf")


def test_page_of_the_job_offers_the_download_to_whoever_asked(
    capsys: Any, cast: people.Cast, officer: User, tmp_path: Path
) -> None:
    found = run(capsys, *ASKED, "--as", "qin", "-o", str(tmp_path / "g01.csv"))
    report = Report.objects.get(public_id=found["report"])

    page = people.signed_in(officer).get(f"/jobs/{report.job_ref}/")

    assert f'href="/reports/{report.public_id}/file/"' in page.content.decode()
    assert people.signed_in(cast.worker).get(f"/jobs/{report.job_ref}/").status_code == 404
