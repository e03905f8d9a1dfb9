"""PostgreSQL: pg_dump of one snapshot, and pg_restore beside what is there until it has succeeded."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from django.db import connection, transaction

from files.backups.errors import Failed
from files.backups.facts import Ask, ask_site

ASIDE = "bangfu_set_aside"


@contextmanager
def dumped(place: Path) -> Iterator[tuple[Ask, set[str]]]:
    """Write the dump; what is asked meanwhile is answered from the same snapshot."""
    program = _program("pg_dump")
    with transaction.atomic(durable=True):
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ")
        snapshot = ask_site("SELECT pg_export_snapshot()")[0][0]
        _run([program, "-Fc", "--no-owner", "--no-privileges", f"--snapshot={snapshot}", "-f", str(place)])
        yield ask_site, tables()


def check(place: Path) -> None:
    _run([_program("pg_restore"), "--list", str(place)], connect=False)


def replace(place: Path) -> None:
    """All or nothing: the tables there step aside, and come back if the restoration fails."""
    program = _program("pg_restore")
    if ask_site(f"SELECT 1 FROM pg_namespace WHERE nspname = '{ASIDE}'"):  # noqa: S608 — our name
        raise Failed(f"the schema {ASIDE} of a restoration that died is still there; look at it first")
    _do(f"ALTER SCHEMA public RENAME TO {ASIDE}", "CREATE SCHEMA public")
    connection.close()
    options = ["--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges", "-n", "public"]
    try:
        _run([program, *options, str(place)])
    except Failed:
        _do("DROP SCHEMA public CASCADE", f"ALTER SCHEMA {ASIDE} RENAME TO public")
        raise
    _do(f"DROP SCHEMA {ASIDE} CASCADE")


def others() -> int:
    """Who else is connected: nobody may work on a site that is being replaced."""
    statement = (
        "SELECT COUNT(*) FROM pg_stat_activity WHERE datname = current_database()"
        " AND pid <> pg_backend_pid() AND backend_type = 'client backend'"
    )
    return int(ask_site(statement)[0][0])


def tables() -> set[str]:
    return {row[0] for row in ask_site("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")}


def _do(*statements: str) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise Failed(
            f"{name} is not on this machine; install the PostgreSQL client programs of the server's version"
        )
    return found


def _run(command: list[str], *, connect: bool = True) -> None:
    """The password goes through the environment: a command line is for everybody to read."""
    settings = connection.settings_dict
    given = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD"}
    environment = {there: str(settings[here]) for here, there in given.items() if settings.get(here)}
    target = ["-d", settings["NAME"]] if connect else []
    done = subprocess.run(  # noqa: S603 — a fixed program, no shell
        [command[0], *target, *command[1:]],
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        line = next(iter(done.stderr.strip().splitlines()), "it gave no reason")
        raise Failed(f"{Path(command[0]).name}: {line}")
