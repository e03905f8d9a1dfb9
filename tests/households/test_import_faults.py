"""Every seeded fault of a village table is named with row, column and what to do; nothing else is."""

from __future__ import annotations

import csv
import io
import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from django.core.management import call_command

from common import clock
from common.identity import sex_of
from households.imports import acts, checking, work
from households.models import Household, ImportBatch, ImportRow, Member
from jobs.models import Job
from jobs.registry import Outside
from jobs.worker import perform, perform_waiting
from tests import cast as people
from tests.cast import AT, Cast
from tests.households import faults, walking
from tests.households.test_import_pages import LIST, YEAR, table, uploaded

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


def on_file(count: int) -> list[str]:
    """Numbers of people whom a file of the county has already."""
    household = Household.objects.create(
        number="H-990101-2026-90000",
        area="990101100201",
        channel="desk",
        state="pending",
        created_at=AT,
        state_since=AT,
    )
    numbers = [faults.unique_number(400_000 + order, male=False) for order in range(count)]
    for number in numbers:
        Member.objects.create(
            household=household, name="在册", relation="other", id_kind="resident_id", id_number=number
        )
    return numbers


def found_in(report: dict[str, Any], copy: Path) -> dict[int, str]:
    """Line of the annotated copy -> what it says there."""
    with copy.open(encoding="utf-8-sig", newline="") as file:
        lines = list(csv.reader(file))
    return {number: line[-1] for number, line in enumerate(lines[1:], start=2) if line[-1]}


def run_on(village: faults.Village, tmp_path: Path, capsys: Any) -> tuple[dict[str, Any], dict[int, str]]:
    path = tmp_path / "village.csv"
    path.write_bytes(village.as_csv())
    copy = tmp_path / "copy.csv"
    days = ("--from", "2025-10-01", "--to", "2026-09-30")
    call_command("import_households", str(path), "--json", "-o", str(copy), *days)
    report = json.loads(capsys.readouterr().out)
    return report, found_in(report, copy)


def holds(village: faults.Village, report: dict[str, Any], said: dict[int, str]) -> None:
    """Each fault where it was seeded, under its code and in words, and not one finding besides."""
    wanted = {(line, seeded.column, seeded.code) for seeded in village.seeded for line in seeded.lines}
    rows = ImportRow.objects.exclude(findings=[])
    got = {(found["line"], found["column"], found["code"]) for row in rows for found in row.findings}
    assert got == wanted
    assert sum(report["findings"].values()) == len(wanted)
    assert set(said) == {line for line, _column, _code in wanted}
    for line, column, _code in wanted:
        assert f"第 {line} 行" in said[line]
        assert column in said[line]
    kept_out = sum(seeded.keeps_out for seeded in village.seeded)
    assert report["left_out"] == kept_out
    assert report["merged"]["households"] == report["households"] - kept_out


def test_every_kind_of_fault_is_named_and_nothing_else(capsys: Any, tmp_path: Path) -> None:
    village = faults.village(rows=600, faults=2 * len(faults.KINDS), on_file=on_file(2))

    report, said = run_on(village, tmp_path, capsys)

    holds(village, report, said)
    loaded = Household.objects.filter(channel="batch")
    headless = [household for household in loaded if "head" in household.incomplete]
    assert {household.source_ref.rpartition(":")[2] for household in headless} == set(report["no_head"])
    assert not Member.objects.filter(household__in=headless, is_head=True).exists()
    assert {household.state for household in headless} == {"pending"}
    phones = {household.phone for household in loaded}
    assert phones == {"13800001234", "13912345678", "09515012345", ""}


@pytest.mark.long
def test_thousand_faults_in_ten_thousand_rows(capsys: Any, tmp_path: Path) -> None:
    each = 1000 // len(faults.KINDS) + 1
    village = faults.village(rows=10_000, faults=1000, on_file=on_file(each))

    report, said = run_on(village, tmp_path, capsys)

    assert (len(village.seeded), report["rows"] > 9_500) == (1000, True)
    holds(village, report, said)


def test_sound_table_says_nothing(capsys: Any, tmp_path: Path) -> None:
    village = faults.village(rows=400, faults=0, on_file=[])

    report, said = run_on(village, tmp_path, capsys)

    assert (report["findings"], said, report["left_out"]) == ({}, {}, 0)
    assert report["merged"]["members"] == len(village.lines)
    assert Member.objects.filter(name="赵").exists()
    assert Member.objects.filter(name="阿卜杜拉·买买提").exists()


def test_rows_of_one_household_may_stand_anywhere(capsys: Any, tmp_path: Path) -> None:
    village = faults.village(rows=60, faults=0, on_file=[])
    village.lines.sort(key=lambda line: line["与户主关系"])

    report, _said = run_on(village, tmp_path, capsys)

    assert (report["findings"], report["merged"]["members"]) == ({}, len(village.lines))


@pytest.mark.parametrize(
    ("told", "stored", "kind"),
    [
        ("{card}44", "{card}44", "disability_certificate"),
        ("{card}44b1", "{card}44B1", "disability_certificate"),
        ("{card}", "{card}", "resident_id"),
    ],
)
def test_kind_of_a_number_follows_from_its_length(
    capsys: Any, tmp_path: Path, told: str, stored: str, kind: str
) -> None:
    village = faults.village(rows=4, faults=0, on_file=[])
    card = village.lines[0]["证件号码"]
    village.lines[0] |= {"证件号码": told.format(card=card), "证件类型": ""}

    report, _said = run_on(village, tmp_path, capsys)

    head = Member.objects.get(is_head=True)
    assert (report["findings"], head.id_number, head.id_kind) == ({}, stored.format(card=card), kind)


def test_what_number_and_row_say_differently_is_noted_and_the_number_counts(
    capsys: Any, tmp_path: Path
) -> None:
    village = faults.village(rows=4, faults=0, on_file=[])
    number = village.lines[0]["证件号码"]
    village.lines[0] |= {"出生日期": "1931-01-01", "性别": "女" if sex_of(number) == "male" else "男"}

    report, said = run_on(village, tmp_path, capsys)

    assert report["findings"] == {"birth_differs": 1, "sex_differs": 1}
    assert (report["left_out"], set(said)) == (0, {2})
    assert Member.objects.get(is_head=True).birth_date.isoformat().replace("-", "") == number[6:14]  # type: ignore[union-attr]


def sent(cast: Cast, content: bytes) -> ImportBatch:
    return acts.receive_file(upload=uploaded(content), mapping="", **YEAR, by=cast.worker, at=AT)


def test_first_findings_stand_on_the_page_before_the_check_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    """The report grows while the file is read: a part at a time."""
    monkeypatch.setattr(checking, "PART", 5)
    cast = people.county()
    village = faults.village(rows=130, faults=20, on_file=on_file(2))
    batch = sent(cast, village.as_csv())
    job = Job.objects.get(public_id=batch.job_ref)
    steps = work.check_import(job)
    for _part in range(3):
        steps.send(next(steps).call())  # type: ignore[union-attr]
    steps.close()

    page = people.signed_in(cast.worker).get(f"{LIST}{batch.public_id}/report/").content.decode()

    first = ImportRow.objects.exclude(findings=[]).order_by("line").first()
    assert first is not None
    assert ImportBatch.objects.get().state == "pending"
    assert first.findings[0]["column"] in page
    assert "核对还没有结束" in page
    perform(job.pk)
    assert ImportBatch.objects.get().state == "checked"


def test_sender_takes_the_own_table_with_the_findings_beside_it() -> None:
    cast = people.county()
    village = faults.village(rows=60, faults=10, on_file=on_file(1))
    batch = sent(cast, village.as_csv())
    perform_waiting()
    address = f"{LIST}{batch.public_id}/report/copy/"
    worker = people.signed_in(cast.worker)
    assert address in worker.get(f"{LIST}{batch.public_id}/report/").content.decode()

    book = openpyxl.load_workbook(io.BytesIO(worker.get(address).content)).active
    lines = list(book.values)

    assert list(lines[0]) == [*faults.HEADERS, "发现的情况"]
    assert len(lines) == len(village.lines) + 1
    said = {number for number, line in enumerate(lines, start=1) if number > 1 and line[-1]}
    assert said == {line for seeded in village.seeded for line in seeded.lines}
    assert lines[1][: len(faults.HEADERS)] == tuple(village.lines[0][name] or None for name in faults.HEADERS)
    supervisor = people.signed_in(cast.supervisor)
    assert address not in supervisor.get(f"{LIST}{batch.public_id}/report/").content.decode()
    assert supervisor.get(address).status_code == 404
    assert people.signed_in(cast.stranger).get(address).status_code == 404
    assert "发现的情况" in walking.text(worker.get(f"{LIST}{batch.public_id}/report/"))


@pytest.mark.long
def test_first_findings_of_a_hundred_thousand_rows_are_there_within_a_minute() -> None:
    """From the moment the file is sent; what follows them goes on in parts of its own."""
    cast = people.county()
    village = faults.village(rows=100_200, faults=1000, on_file=on_file(1000 // len(faults.KINDS) + 1))
    narrow = ["户编号", "行政区划代码", "姓名", "与户主关系", "性别", "证件号码", "户类型", "识别标准"]
    lines = [[line[name] for name in narrow] for line in village.lines[:100_000]]
    content = table(narrow, lines)

    begun = time.monotonic()
    batch = sent(cast, content)
    steps = work.check_import(Job.objects.get(public_id=batch.job_ref))
    given = next(steps)
    while not ImportRow.objects.exclude(findings=[]).exists():
        given = steps.send(given.call() if isinstance(given, Outside) else None)
    seconds = time.monotonic() - begun
    steps.close()

    assert len(lines) > 99_000
    assert seconds < 60
    page = people.signed_in(cast.worker).get(f"{LIST}{batch.public_id}/report/").content.decode()
    first = ImportRow.objects.exclude(findings=[]).order_by("line")[0]
    assert f">{first.line}<" in page
