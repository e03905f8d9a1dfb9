"""The journal: written once, sealed in batches, anchored outside, and every alteration found at its entry."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from common.actors import SYSTEM, CodeHolder
from journal.models import Anchor, Entry, Seal, SealedEntry
from journal.queries import count_acts, first_fault, timeline_of
from journal.rules import GENESIS, digest_of, root_of
from journal.services import anchor_head, record, seal_entries

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 20, 2, 30, 15, 123456, tzinfo=UTC)
ROW = ("households.household", "abc123abc123")


def write(count: int = 3) -> list[Entry]:
    return [
        record("test.act", ROW, by=SYSTEM, at=AT + timedelta(seconds=number), number=number)
        for number in range(count)
    ]


@contextmanager
def as_superuser() -> Iterator[Callable[..., None]]:
    """Somebody with every right on the database takes the triggers away, alters rows, and puts them back."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET session_replication_role = replica")
            yield cursor.execute
            cursor.execute("SET session_replication_role = origin")
            return
        cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
        triggers = cursor.fetchall()
        for name, _sql in triggers:
            cursor.execute(f"DROP TRIGGER {name}")
        yield cursor.execute
        for _name, sql in triggers:
            cursor.execute(sql)


def refused(statement: str) -> None:
    with (
        pytest.raises(DatabaseError, match="append-only"),
        transaction.atomic(),
        connection.cursor() as cursor,
    ):
        cursor.execute(statement)


# --- written once ---------------------------------------------------------------------------------------------------


def test_entry_reads_back_as_written():
    record(
        "test.act", ROW, by=CodeHolder("abc"), at=AT, number=3, share=0.30, big=10**15, nothing=None, yes=True
    )

    entry = Entry.objects.get()
    assert entry.parameters == {"number": 3, "share": "0.3", "big": 10**15, "nothing": None, "yes": True}
    assert entry.digest == digest_of(entry)
    assert (entry.at, entry.actor_kind, entry.actor_ref) == (AT, "household", "abc")


@pytest.mark.parametrize("table", ["journal_entry", "journal_seal", "journal_sealedentry", "journal_anchor"])
def test_rows_can_be_neither_changed_nor_deleted(table: str):
    write()
    seal_entries(at=AT)
    anchor_head(at=AT)

    refused(f"DELETE FROM {table}")
    refused(f"UPDATE {table} SET id = id + 1000")

    assert (Entry.objects.count(), Seal.objects.count(), SealedEntry.objects.count()) == (3, 1, 3)
    assert Anchor.objects.count() == 1
    assert first_fault() is None


def test_models_cannot_be_saved_twice_or_deleted():
    entry = write()[0]
    entry.action = "test.other"

    for act in (entry.save, entry.delete, lambda: Entry.objects.all().update(action="x")):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    assert set(Entry.objects.values_list("action", flat=True)) == {"test.act"}


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="REPLACE is SQLite's")
@pytest.mark.parametrize(
    ("table", "columns", "chosen"),
    [
        ("journal_entry", "*", "*"),
        ("journal_seal", "id, at, previous_root, root, size", "id + 1000, at, 'x', root, 7"),
        ("journal_seal", "id, at, previous_root, root, size", "id + 1000, at, previous_root, 'x', 7"),
        (
            "journal_sealedentry",
            "id, position, entry_id, seal_id, digest",
            "id + 1000, position + 9, entry_id, seal_id, 'x'",
        ),
        (
            "journal_sealedentry",
            "id, position, entry_id, seal_id, digest",
            "id + 1000, position, entry_id + 1000, seal_id, 'x'",
        ),
    ],
)
def test_rows_cannot_be_replaced(table: str, columns: str, chosen: str):
    write()
    seal_entries(at=AT)
    into = f"{table} ({columns})" if columns != "*" else table

    refused(f"INSERT OR REPLACE INTO {into} SELECT {chosen} FROM {table}")

    assert first_fault() is None


@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="TRUNCATE is PostgreSQL's")
def test_tables_cannot_be_truncated():
    write()

    refused("TRUNCATE journal_entry CASCADE")

    assert Entry.objects.count() == 3


# --- sealed ---------------------------------------------------------------------------------------------------------


def test_seals_chain_and_take_every_entry_once():
    entries = write(5)

    first = seal_entries(at=AT, limit=3)
    second = seal_entries(at=AT, limit=3)

    assert first is not None
    assert second is not None
    assert (first.previous_root, second.previous_root) == (GENESIS, first.root)
    assert first.root == root_of(GENESIS, [entry.digest for entry in entries[:3]])
    assert [first.size, second.size] == [3, 2]
    assert seal_entries(at=AT) is None
    assert SealedEntry.objects.count() == 5


def test_chain_cannot_fork():
    write(2)
    seal = seal_entries(at=AT)
    assert seal is not None

    with pytest.raises(DatabaseError), transaction.atomic():
        Seal.objects.create(at=AT, previous_root=seal.previous_root, root="f" * 64, size=0)


def test_gaps_in_the_numbers_mean_nothing():
    write(1)
    with transaction.atomic():
        write(2)
        transaction.set_rollback(True)
    write(1)

    seal = seal_entries(at=AT)

    assert seal is not None
    assert seal.size == 2
    assert first_fault() is None


# --- alterations found ----------------------------------------------------------------------------------------------


def verify() -> tuple[int, str]:
    err, out = StringIO(), StringIO()
    try:
        call_command("verify_journal", stdout=out, stderr=err)
    except SystemExit as stop:
        return int(str(stop.code)), err.getvalue()
    return 0, out.getvalue()


def test_intact_journal_is_said_to_be_intact():
    write()
    seal_entries(at=AT)
    anchor_head(at=AT)

    assert verify() == (0, "journal intact: 3 entries\n")


@pytest.mark.parametrize(
    "change",
    [
        "action = 'test.forged'",
        "actor_ref = 'somebody'",
        "role = 'auditor'",
        "object_ref = 'other'",
        "parameters = '{\"number\": 7}'",
        "digest = '0'",
    ],
)
@pytest.mark.parametrize("sealed", [True, False])
def test_changed_entry_is_named(change: str, sealed: bool):
    entry = write()[1]
    if sealed:
        seal_entries(at=AT)
    with as_superuser() as execute:
        execute(f"UPDATE journal_entry SET {change} WHERE id = {entry.pk}")

    code, words = verify()

    assert code == 1
    assert f"entry {entry.pk}:" in words


def test_changed_entry_with_a_fitting_digest_is_named():
    entry = write()[1]
    seal_entries(at=AT)
    entry.action = "test.forged"
    with as_superuser() as execute:
        execute(
            f"UPDATE journal_entry SET action = 'test.forged', digest = '{digest_of(entry)}' WHERE id = {entry.pk}"
        )

    assert f"entry {entry.pk}:" in verify()[1]


def test_deleted_entry_is_named():
    entry = write()[1]
    seal_entries(at=AT)
    with connection.constraint_checks_disabled(), as_superuser() as execute:
        execute(f"DELETE FROM journal_entry WHERE id = {entry.pk}")
        fault = first_fault()
        execute(
            f"DELETE FROM journal_sealedentry WHERE entry_id = {entry.pk}"
        )  # so that the test can end cleanly

    assert fault is not None
    assert (fault.where, fault.what) == (f"entry {entry.pk}", "it was sealed and is gone")


def test_entry_removed_with_its_place_breaks_its_seal():
    entry = write()[1]
    seal = seal_entries(at=AT)
    assert seal is not None
    with as_superuser() as execute:
        execute(f"DELETE FROM journal_sealedentry WHERE entry_id = {entry.pk}")
        execute(f"DELETE FROM journal_entry WHERE id = {entry.pk}")

    assert f"seal {seal.pk}:" in verify()[1]


def test_exchanged_places_break_the_root():
    write()
    seal = seal_entries(at=AT)
    assert seal is not None
    with as_superuser() as execute:
        execute("UPDATE journal_sealedentry SET position = 9 WHERE position = 0")
        execute("UPDATE journal_sealedentry SET position = 0 WHERE position = 1")
        execute("UPDATE journal_sealedentry SET position = 1 WHERE position = 9")

    assert f"seal {seal.pk}:" in verify()[1]


def test_rewritten_history_contradicts_the_anchor(anchors: Path):
    entry = write(1)[0]
    seal = seal_entries(at=AT)
    anchor_head(at=AT)
    assert seal is not None
    assert anchors.read_text().split()[1:] == [str(seal.pk), seal.root]
    entry.action = "test.forged"
    forged = digest_of(entry)
    with as_superuser() as execute:
        execute(f"UPDATE journal_entry SET action = 'test.forged', digest = '{forged}'")
        execute(f"UPDATE journal_sealedentry SET digest = '{forged}'")
        execute(f"UPDATE journal_seal SET root = '{root_of(GENESIS, [forged])}'")

    code, words = verify()

    assert code == 1
    assert f"seal {seal.pk}: it does not match the head written outside" in words


def test_cut_off_tail_contradicts_the_anchor():
    write(2)
    seal_entries(at=AT, limit=1)
    last = seal_entries(at=AT, limit=1)
    anchor_head(at=AT)
    assert last is not None
    with as_superuser() as execute:
        for table, column in [("anchor", "seal_id"), ("sealedentry", "seal_id"), ("seal", "id")]:
            execute(f"DELETE FROM journal_{table} WHERE {column} = {last.pk}")

    assert f"seal {last.pk}:" in verify()[1]


def anchored(count: int = 2) -> None:
    for _ in range(count):
        write(1)
        seal_entries(at=AT)
        anchor_head(at=AT)


def test_site_without_any_head_needs_no_file(anchors: Path):
    write()
    seal_entries(at=AT)

    assert not anchors.exists()
    assert verify()[0] == 0


def test_missing_file_of_heads_is_a_fault(anchors: Path):
    anchored()
    anchors.unlink()

    assert verify() == (
        1, "journal altered at journal-anchors.txt: the file is missing; 2 heads were written into it\n"
    )  # fmt: skip


@pytest.mark.parametrize(
    "line", ["garbage", "a b c d", "2026 x " + "0" * 64, "2026 1 00", "", "2026 1 \u4e2d"]
)
@pytest.mark.parametrize("place", [0, 2])
def test_line_that_is_no_head_is_named(anchors: Path, line: str, place: int):
    anchored()
    lines = anchors.read_text().splitlines()
    lines.insert(place, line)
    anchors.write_text("\n".join(lines) + "\n", encoding="utf-8")

    code, words = verify()

    assert code == 1
    assert f"journal-anchors.txt line {place + 1}: it is not a head" in words


def test_shortened_file_of_heads_is_a_fault(anchors: Path):
    anchored()
    anchors.write_text(anchors.read_text().splitlines(keepends=True)[0])

    assert "it holds 1 heads, the database remembers 2" in verify()[1]


def test_emptied_file_of_heads_is_a_fault(anchors: Path):
    anchored()
    anchors.write_text("")

    assert "it holds 0 heads, the database remembers 2" in verify()[1]


def test_exchanged_heads_are_a_fault(anchors: Path):
    anchored()
    anchors.write_text("".join(reversed(anchors.read_text().splitlines(keepends=True))))

    assert "journal-anchors.txt line 1: the database remembers" in verify()[1]


def test_heads_forgotten_by_the_database_are_a_fault(anchors: Path):
    anchored(3)
    with as_superuser() as execute:
        execute("DELETE FROM journal_anchor")

    assert "it holds 3 heads, the database remembers 0" in verify()[1]


def test_act_that_died_between_file_and_row_leaves_no_fault_and_no_second_line(anchors: Path):
    anchored(1)
    write(1)
    seal_entries(at=AT)
    with transaction.atomic():
        anchor_head(at=AT)
        transaction.set_rollback(True)
    assert verify()[0] == 0

    assert anchor_head(at=AT) is not None

    assert len(anchors.read_text().splitlines()) == 2
    assert verify()[0] == 0


def test_head_is_anchored_once(anchors: Path):
    assert anchor_head(at=AT) is None
    write(1)
    seal_entries(at=AT)

    assert anchor_head(at=AT) is not None
    assert anchor_head(at=AT) is None
    assert len(anchors.read_text().splitlines()) == 1


def test_verification_as_json():
    entry = write(1)[0]
    with as_superuser() as execute:
        execute("UPDATE journal_entry SET action = 'x'")
    out = StringIO()

    with pytest.raises(SystemExit):
        call_command("verify_journal", json=True, stdout=out)

    said = json.loads(out.getvalue())
    assert (said["entries"], said["intact"], said["fault"]["where"]) == (1, False, f"entry {entry.pk}")


# --- read -----------------------------------------------------------------------------------------------------------


def test_acts_are_counted_by_actor_and_moment():
    write(3)
    record("test.act", ROW, by=CodeHolder("abc"), at=AT)

    assert count_acts("test.act", by=SYSTEM, since=AT + timedelta(seconds=1)) == 2
    assert count_acts("test.other", by=SYSTEM, since=AT) == 0


def test_timeline_is_of_one_object_newest_first():
    entries = write(3)
    record("test.act", ("households.household", "other"), by=SYSTEM, at=AT)

    class Row:
        public_id = ROW[1]

        class _meta:  # noqa: N801
            label_lower = ROW[0]

    assert timeline_of(Row()) == entries[::-1]
