"""`manage.py restore FILE`: a backup in the place of what is here, then everything verified."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

from django.core.management import call_command
from django.core.management.base import CommandParser

from common import clock
from common.actors import SYSTEM
from common.commands import PlainCommand
from files.backups.errors import Failed
from files.backups.restoring import restore

VERIFIERS = ("verify_journal", "verify_ledger")


class Command(PlainCommand):
    help = (
        "Put a backup in the place of this site's data, then verify journal and ledger; stop the site first."
    )
    requires_system_checks: list[str] = []
    requires_migrations_checks = False

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", type=Path)
        parser.add_argument(
            "--replace-everything", action="store_true", help="remove what a lived-in site holds"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, file: Path, replace_everything: bool, **options: Any) -> None:
        try:
            manifest = restore(file, replace=replace_everything, by=SYSTEM, at=clock.now())
        except Failed as failed:
            self.refuse(str(failed))
        verified = {name: _verify(name) for name in VERIFIERS}
        intact = all(right for right, _words in verified.values())
        rows, files = sum(manifest["counts"].values()), len(manifest["members"]) - 1
        if options["json"]:
            said = {
                "made_at": manifest["made_at"],
                "rows": rows,
                "files": files,
                "missing": manifest["missing"],
            }
            proofs = {name: words for name, (_right, words) in verified.items()}
            self.print_json({**said, "migrated": manifest["migrated"], "intact": intact, **proofs})
        else:
            self.stdout.write(f"restored the site of {manifest['made_at']}: {rows} rows, {files} files")
            for right, words in verified.values():
                (self.stdout if right else self.stderr).write(words)
        if not intact:
            sys.exit(1)


def _verify(name: str) -> tuple[bool, str]:
    said = io.StringIO()
    try:
        call_command(name, stdout=said, stderr=said)
    except SystemExit:
        return False, said.getvalue().strip()
    return True, said.getvalue().strip()
