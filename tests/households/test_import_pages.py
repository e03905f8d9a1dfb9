"""A file of households through the desk: sent, checked in the background, let in by a second person."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext

from common import clock
from common.exceptions import Refused
from files.models import Attachment
from files.services import content_of
from households.imports import acts, checking, work
from households.models import Household, ImportBatch, ImportRow, Member
from jobs.models import Job
from jobs.worker import perform, perform_waiting
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, OTHER_COUNTY, VILLAGE, Cast
from tests.households import walking
from tests.households.test_import import HEADERS, ROWS, survey_row

UPLOAD = "/admin/households/importbatch/upload/"
LIST = "/admin/households/importbatch/"
YEAR: dict[str, Any] = {"first_day": date(2025, 10, 1), "last_day": date(2026, 9, 30)}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def table(headers: list[str], rows: list[list[str]]) -> bytes:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([headers, *rows])
    return buffer.getvalue().encode()


def uploaded(content: bytes, name: str = "village.csv") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def sent(by: Any, content: bytes | None = None, mapping: str = "") -> ImportBatch:
    file = uploaded(table(HEADERS, ROWS) if content is None else content)
    return acts.receive_file(upload=file, mapping=mapping, **YEAR, by=by, at=AT)


def checked(by: Any, content: bytes | None = None) -> ImportBatch:
    batch = sent(by, content)
    perform_waiting()
    batch.refresh_from_db()
    return batch


def stored() -> tuple[int, ...]:
    return tuple(
        model.objects.count() for model in (ImportBatch, ImportRow, Household, Member, Job, Attachment)
    )


def post(client: Client, content: bytes, name: str = "village.csv", **data: str) -> Any:
    return client.post(
        UPLOAD, {"upload": uploaded(content, name), "mapping": "", **YEAR, "_key": walking.key(), **data}
    )


def test_file_is_checked_then_a_second_person_lets_it_in(cast: Cast) -> None:
    worker, supervisor = people.signed_in(cast.worker), people.signed_in(cast.supervisor)

    to = post(worker, table(HEADERS, ROWS)).url
    assert "正在逐行核对" in walking.text(worker.get(to))
    assert Household.objects.count() == 0
    perform_waiting()
    batch = ImportBatch.objects.get()
    assert (batch.state, batch.rows_read, batch.households_read, batch.area) == ("checked", 3, 2, VILLAGE)
    assert (Household.objects.count(), ImportRow.objects.filter(state="ready").count()) == (0, 3)
    assert content_of(batch.file) == table(HEADERS, ROWS)  # type: ignore[arg-type]
    assert b"data-poll" not in worker.get(to).content
    assert worker.post(f"{to}merge/", {"_key": "w"}).status_code == 409
    assert "这份表格" in walking.text(supervisor.get("/admin/")) or batch.name in walking.text(
        supervisor.get("/admin/")
    )

    assert supervisor.post(f"{to}merge/", {"_key": "s"}).status_code == 302
    perform_waiting()

    batch.refresh_from_db()
    assert (batch.state, batch.households_merged, batch.members_merged) == ("merged", 2, 3)
    assert (batch.by_user, batch.decided_by) == (cast.worker, cast.supervisor)
    assert Household.objects.get(source_ref="official:990101:1").phone == "13800001234"
    assert set(ImportRow.objects.values_list("state", flat=True)) == {"merged"}
    assert Attachment.objects.get().erased_at == AT
    assert Entry.objects.filter(action="household.imported", actor_ref=cast.supervisor.public_id).count() == 2
    assert supervisor.get(to).status_code == 200


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "是空的"),
        (b"\n", "是空的"),
        (b"\xff\xfe\x00abc", "不能作为表格读取"),
        (b"a,b\x00,c\n1,2,3\n", "不能作为表格读取"),
        (b"\x81", "不能作为表格读取"),
        (b"PK\x03\x04broken", "不能作为表格读取"),
        (b"%PDF-1.7 %%EOF", "不能作为表格读取"),
        (b"a,b\n1,2\n", "costa_rica, official"),
        (table(HEADERS[:1] + HEADERS[2:], []), "行政区划代码"),
        (table([*HEADERS, "<script>"], []), "&lt;script&gt;"),
        (table([*HEADERS, HEADERS[0]], []), "户编号"),
        (b'"' + b"x" * 200_000 + b'"\n', "不能作为表格读取"),
    ],
)
def test_file_that_does_not_fit_is_one_sentence_and_nothing_is_kept(
    cast: Cast, content: bytes, said: str
) -> None:
    before = stored()

    answer = post(people.signed_in(cast.worker), content)

    assert answer.status_code == 409
    assert said in answer.content.decode()
    assert stored() == before


def workbook(*parts: tuple[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts:
            archive.writestr(name, content)
    return buffer.getvalue()


def sheet_with(cells: bytes) -> bytes:
    """A real workbook whose only sheet holds these rows."""
    buffer = io.BytesIO()
    openpyxl.Workbook().save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    space = b"http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    body = b'<worksheet xmlns="%s"><sheetData>%s</sheetData></worksheet>' % (space, cells)
    return workbook(*((name, body if name.endswith("sheet1.xml") else text) for name, text in parts))


BOMB = [("[Content_Types].xml", b"x"), ("xl/workbook.xml", b" " * (201 * 1024 * 1024))]
PROGRAM = [("[Content_Types].xml", b"x"), ("xl/workbook.xml", b"x"), ("xl/vbaProject.bin", b"x")]
ENTITY = [("[Content_Types].xml", b"x"), ("xl/workbook.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')]
HALF = [("[Content_Types].xml", b"<x"), ("xl/workbook.xml", b"<x")]


@pytest.mark.parametrize("parts", [BOMB, PROGRAM, ENTITY, HALF])
def test_absurd_workbook_is_refused(cast: Cast, parts: list[tuple[str, bytes]]) -> None:
    before = stored()

    assert post(people.signed_in(cast.worker), workbook(*parts), "a.xlsx").status_code == 409
    assert stored() == before


def test_workbook_that_lies_about_its_size_is_read_or_refused(cast: Cast) -> None:
    text = b'<c r="%s1" t="inlineStr"><is><t>%s</t></is></c>'
    head = b"".join(
        text % (b"ABCDEFGHIJK"[place : place + 1], name.encode()) for place, name in enumerate(HEADERS)
    )
    far = b'<row r="1">' + head + b'</row><row r="999999999999"><c r="XFD999999999999"><v>1</v></c></row>'
    before = stored()

    assert (
        post(people.signed_in(cast.worker), sheet_with(b'<row r="1"><c r="0"/></row>'), "b.xlsx").status_code
        == 409
    )
    assert stored() == before
    batch = checked(cast.worker, sheet_with(far))

    assert (batch.state, batch.refusal_code, batch.rows_read) == ("refused", "nothing_sound", 0)


def test_too_large_a_file_is_refused_before_it_is_read(cast: Cast, settings: Any) -> None:
    client = people.signed_in(cast.worker)
    before = stored()

    large = post(client, table(HEADERS, ROWS) + b" " * acts.LIMIT)
    settings.BODY_LIMIT = 1000
    huge = post(client, b"x" * 1001)

    assert (large.status_code, huge.status_code) == (409, 413)
    assert "10 MB" in walking.text(large)
    assert stored() == before


def test_same_file_is_told_so_and_may_come_again_after_a_refusal(cast: Cast) -> None:
    batch = checked(cast.worker)
    before = stored()

    again = post(people.signed_in(cast.colleague), table(HEADERS, ROWS), "other-name.csv")

    assert (again.status_code, stored()) == (409, before)
    assert "交过" in walking.text(again)
    acts.refuse_import(batch=batch, reason="拿错了表", by=cast.supervisor, at=AT)
    assert checked(cast.worker).state == "checked"


def test_database_holds_one_standing_import_of_a_file_and_two_people(cast: Cast) -> None:
    batch = checked(cast.worker)

    with pytest.raises(IntegrityError), transaction.atomic():
        ImportBatch.objects.create(
            name="x", sha256=batch.sha256, mapping=batch.mapping, created_at=AT, state="checked"
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ImportBatch.objects.filter(pk=batch.pk).update(state="merged", decided_by=cast.worker)


def test_columns_in_another_order_are_the_same_columns(cast: Cast) -> None:
    assert checked(cast.worker, table(HEADERS[::-1], [row[::-1] for row in ROWS])).households_read == 2


def test_household_of_another_county_stays_out(cast: Cast) -> None:
    rows = [*ROWS[:2], ["9", f"{OTHER_COUNTY}100201", "外县人", "户主", *[""] * 5]]

    batch = checked(cast.worker, table(HEADERS, rows))
    acts.merge_import(batch=batch, by=cast.supervisor, at=AT)
    perform_waiting()

    batch.refresh_from_db()
    assert (batch.findings["outside_area"], batch.households_merged, batch.area) == (1, 1, VILLAGE)
    assert not Member.objects.filter(name="外县人").exists()


def test_file_without_a_sound_household_is_refused_and_forgotten(cast: Cast) -> None:
    batch = checked(cast.worker, table(HEADERS, [["9", "99", "王", "朋友", *[""] * 5]]))

    assert (batch.state, batch.refusal_code) == ("refused", "nothing_sound")
    assert ImportRow.objects.get().content == ""
    assert Attachment.objects.get().erased_at is not None
    page = walking.text(people.signed_in(cast.worker).get(f"{LIST}{batch.public_id}/report/"))
    assert "朋友" in page


def test_file_too_long_is_refused_by_the_check(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(work, "MOST_ROWS", 2)

    batch = checked(cast.worker)

    assert (batch.state, batch.refusal_code, ImportRow.objects.count()) == ("refused", "too_many_rows", 0)
    assert batch.refusal in walking.text(
        people.signed_in(cast.worker).get(f"{LIST}{batch.public_id}/report/")
    )


def refused(code: str, act: Any, **given: Any) -> None:
    before = list(ImportBatch.objects.values()), stored()
    with pytest.raises(Refused) as caught:
        act(**given, at=AT)
    assert caught.value.code == code
    assert (list(ImportBatch.objects.values()), stored()) == before


def test_only_a_supervisor_who_did_not_send_it_decides(cast: Cast) -> None:
    refused(
        "not_a_worker", acts.receive_file, upload=uploaded(b"x"), mapping="", **YEAR, by=cast.village_worker
    )
    refused("no_file", acts.receive_file, upload=None, mapping="", **YEAR, by=cast.worker)
    refused(
        "mapping_missing",
        acts.receive_file,
        upload=uploaded(table(HEADERS, ROWS)),
        mapping="../../etc/passwd",
        **YEAR,
        by=cast.worker,
    )
    pending = sent(cast.supervisor)
    refused("wrong_state", acts.merge_import, batch=pending, by=cast.second_supervisor)
    perform_waiting()
    batch = ImportBatch.objects.get()

    refused("second_person", acts.merge_import, batch=batch, by=cast.supervisor)
    refused("supervisor_needed", acts.merge_import, batch=batch, by=cast.worker)
    refused("supervisor_needed", acts.refuse_import, batch=batch, reason="x", by=cast.worker)
    refused("supervisor_needed", acts.merge_import, batch=batch, by=cast.stranger)
    refused("reason_missing", acts.refuse_import, batch=batch, reason=" ", by=cast.second_supervisor)
    acts.merge_import(batch=batch, by=cast.second_supervisor, at=AT)
    refused("merging", acts.refuse_import, batch=batch, reason="x", by=cast.second_supervisor)
    perform_waiting()
    refused("wrong_state", acts.merge_import, batch=batch, by=cast.second_supervisor)
    refused("wrong_state", acts.refuse_import, batch=batch, reason="x", by=cast.second_supervisor)


@pytest.mark.parametrize(
    ("first", "last", "code"),
    [
        (None, None, "period_missing"),
        (date(2025, 10, 1), None, "period_missing"),
        (date(2025, 10, 1), date(2025, 9, 30), "period"),
        (date(2025, 12, 1), date(2026, 11, 24), "period_ahead"),
        (date(2024, 1, 1), date(2025, 1, 1), "period_long"),
        (date(1999, 1, 1), date(1999, 12, 31), "period_long"),
    ],
)
def test_days_its_facts_speak_of_are_said_when_it_is_sent(
    cast: Cast, first: date | None, last: date | None, code: str
) -> None:
    file = uploaded(table(HEADERS, ROWS))

    refused(code, acts.receive_file, upload=file, mapping="", first_day=first, last_day=last, by=cast.worker)


def test_survey_says_its_year_itself(cast: Cast) -> None:
    row = survey_row()
    content = table(list(row), [list(row.values())])

    refused("period_fixed", acts.receive_file, upload=uploaded(content), mapping="", **YEAR, by=cast.worker)


def test_page_keeps_the_days_and_says_what_is_missing(cast: Cast) -> None:
    worker = people.signed_in(cast.worker)

    bare = post(worker, table(HEADERS, ROWS), first_day="", last_day="")
    assert (bare.status_code, ImportBatch.objects.count()) == (409, 0)
    to = post(worker, table(HEADERS, ROWS), first_day="2025-10-01", last_day="2026-09-30").url

    assert ImportBatch.objects.get().period == (date(2025, 10, 1), date(2026, 10, 1))
    perform_waiting()
    assert "2025-10-01 – 2026-09-30" in walking.text(worker.get(to))


def test_number_filed_since_the_check_keeps_its_household_out(cast: Cast) -> None:
    rows = [list(row) for row in ROWS]
    rows[0][HEADERS.index("证件号码")], rows[0][HEADERS.index("出生日期")] = people.WIDOW_ID, ""
    batch = checked(cast.worker, table(HEADERS, rows))
    assert batch.findings == {}

    people.widow_applies()
    acts.merge_import(batch=batch, by=cast.supervisor, at=AT)
    perform_waiting()

    batch.refresh_from_db()
    assert (batch.state, batch.households_merged, batch.findings) == ("merged", 1, {"id_known": 1})
    assert set(ImportRow.objects.filter(household_key="1").values_list("state", flat=True)) == {"faulty"}
    assert Member.objects.filter(live=True, name="陈小宝").count() == 1


def test_work_that_was_stopped_goes_on_and_does_nothing_twice(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(checking, "PART", 1)
    batch = sent(cast.worker)
    broken = Job.objects.get(public_id=batch.job_ref)
    steps = work.check_import(broken)
    for _part in ("the file", "its first household"):
        given = next(steps)
        steps.send(given.call())  # type: ignore[union-attr]
    # the first household is kept, then the worker dies
    steps.close()
    assert ImportRow.objects.count() == 2
    perform(broken.pk)
    assert (ImportRow.objects.count(), ImportBatch.objects.get().state) == (3, "checked")

    batch = acts.merge_import(batch=batch, by=cast.supervisor, at=AT)
    broken = Job.objects.get(public_id=batch.job_ref)
    steps = work.merge_checked(broken)
    for _part in ("the file", "its first household"):
        given = next(steps)
        steps.send(given.call())  # type: ignore[union-attr]
    steps.close()
    assert Household.objects.count() == 1
    Job.objects.filter(pk=broken.pk).update(state="failed")
    page = f"{LIST}{batch.public_id}/report/"
    supervisor = people.signed_in(cast.supervisor)
    assert f"{page}again/" in supervisor.get(page).content.decode()
    refused("supervisor_needed", acts.repeat_import, batch=batch, by=cast.worker)
    assert supervisor.post(f"{page}again/", {"_key": "g"}).status_code == 302
    perform_waiting()

    batch.refresh_from_db()
    assert (batch.state, batch.households_merged, batch.members_merged) == ("merged", 2, 3)
    assert set(ImportRow.objects.values_list("state", flat=True)) == {"merged"}


def test_file_taken_back_while_it_is_checked_keeps_nothing(cast: Cast) -> None:
    batch = sent(cast.worker)
    steps = work.check_import(Job.objects.get(public_id=batch.job_ref))
    steps.send(next(steps).call())  # type: ignore[union-attr]
    acts.refuse_import(batch=batch, reason="拿错了", by=cast.worker, at=AT)

    with pytest.raises(StopIteration):
        steps.send(next(steps).call())  # type: ignore[union-attr]
    assert ImportRow.objects.count() == 0


@pytest.mark.parametrize("address", ["", "merge/", "refuse/", "again/", "findings/"])
def test_other_county_sees_nothing_of_it(cast: Cast, address: str) -> None:
    batch = checked(cast.worker)
    before = stored()
    far = people.hire(
        "far", "远督导", "supervisor", organisation=cast.station, prefix=OTHER_COUNTY, by=cast.administrator
    )
    client = people.signed_in(far)
    page = f"{LIST}{batch.public_id}/report/{address}"

    assert client.get(page).status_code == 404
    assert client.post(page, {"_key": "x", "reason": "x"}).status_code == 404
    assert batch.name not in walking.text(client.get(LIST))
    assert client.get(f"/files/{batch.file.public_id}/").status_code == 404  # type: ignore[union-attr]
    assert people.signed_in(cast.village_worker).get(page).url.startswith("/admin/login/")  # type: ignore[attr-defined]
    assert stored() == before
    assert ImportBatch.objects.get().state == "checked"


def test_findings_are_paged_and_taken_as_a_table(cast: Cast) -> None:
    rows = [[str(number), VILLAGE, f"=户{number}", "之子", *[""] * 5] for number in range(32)]
    rows[3][0] = "=1+1"
    batch = checked(cast.worker, table(HEADERS, rows))
    client = people.signed_in(cast.supervisor)
    page = f"{LIST}{batch.public_id}/report/"

    first = client.get(page)
    with CaptureQueriesContext(connection) as caught:
        following = client.get(page + "?cursor=" + first.context["page"].next)
    found = client.get(f"{page}findings/")

    assert (len(first.context["rows"]), len(following.context["rows"])) == (30, 2)
    assert len(caught) < 25
    assert client.get(f"{page}?state=1").status_code == 400
    lines = list(csv.reader(io.StringIO(b"".join(found).decode("utf-8-sig"))))
    assert len(lines) == 1 + 3 * 32  # no head, no category, no standard
    assert "'=1+1" in lines[1 + 3 * 3]
    assert not any(cell.startswith("=") for line in lines for cell in line)
    assert Entry.objects.filter(action="import.findings_taken").count() == 1


def test_supervisor_who_decides_is_spoken_to_and_rows_name_their_file(cast: Cast) -> None:
    broken = [["9", VILLAGE, "李四", "之子", "", "昨天", "", "", "", "", ""], *ROWS]
    batch = checked(cast.worker, table(HEADERS, broken))
    report = f"{LIST}{batch.public_id}/report/"

    def page(user: Any, url: str) -> str:
        client = people.signed_in(user)
        client.cookies["language"] = "en"
        return client.get(url).content.decode()

    assert "so you decide" in page(cast.supervisor, report)
    assert "so you decide" not in page(cast.worker, report)
    shown = page(cast.supervisor, report)
    assert "“…”" not in shown
    assert "loaded as incomplete" not in shown
    assert "official-3" not in shown + page(cast.supervisor, LIST)
    rows = page(cast.supervisor, "/admin/households/importrow/")
    assert batch.name in rows
    assert ".; " not in rows
    assert "loaded as incomplete" not in rows
