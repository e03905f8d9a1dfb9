"""Every kept database still migrates to the newest revision, and everything verifiable in it still verifies."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from django.db import connection

from tests.servers import ROOT, database_url

FOLDER = Path(__file__).parent
KEPT = sorted(FOLDER.glob("*.jsonl.gz"))
VERIFY = ("verify_journal", "verify_ledger")

pytestmark = pytest.mark.django_db


@contextmanager
def empty_database(folder: Path) -> Iterator[str]:
    """The address of a database without tables, of the kind this pass runs on."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{folder / 'kept.sqlite3'}"
        return
    name = f"kept_{os.getpid()}"
    with connection._nodb_cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name}")
    try:
        yield f"{database_url().rpartition('/')[0]}/{name}"
    finally:
        with connection._nodb_cursor() as cursor:
            cursor.execute(f"DROP DATABASE {name}")


def run(*arguments: str, address: str, var: Path) -> subprocess.CompletedProcess[str]:
    environment = {
        **os.environ,
        "DATABASE_URL": address,
        "BANGFU_VAR": str(var),
        "PYTHONPATH": f"{ROOT}{os.pathsep}{ROOT / 'platform'}",
    }
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )


def rows_of(path: Path) -> int:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        next(file)
        return sum(len(json.loads(line)["rows"]) for line in file)


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.name)
def test_a_kept_database_migrates_and_verifies(path: Path, tmp_path: Path) -> None:
    with empty_database(tmp_path) as address:
        read = run("-m", "tests.snapshots.replay", str(path), address=address, var=tmp_path)
        assert read.returncode == 0, read.stderr
        assert read.stdout.strip() == f"{rows_of(path)} rows"
        assert run("manage.py", "migrate", "--check", address=address, var=tmp_path).returncode == 0
        for command in VERIFY:
            verified = run("manage.py", command, address=address, var=tmp_path)
            assert verified.returncode == 0, verified.stderr


def test_what_verifies_notices_an_altered_row(tmp_path: Path) -> None:
    altered = tmp_path / "altered.jsonl.gz"
    with (
        gzip.open(KEPT[-1], "rt", encoding="utf-8") as kept,
        gzip.open(altered, "wt", encoding="utf-8") as file,
    ):
        file.write(kept.readline())
        for line in kept:
            held = json.loads(line)
            if held["table"] == "donors_ledgerentry":
                held["rows"].pop()
            if held["table"] == "journal_entry":
                held["rows"][3][held["columns"].index("action")] = "something.else"
            file.write(json.dumps(held) + "\n")
    with empty_database(tmp_path) as address:
        assert (
            run("-m", "tests.snapshots.replay", str(altered), address=address, var=tmp_path).returncode == 0
        )
        for command in VERIFY:
            assert run("manage.py", command, address=address, var=tmp_path).returncode == 1


def test_one_is_kept_at_least() -> None:
    assert KEPT
