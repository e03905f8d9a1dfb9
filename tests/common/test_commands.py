"""Commands a script can rely on: one object when asked, one clear line and exit 2 when it cannot be done."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command, get_commands, load_command_class

from accounts.models import User
from demo.people import SIGN_INS
from tests.guards import tree

ROW = re.compile(r"^\| (`.+`) \| .+ \|$", re.M)
CALL = re.compile(r"`([a-z_]+)")


def documented() -> list[str]:
    """The commands of the table in docs/architecture.md that this tree holds."""
    page = (tree.ROOT / "docs/architecture.md").read_text(encoding="utf-8").partition("## Commands")[2]
    known = get_commands()
    return sorted(name for row in ROW.findall(page) for name in CALL.findall(row) if name in known)


def test_every_command_of_the_table_prints_an_object() -> None:
    commands = get_commands()

    assert {"mpi", "fgt", "match", "match_instance", "report", "rate", "rank", "find_duplicates"} <= set(
        documented()
    )
    assert [
        name
        for name in documented()
        if not {"--json"} & options_of(load_command_class(str(commands[name]), name), name)
    ] == []


def options_of(command: Any, name: str) -> set[str]:
    parser = command.create_parser("manage.py", name)
    return {text for action in parser._actions for text in action.option_strings}


def shell(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    environment = {
        "PATH": os.environ["PATH"],
        "BANGFU_VAR": str(folder),
        "DJANGO_SETTINGS_MODULE": "config.settings.local",
        "DATABASE_URL": f"sqlite:///{folder / 'empty.sqlite3'}",
    }
    return subprocess.run(
        [sys.executable, "manage.py", *words],
        cwd=tree.ROOT, env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.parametrize(
    "words",
    [
        ["mpi", "--json"],
        ["verify_journal"],
        ["match", "--json"],
        ["import_households", "TABLE", "-o", "COPY"],
    ],
    ids=lambda words: words[0],
)
def test_database_without_tables_is_one_line(tmp_path: Path, words: list[str]) -> None:
    table, copy = tmp_path / "t.csv", tmp_path / "copy.csv"
    table.write_text("户编号,姓名\n1,王\n", encoding="utf-8")
    places = {"TABLE": str(table), "COPY": str(copy)}

    done = shell(tmp_path, *(places.get(word, word) for word in words))

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.splitlines() == [
        "the database is not up to date: run manage.py migrate, then manage.py load_reference"
    ]
    assert not copy.exists()


def test_argument_nobody_knows_ends_with_2(tmp_path: Path) -> None:
    done = shell(tmp_path, "fgt", "t.csv", "--wine", "red")

    assert (done.returncode, done.stdout) == (2, "")
    assert "Traceback" not in done.stderr


@pytest.mark.django_db
def test_first_administrator_as_an_object(capsys: Any) -> None:
    call_command("create_first_administrator", "--username", "root", "--name", "林系统", "--link", "--json")

    made = json.loads(capsys.readouterr().out)
    assert made["username"] == "root"
    assert made["link"].startswith("/seats/invitation/")


@pytest.mark.django_db
def test_demonstration_that_is_there_as_an_object(capsys: Any) -> None:
    User.objects.create(username=SIGN_INS[0].username)

    call_command("demo_build", "--json")

    said = json.loads(capsys.readouterr().out)
    assert said["built"] is False
    assert [person["account"] for person in said["sign_ins"]] == [entry.username for entry in SIGN_INS]
