"""SQLite: a consistent copy through its own backup interface, and the whole file put back in one transaction."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.db import connection

from files.backups.errors import Failed
from files.backups.facts import Ask, ask_site

WAIT = 30


@contextmanager
def dumped(place: Path) -> Iterator[tuple[Ask, set[str]]]:
    """Write the copy; what is asked meanwhile is answered from it."""
    source = Path(connection.settings_dict["NAME"]).resolve().as_uri()
    with closing(sqlite3.connect(f"{source}?mode=ro", uri=True, timeout=WAIT)) as live:
        copy = sqlite3.connect(place)
        live.backup(copy)
    with closing(copy):
        copy.execute("PRAGMA journal_mode=DELETE")
        yield (lambda statement: list(copy.execute(statement))), _tables(copy)


def check(place: Path) -> None:
    with closing(sqlite3.connect(place)) as copy:
        try:
            found = copy.execute("PRAGMA integrity_check").fetchone()[0]
        except sqlite3.DatabaseError as error:
            found = str(error)
    if found != "ok":
        raise Failed(f"the database in the backup is damaged: {found}")


def replace(place: Path) -> None:
    connection.close()
    with closing(sqlite3.connect(connection.settings_dict["NAME"], timeout=WAIT)) as live:
        with closing(sqlite3.connect(place)) as copy:
            try:
                copy.backup(live)
            except sqlite3.Error as error:
                raise Failed(f"the database could not be replaced: {error}") from None
        live.execute("PRAGMA journal_mode=WAL")


def others() -> int:
    """SQLite's own lock keeps others out while the file is replaced."""
    return 0


def tables() -> set[str]:
    return {row[0] for row in ask_site("SELECT name FROM sqlite_master WHERE type = 'table'")}


def _tables(copy: sqlite3.Connection) -> set[str]:
    found: list[tuple[Any, ...]] = copy.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table'"
    ).fetchall()
    return {row[0] for row in found}
