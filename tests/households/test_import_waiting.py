"""A number on file elsewhere is not told by row; the household waits. What was decided long ago is forgotten."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest

from accounts.models import Involvement, User
from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from files.services import keep
from households import services
from households.answers import NeedAnswer
from households.imports import acts
from households.imports.settling import settle_waiting
from households.models import CodeTry, Household, ImportBatch, ImportRow, Member
from households.services.file import edit_household, edit_member
from jobs.services import enqueue
from jobs.worker import perform_waiting
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, OTHER_COUNTY, WIDOW_ID, Cast
from tests.households import walking
from tests.households.test_desk_acts import photo
from tests.households.test_import import HEADERS, ROWS
from tests.households.test_import_pages import LIST, checked, table

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def known(cast: Cast) -> Member:
    """The widow is on file in another county."""
    household = people.widow_applies().household
    Household.objects.filter(pk=household.pk).update(area=f"{OTHER_COUNTY}100201")
    member: Member = household.members.get(is_head=True)
    return member


@pytest.fixture
def wide(cast: Cast) -> User:
    """A supervisor over both counties."""
    return people.hire(
        "wide", "市督导", "supervisor", organisation=cast.station, prefix="9901", by=cast.administrator
    )


def rows(key: str = "1", number: str = WIDOW_ID) -> list[list[str]]:
    named = [list(row) for row in ROWS]
    for row in named:
        row[0] = f"{key}{row[0]}"
    named[0][HEADERS.index("证件号码")], named[0][HEADERS.index("出生日期")] = number, ""
    return named


def merged(batch: ImportBatch, by: User) -> ImportBatch:
    acts.merge_import(batch=batch, by=by, at=AT)
    perform_waiting()
    return ImportBatch.objects.get(pk=batch.pk)


def seen(user: User, batch: ImportBatch) -> str:
    client, page = people.signed_in(user), f"{LIST}{batch.public_id}/report/"
    found = b"".join(client.get(f"{page}findings/"))
    listed = client.get("/admin/households/importrow/")
    return walking.text(client.get(page)) + found.decode() + walking.text(listed)


def test_number_on_file_elsewhere_is_counted_and_its_household_waits(cast: Cast, known: Member) -> None:
    batch = checked(cast.worker, table(HEADERS, rows()))

    assert (batch.state, batch.findings, batch.summary["waiting"], batch.summary["left_out"]) == (
        "checked",
        {},
        1,
        0,
    )
    batch = merged(batch, cast.supervisor)

    assert (batch.state, batch.households_merged, batch.summary["waiting"], batch.findings) == (
        "merged",
        1,
        1,
        {},
    )
    assert Member.objects.filter(live=True, id_index=known.id_index).count() == 1
    states = dict(ImportRow.objects.values_list("household_key", "state"))
    assert states == {"11": "pending", "12": "merged"}
    for user in (cast.worker, cast.supervisor):
        page = seen(user, batch)
        assert "别处已有" not in page
    assert "已经在一份档案里" not in seen(cast.worker, batch)


def test_who_sees_both_places_reads_which_row_it_is(cast: Cast, known: Member, wide: User) -> None:
    batch = merged(checked(cast.worker, table(HEADERS, rows())), cast.supervisor)
    assert "2,11,待上一级核对,证件号码,这个证件号码在别处已有档案" in seen(wide, batch)
    row = ImportRow.objects.visible_to(wide).get(line=2)
    assert (row.state, row.held_above, row.findings[0]["code"]) == ("pending", "9901", "id_elsewhere")
    assert not ImportRow.objects.visible_to(cast.supervisor).filter(state="pending").exists()


def settling(batch: ImportBatch, by: User, outcome: str = "let_in", reason: str = "") -> ImportBatch:
    return settle_waiting(batch=batch, key="11", outcome=outcome, reason=reason, by=by, at=AT)


def test_who_sees_both_lets_it_in_without_the_number(cast: Cast, known: Member, wide: User) -> None:
    batch = merged(checked(cast.worker, table(HEADERS, rows())), cast.supervisor)

    settling(batch, wide)

    batch.refresh_from_db()
    assert (batch.households_merged, batch.summary["waiting"], batch.summary["left_out"]) == (2, 0, 0)
    row = ImportRow.objects.get(line=2)
    assert (row.state, row.held_above) == ("merged", "")
    assert "id_elsewhere" not in str(row.findings)
    assert row.household is not None
    assert Involvement.objects.get(user=wide, duty="handler").file_ref == row.household.public_id
    head = row.household.members.get(is_head=True)
    assert (head.id_number, head.identity_level, "id_number" in row.household.incomplete) == ("", 0, True)
    assert Member.objects.get(live=True, id_index=known.id_index) == known
    assert Entry.objects.get(action="import.household_settled").parameters == {"outcome": "let_in", "rows": 2}


def test_number_that_is_free_by_now_stays(cast: Cast, known: Member, wide: User) -> None:
    batch = merged(checked(cast.worker, table(HEADERS, rows())), cast.supervisor)
    Member.objects.filter(pk=known.pk).update(live=False, ended_reason="moved")

    settling(batch, wide)

    assert (
        Member.objects.get(live=True, is_head=True, household__source_ref__endswith="11").id_number
        == WIDOW_ID
    )


def test_left_out_its_words_go_and_the_sender_reads_why(cast: Cast, known: Member, wide: User) -> None:
    batch = merged(checked(cast.worker, table(HEADERS, rows())), cast.supervisor)
    with pytest.raises(Refused) as silent:
        settling(batch, wide, "leave_out", " ")
    assert silent.value.code == "reason_missing"
    assert ImportRow.objects.filter(state="pending").count() == 2

    settling(batch, wide, "leave_out", "请核对证件后重新报送。")

    batch.refresh_from_db()
    assert (batch.households_merged, batch.summary["waiting"], batch.summary["left_out"]) == (1, 0, 1)
    assert set(ImportRow.objects.filter(household_key="11").values_list("state", "content")) == {
        ("left_out", "")
    }
    page = seen(cast.worker, batch)
    assert "请核对证件后重新报送。" in page
    assert "别处" not in page


def test_it_is_settled_once_and_by_nobody_else(cast: Cast, known: Member, wide: User) -> None:
    batch = checked(cast.worker, table(HEADERS, rows()))
    for by, code in ((wide, "settled_already"),):
        with pytest.raises(Refused) as early:
            settling(batch, by)
        assert early.value.code == code  # the file itself is not decided on
    batch = merged(batch, cast.supervisor)
    ImportBatch.objects.filter(pk=batch.pk).update(by_user=wide, decided_by=cast.supervisor)
    for by, code in (
        (cast.worker, "supervisor_needed"),
        (cast.supervisor, "supervisor_needed"),
        (cast.stranger, "supervisor_needed"),
        (wide, "second_person"),
    ):
        with pytest.raises(Refused) as refused:
            settling(batch, by)
        assert refused.value.code == code
    assert ImportRow.objects.filter(state="pending").count() == 2
    ImportBatch.objects.filter(pk=batch.pk).update(by_user=cast.worker)
    settling(batch, wide)
    with pytest.raises(Refused) as twice:
        settling(batch, wide)
    assert twice.value.code == "settled_already"
    assert Household.objects.filter(channel="batch").count() == 2


def test_file_of_an_older_template_goes_no_further(cast: Cast, known: Member, wide: User) -> None:
    batch = checked(cast.worker, table(HEADERS, rows()))
    ImportBatch.objects.filter(pk=batch.pk).update(mapping="official-1")
    with pytest.raises(Refused) as older:
        acts.merge_import(batch=batch, by=cast.supervisor, at=AT)
    assert older.value.code == "template_changed"
    assert ImportBatch.objects.get().state == "checked"
    ImportBatch.objects.filter(pk=batch.pk).update(mapping="official-3")
    merged(batch, cast.supervisor)
    ImportBatch.objects.filter(pk=batch.pk).update(mapping="official-1")

    page = people.signed_in(wide).get(waiting(batch))

    assert page.status_code == 200
    assert "模板" in walking.text(page)
    with pytest.raises(Refused) as late:
        settling(batch, wide)
    assert late.value.code == "template_changed"


def test_file_that_is_going_in_goes_in_to_its_end_whatever_the_template(cast: Cast) -> None:
    batch = checked(cast.worker, table(HEADERS, rows(number="")))
    acts.merge_import(batch=batch, by=cast.supervisor, at=AT)
    ImportBatch.objects.filter(pk=batch.pk).update(mapping="official-1")

    perform_waiting()

    batch.refresh_from_db()
    assert (batch.state, batch.households_merged) == ("merged", 2)


def waiting(batch: ImportBatch) -> str:
    return f"{LIST}{batch.public_id}/report/waiting/{ImportRow.objects.get(line=2).public_id}/"


def test_it_is_settled_on_its_page_and_found_from_the_worklist(cast: Cast, known: Member, wide: User) -> None:
    batch = merged(checked(cast.worker, table(HEADERS, rows())), cast.supervisor)
    browser = people.signed_in(wide)
    desk = browser.get("/admin/").content.decode()
    assert f"{LIST}{batch.public_id}/report/" in desk
    assert waiting(batch) in browser.get(f"{LIST}{batch.public_id}/report/").content.decode()
    page = walking.text(browser.get(waiting(batch)))
    assert known.household.number in page
    assert WIDOW_ID not in page
    for user in (cast.worker, cast.supervisor, cast.stranger):
        assert people.signed_in(user).get(waiting(batch)).status_code == 404
        assert (
            f"{LIST}{batch.public_id}/report/" not in people.signed_in(user).get("/admin/").content.decode()
        )

    address, silent = waiting(batch), {"outcome": "leave_out", "reason": "", "_key": "a"}
    assert "请写明原因" in walking.text(browser.post(address, silent))
    assert browser.post(address, {"outcome": "let_in", "_key": "b"}).status_code == 302
    assert ImportRow.objects.get(line=2).state == "merged"
    assert browser.post(address, {"outcome": "let_in", "_key": "c"}).status_code == 404


def test_number_inside_the_area_is_named_by_row_as_before(cast: Cast) -> None:
    people.widow_applies()

    batch = checked(cast.worker, table(HEADERS, rows()))

    assert (batch.findings, batch.summary["waiting"], batch.summary["left_out"]) == ({"id_known": 1}, 0, 1)
    assert ImportRow.objects.get(line=2).state == "faulty"


def test_number_that_came_on_file_elsewhere_since_the_check_waits_too(cast: Cast) -> None:
    batch = checked(cast.worker, table(HEADERS, rows()))
    household = people.widow_applies().household
    Household.objects.filter(pk=household.pk).update(area=f"{OTHER_COUNTY}100201")

    batch = merged(batch, cast.supervisor)

    assert (batch.households_merged, batch.summary["waiting"], batch.findings) == (1, 1, {})
    assert Member.objects.filter(live=True, is_head=True, name="王秀兰").count() == 1


def test_household_goes_in_once_the_other_file_let_its_member_go(cast: Cast, known: Member) -> None:
    batch = checked(cast.worker, table(HEADERS, rows()))
    Member.objects.filter(pk=known.pk).update(live=False, ended_reason="moved")

    batch = merged(batch, cast.supervisor)

    assert (batch.households_merged, batch.summary["waiting"]) == (2, 0)
    assert set(ImportRow.objects.values_list("state", "held_above")) == {("merged", "")}


def test_file_in_which_every_household_waits_is_not_refused(cast: Cast, known: Member) -> None:
    batch = merged(checked(cast.worker, table(HEADERS, rows()[:2])), cast.supervisor)

    assert (batch.state, batch.households_merged, batch.summary["waiting"]) == ("merged", 0, 1)
    assert ImportRow.objects.exclude(content="").count() == 2


def test_register_is_not_asked_about_families_outside_the_area(cast: Cast, known: Member) -> None:
    outside = [[row[0], f"{OTHER_COUNTY}100201", *row[2:]] for row in rows()]

    batch = checked(cast.worker, table(HEADERS, outside))

    assert batch.findings == {"outside_area": 2}


def test_series_of_such_files_is_closed_for_the_day(cast: Cast, known: Member, settings: Any) -> None:
    settings.KNOWN_NUMBERS_FILES = 2
    for key in ("a", "b"):
        assert checked(cast.worker, table(HEADERS, rows(key))).summary["waiting"] == 1
    assert Entry.objects.get(action="import.numbers_closed").parameters == {"tries": 2}

    fresh = people.resident_id(70, born=date(1960, 2, 3))
    for content in (table(HEADERS, rows("c")), table(HEADERS, rows("d", fresh))):
        batch = checked(cast.worker, content)
        assert (batch.state, batch.refusal_code) == ("refused", "numbers_not_looked_up")
    assert checked(cast.colleague, table(HEADERS, rows("e"))).state == "checked"
    with clock.fixed(AT + DAY + timedelta(minutes=1)):
        assert checked(cast.worker, table(HEADERS, rows("f"))).state == "checked"


def test_files_without_such_numbers_are_never_counted(cast: Cast, settings: Any) -> None:
    settings.KNOWN_NUMBERS_FILES = 1
    for key in ("a", "b", "c"):
        assert checked(cast.worker, table(HEADERS, rows(key, ""))).state == "checked"

    assert not CodeTry.objects.exists()


def forgotten(at: Any) -> None:
    with clock.fixed(at):
        enqueue("households.forget_imports", key=f"f{at}", by=SYSTEM, at=at)
        perform_waiting()


def test_rows_of_a_decided_file_are_forgotten_and_their_findings_stay(cast: Cast, settings: Any) -> None:
    settings.IMPORT_ROWS_KEPT_DAYS = 30
    wrong = [*rows()[:2], ["9", *ROWS[2][1:3], "朋友", *ROWS[2][4:]]]
    batch = merged(checked(cast.worker, table(HEADERS, wrong)), cast.supervisor)
    with clock.fixed(AT + 10 * DAY):
        other = checked(cast.worker, table(HEADERS, rows("x", "")))  # nobody has decided on it
    forgotten(AT + 29 * DAY)
    assert ImportRow.objects.filter(batch=batch).exclude(content="").count() == 3

    forgotten(AT + 31 * DAY)

    batch.refresh_from_db()
    assert (batch.forgotten_at, batch.findings) == (AT + 31 * DAY, {"unknown_word": 1})
    row = ImportRow.objects.get(batch=batch, line=4)
    assert (row.content, row.state, row.findings[0]) == (
        "", "faulty", {"line": 4, "column": "与户主关系", "code": "unknown_word", "value": "…"},
    )  # fmt: skip
    assert not ImportRow.objects.filter(batch=batch).exclude(content="").exists()
    assert ImportRow.objects.filter(batch=other).exclude(content="").count() == 3
    entry = Entry.objects.get(action="import.rows_forgotten")
    assert (entry.parameters, entry.object_ref) == ({"rows": 3}, batch.public_id)
    forgotten(AT + 40 * DAY)
    assert Entry.objects.filter(action="import.rows_forgotten").count() == 1
    with clock.fixed(AT + 31 * DAY):
        assert people.signed_in(cast.worker).get(f"{LIST}{batch.public_id}/report/").status_code == 200


def test_file_nobody_decides_on_is_turned_away_by_the_clock(cast: Cast, settings: Any) -> None:
    settings.IMPORT_ROWS_KEPT_DAYS = 30
    batch = checked(cast.worker, table(HEADERS, rows("x", "")))
    forgotten(AT + 30 * DAY)
    assert ImportBatch.objects.get().state == "checked"

    with clock.fixed(AT + 31 * DAY):
        forgotten(AT + 31 * DAY)
        page = walking.text(people.signed_in(cast.worker).get(f"{LIST}{batch.public_id}/report/"))

    batch.refresh_from_db()
    assert (batch.state, batch.refusal_code, batch.decided_by) == ("refused", "undecided", None)
    assert not batch.rows.exclude(content="").exists()
    assert "还需要的话，请重新上传" in page
    assert not Household.objects.exists()


def test_family_of_a_table_that_filed_nobody_is_filed_like_any_other(cast: Cast) -> None:
    batch = checked(cast.worker, table(HEADERS[:-2], [row[:-2] for row in ROWS[2:]]))
    household = merged(batch, cast.supervisor).rows.get().household
    assert household is not None
    assert (household.state, household.applications.count()) == ("pending", 0)
    paper = keep(upload=photo(), purpose="consent_evidence", owner=household, by=cast.worker, at=AT)
    given: dict[str, Any] = {
        "household": household,
        "answer": NeedAnswer(item="quilt", quantity=1),
        "beneficiary": None,
        "read_back": False,
    }
    with pytest.raises(Refused) as refused:
        services.request_further(**given, by=cast.worker, at=AT)
    assert refused.value.code == "consent_missing"
    for purpose in ("apply", "sensitive"):
        services.record_consent(
            household=household, purpose=purpose, data_classes=["ordinary"], receiver=None, method="signature",
            evidence=paper, by=cast.worker, at=AT,
        )  # fmt: skip

    application = services.request_further(**given, by=cast.worker, at=AT)
    household.refresh_from_db()
    household = edit_household(
        household=household,
        version=household.version,
        changes={"category": "dibao", "standard": "national"},
        by=cast.worker,
        at=AT,
    )
    head = household.head
    assert head is not None
    told = {"sex": "female", "id_kind": "none", "health": ("healthy",), "labour": "ordinary"}
    edit_member(member=head, version=head.version, changes=told, by=cast.worker, at=AT)
    people.approved(application, cast)

    household.refresh_from_db()
    assert (household.state, household.filed_at is not None) == ("active", True)
    assert household.needs.get(item__slug="quilt").state == "open"
    Household.objects.filter(pk=household.pk).update(state="rejected")
    with pytest.raises(Refused) as ended:
        services.request_further(
            **{**given, "answer": NeedAnswer(item="rice", quantity=1)}, by=cast.worker, at=AT
        )
    assert ended.value.code == "file_not_open"
