"""The drill: a site is backed up, lost and restored; a backup that does not fit touches nothing."""

import base64
import json
import os
import shutil
import subprocess
import sys
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as current
from django.core.management import call_command
from django.db import connection

from common.actors import SYSTEM
from files.backups import postgresql
from files.backups.sealing import MAGIC, PIECE, SealedReader, SealedWriter
from files.models import Attachment
from files.services import content_of, erase, keep_content
from households.models import Household, Member
from households.services import submit_application
from journal.models import Entry
from journal.queries import first_fault
from journal.services import anchor_head, seal_entries
from tests.cast import AT, WIDOW, WIDOW_ID, WIDOW_PHONE, clean_answers, widow_answers
from tests.guards import tree

pytestmark = pytest.mark.django_db(transaction=True)
CONTENT = b"what the family showed" * 1000
OTHER = base64.b64encode(b"o" * 32).decode()


@pytest.fixture
def place(settings: Any, tmp_path: Path) -> Path:
    """A folder of its own for the site's files, and one for backups."""
    settings.VAR_DIR = tmp_path / "var"
    settings.PRIVATE_DIR = settings.VAR_DIR / "private"
    settings.PRIVATE_DIR.mkdir(parents=True)
    return tmp_path / "site.backup"


@pytest.fixture
def site(place: Path) -> Attachment:
    """A household, two files of which one was erased, a sealed and anchored journal."""
    submit_application(answers=widow_answers(), channel="self", by=SYSTEM, at=AT)
    file, gone = kept(CONTENT), kept(b"gone")
    erase(attachment=gone, by=SYSTEM, at=AT)
    seal_entries(at=AT)
    anchor_head(at=AT)
    return file


def kept(content: bytes) -> Attachment:
    return keep_content(
        content=content, content_type="text/plain", purpose="report", owner=("tests.owner", "abcdefghjkmn"),
        by=SYSTEM, at=AT, data_class="ordinary",
    )  # fmt: skip


def run(name: str, *arguments: Any, **options: Any) -> tuple[int, str, str]:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command(name, *map(str, arguments), stdout=out, stderr=err, **options)
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, out.getvalue(), err.getvalue()


def state() -> tuple[Any, ...]:
    """What a refused command may not change."""
    var = Path(current.VAR_DIR)
    disk = {str(path.relative_to(var)): path.read_bytes() for path in var.rglob("*") if path.is_file()}
    return Entry.objects.count(), sorted(Member.objects.values_list("name", "id_index")), disk


def refused(name: str, *arguments: Any, words: str, **options: Any) -> None:
    before = state()

    code, out, err = run(name, *arguments, **options)

    assert (code, out) == (2, "")
    assert words in err
    assert len(err.strip().splitlines()) == 1
    assert state() == before


# --- there and back -------------------------------------------------------------------------------------------------


def test_lost_site_comes_back_as_it_was(site: Attachment, place: Path):
    anchors = (current.VAR_DIR / "journal-anchors.txt").read_text()
    counted = Entry.objects.count()
    code, out, _err = run("backup", place, json=True)
    made = json.loads(out)
    assert (code, made["files"], made["missing"]) == (0, 2, [])  # the kept one and the heads
    assert made["journal"]["entries"] == counted

    submit_application(
        answers=clean_answers(1), channel="self", by=SYSTEM, at=AT
    )  # after the backup: is lost
    stray = kept(b"later")
    shutil.rmtree(current.PRIVATE_DIR)
    (current.VAR_DIR / "journal-anchors.txt").unlink()
    code, out, err = run("restore", place, replace_everything=True)

    assert (code, err) == (0, "")
    assert f"journal intact: {counted + 1} entries" in out
    assert "lots agree with their ledger" in out
    household = Household.objects.get()
    assert household.phone == WIDOW_PHONE
    assert Member.objects.get(name=WIDOW).id_number == WIDOW_ID
    assert content_of(Attachment.objects.get(pk=site.pk)) == CONTENT
    assert not Attachment.objects.filter(public_id=stray.public_id).exists()
    assert (current.VAR_DIR / "journal-anchors.txt").read_text() == anchors
    assert first_fault() is None
    assert Entry.objects.order_by("pk").last().action == "backup.restored"  # type: ignore[union-attr]
    assert sorted(path.name for path in Path(current.VAR_DIR).iterdir()) == ["journal-anchors.txt", "private"]


def test_restored_site_works_on_and_is_backed_up_again(site: Attachment, place: Path):
    run("backup", place)
    run("restore", place, replace_everything=True)

    submit_application(answers=clean_answers(1), channel="self", by=SYSTEM, at=AT)
    seal_entries(at=AT)
    again = place.with_name("again.backup")

    assert run("backup", again)[0] == 0
    assert run("restore", again, replace_everything=True, json=True)[0] == 0
    assert Household.objects.count() == 2
    with pytest.raises(Exception, match="append-only"), connection.cursor() as cursor:
        cursor.execute("DELETE FROM journal_entry")


def test_backup_reads_as_noise_and_is_private(site: Attachment, place: Path):
    run("backup", place)

    content = place.read_bytes()
    assert content.startswith(MAGIC)
    for word in (WIDOW.encode(), b"SQLite format", b"journal_entry", b"manifest", CONTENT[:22]):
        assert word not in content
    assert place.stat().st_mode & 0o777 == 0o600


def test_backup_is_journaled_with_numbers_alone(site: Attachment, place: Path):
    run("backup", place)

    entry = Entry.objects.get(action="backup.made")
    assert entry.parameters["missing"] == 0
    assert entry.parameters["rows"] > 0
    assert entry.actor_kind == "system"


def test_backup_without_a_name_goes_to_the_folder_of_backups(site: Attachment):
    code, out, _err = run("backup")

    made = list((current.VAR_DIR / "backups").iterdir())
    assert code == 0
    assert len(made) == 1
    assert str(made[0]) in out


def test_file_that_is_not_on_the_disk_is_named(site: Attachment, place: Path):
    shutil.rmtree(current.PRIVATE_DIR)

    code, _out, err = run("backup", place)

    assert code == 0
    assert f"file {site.public_id} is not on the disk" in err


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="makes a database of its own, a file")
def test_bare_machine_with_the_keys_alone_gets_the_site(site: Attachment, place: Path, tmp_path: Path):
    run("backup", place)
    other = tmp_path / "other"
    environment = {
        **os.environ,
        "BANGFU_VAR": str(other),
        "DATABASE_URL": f"sqlite:///{other / 'new.sqlite3'}",
        "PYTHONPATH": f"{tree.ROOT}{os.pathsep}{tree.SHELF}",
    }
    command = [sys.executable, str(tree.ROOT / "manage.py"), "restore", str(place), "--json"]

    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)

    assert done.returncode == 0, done.stderr
    said = json.loads(done.stdout)
    assert said["intact"]
    assert (other / "private" / site.public_id[:2] / site.public_id).exists()


# --- refused --------------------------------------------------------------------------------------------------------


def test_lived_in_site_is_not_replaced_without_the_word(site: Attachment, place: Path):
    run("backup", place)

    refused("restore", place, words="this site is not empty")


@pytest.mark.parametrize("where", [5, 20, 60, 5000, -1])
def test_damaged_backup_touches_nothing(site: Attachment, place: Path, where: int):
    run("backup", place)
    content = bytearray(place.read_bytes())
    content[where] ^= 1
    place.write_bytes(content)

    refused("restore", place, words="backup", replace_everything=True)


@pytest.mark.parametrize("left", [0, 10, 100, 5000])
def test_cut_off_backup_touches_nothing(site: Attachment, place: Path, left: int):
    run("backup", place)
    place.write_bytes(place.read_bytes()[:left])

    refused("restore", place, words="backup", replace_everything=True)


def test_other_file_is_no_backup(site: Attachment, place: Path):
    place.write_bytes(b"PK\x03\x04 some archive")

    refused("restore", place, words="not a backup", replace_everything=True)
    refused("restore", place.with_name("nowhere"), words="cannot be read", replace_everything=True)


def test_backup_under_other_keys_is_refused(site: Attachment, place: Path, settings: Any):
    run("backup", place)
    settings.INDEX_KEYS = {"1": OTHER}
    refused("restore", place, words="BANGFU_INDEX_KEYS lacks the key of version 1", replace_everything=True)

    settings.FIELD_KEYS = {"1": OTHER}
    refused("restore", place, words="does not open with the keys", replace_everything=True)


def test_backup_of_newer_code_is_refused(site: Attachment, place: Path):
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO django_migrations (app, name, applied) VALUES ('files', '0099_later', '2026-11-20')"
        )
    run("backup", place)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE name = '0099_later'")

    refused("restore", place, words="newer code (it knows files.0099_later)", replace_everything=True)


def test_backup_never_overwrites(site: Attachment, place: Path):
    place.write_bytes(b"precious")

    refused("backup", place, words="is there already")
    assert place.read_bytes() == b"precious"


def test_backup_into_no_folder_or_without_keys_is_refused(site: Attachment, place: Path, settings: Any):
    refused("backup", place / "deeper" / "x", words="is no folder")
    settings.FIELD_KEYS = {}
    refused("backup", place, words="BANGFU_FIELD_KEYS names no key")


@pytest.mark.postgres
def test_without_the_client_programs_one_line_says_so(site: Attachment, place: Path, monkeypatch):
    monkeypatch.setattr(shutil, "which", lambda _name: None)

    refused("backup", place, words="pg_dump is not on this machine")
    assert not place.exists()


@pytest.mark.postgres
def test_failed_restoration_brings_back_what_was_there(site: Attachment, place: Path, monkeypatch):
    run("backup", place)
    right = postgresql._run
    monkeypatch.setattr(
        postgresql, "_run", lambda command, **more: right([*command[:-1], "-n", "nowhere", "--bad"], **more)
        if "--single-transaction" in command else right(command, **more),
    )  # fmt: skip

    refused("restore", place, words="pg_restore", replace_everything=True)


@pytest.mark.postgres
def test_site_at_work_is_not_replaced(site: Attachment, place: Path):
    run("backup", place)
    import psycopg2

    settings = connection.settings_dict
    with psycopg2.connect(host=settings["HOST"], user=settings["USER"], dbname=settings["NAME"]):
        refused("restore", place, words="1 other connections use this database", replace_everything=True)


# --- the seal -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [0, 1, PIECE - 1, PIECE, PIECE + 1, 3 * PIECE])
def test_stream_of_any_size_comes_back(size: int, tmp_path: Path):
    content = os.urandom(size)
    path = tmp_path / "stream"
    with path.open("wb") as file:
        sealed = SealedWriter(file)
        for start in range(0, size, 700_001):
            sealed.write(content[start : start + 700_001])
        sealed.close()

    with path.open("rb") as file:
        reader = SealedReader(file)
        found = b"".join(iter(lambda: reader.read(500_003), b""))
    assert found == content
