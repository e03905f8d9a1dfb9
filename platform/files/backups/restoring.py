"""Putting a backup in the place of what is here; checked before, verified after by the commands."""

from __future__ import annotations

import shutil
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.db import connection

from common.actors import Actor
from common.recording import record
from files.backups.errors import Failed
from files.backups.facts import ask_site, counts, is_lived_in, migrations
from files.backups.making import DATABASES
from files.backups.opening import check, unpack
from journal.rules import ANCHORS

BACKUPS = ("common.backup", "all")  # the object of the journal's entries about backups


def restore(backup: Path, *, replace: bool, by: Actor, at: datetime) -> dict[str, Any]:
    """Refuse, or replace database, files and heads as a whole and bring the schema up to this code."""
    database = DATABASES[connection.vendor]
    with TemporaryDirectory(dir=settings.VAR_DIR, prefix="restore-") as name:
        folder = Path(name)
        manifest = unpack(backup, folder)
        check(manifest, folder)
        if not replace and (is_lived_in(database.tables()) or _holds_files()):
            raise Failed("this site is not empty; --replace-everything would remove all it holds")
        if others := database.others():
            raise Failed(f"{others} other connections use this database; stop web, worker and beat first")
        database.replace(folder / "database")
        _put_files(folder)
    found = counts(ask_site, database.tables())
    if wrong := [table for table, count in manifest["counts"].items() if found.get(table) != count]:
        raise Failed(f"the database was replaced, and {wrong[0]} does not hold what the manifest says")
    before = migrations(ask_site)
    call_command("migrate", interactive=False, verbosity=0)
    migrated = len(migrations(ask_site)) - len(before)
    head = manifest["journal"]
    record(
        "backup.restored", BACKUPS, by=by, at=at,
        made_at=manifest["made_at"], seal=head["seal"], root=head["root"], entries=head["entries"],
    )  # fmt: skip
    return {**manifest, "migrated": migrated}


def _holds_files() -> bool:
    folder = Path(settings.PRIVATE_DIR)
    return folder.exists() and any(path.is_file() for path in folder.rglob("*"))


def _put_files(folder: Path) -> None:
    """The private folder and the heads outside the database are those of the backup."""
    private, aside = Path(settings.PRIVATE_DIR), folder / "aside"
    if private.exists():
        private.rename(aside)
    unpacked = folder / "private"
    unpacked.mkdir(exist_ok=True, mode=0o700)
    unpacked.rename(private)
    anchors = Path(settings.VAR_DIR) / ANCHORS
    if (folder / ANCHORS).exists():
        shutil.move(folder / ANCHORS, anchors)
    else:
        anchors.unlink(missing_ok=True)
