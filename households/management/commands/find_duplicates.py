"""manage.py find_duplicates FILE.csv --key rec_id --fields given=…,family=…,birth=…,id=… -o pairs.csv [--json]"""

from __future__ import annotations

import csv
from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from common.commands import PlainCommand
from common.exceptions import Refused
from households.commands import Fault, rows_of
from households.duplicates.finder import THRESHOLD, Pair, find
from households.duplicates.person import ROLES, Person, person
from households.imports.annotated import harmless


class Command(PlainCommand):
    help = (
        "Find records of a CSV or XLSX table that are very probably one person, and write the pairs as "
        "a,b,score,cluster. The columns may be called anything: --fields says which role each plays, of "
        f"{', '.join(ROLES)}. Nothing is stored and nothing is merged: a person decides."
    )
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--key", required=True, metavar="COLUMN", help="names each record, once")
        parser.add_argument(
            "--fields", required=True, metavar="role=COLUMN,…", help="such as birth=dob,id=number"
        )
        parser.add_argument("-o", "--output", required=True, type=Path, metavar="PAIRS.csv")
        parser.add_argument(
            "--threshold", type=float, default=THRESHOLD, metavar="0–1", help="from what score on"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        file, output = options["file"], options["output"]
        self.refuse_impossible(output)
        try:
            people = _people(file, options["key"], _roles(options["fields"]))
            if not 0 < options["threshold"] < 1:
                raise Fault("--threshold lies between 0 and 1")
        except (Fault, Refused) as fault:
            self.refuse(str(fault))
        if output.exists() and output.samefile(file):
            self.refuse(f"{output} is the table itself; write the pairs to another file")
        pairs = find(people, threshold=options["threshold"])
        try:
            _write(output, pairs)
        except OSError as error:
            self.refuse(f"{output}: {error.strerror}")
        groups = len({pair.cluster for pair in pairs})
        if options["json"]:
            self.print_json(
                {
                    "file": file.name,
                    "records": len(people),
                    "pairs": len(pairs),
                    "clusters": groups,
                    "output": str(output),
                }
            )
            return
        self.stdout.write(
            f"{file.name}: {len(people):,} records, {len(pairs):,} pairs in {groups:,} groups: {output}"
        )


def _roles(text: str) -> dict[str, str]:
    """Which column plays which role."""
    roles: dict[str, str] = {}
    for part in filter(None, (part.strip() for part in text.split(","))):
        role, equals, column = (piece.strip() for piece in part.partition("="))
        if not equals or not column:
            raise Fault(f"--fields: “{part}” is not role=COLUMN")
        if role not in ROLES:
            raise Fault(f"--fields: there is no role {role}; there are {', '.join(ROLES)}")
        if role in roles:
            raise Fault(f"--fields names {role} twice")
        roles[role] = column
    if not roles:
        raise Fault("--fields names no column to compare")
    return roles


def _people(file: Path, key: str, roles: Mapping[str, str]) -> list[Person]:
    """The records, each with a key of its own."""
    people: dict[str, Person] = {}
    for line, row in rows_of(file, [key, *roles.values()]):
        name = row[key]
        if not name:
            raise Fault(f"row {line}: the column {key} is empty, so the record has no name")
        if name in people:
            raise Fault(f"row {line}: the key {name} stands there twice")
        people[name] = person(name, {role: row[column] for role, column in roles.items()})
    return list(people.values())


def _write(output: Path, pairs: list[Pair]) -> None:
    with output.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["a", "b", "score", "cluster"])
        writer.writerows([harmless(pair.a), harmless(pair.b), pair.score, pair.cluster] for pair in pairs)
