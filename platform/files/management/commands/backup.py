"""`manage.py backup`: database, files and heads of the journal in one sealed file."""

from __future__ import annotations

from datetime import UTC
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import CommandParser

from common import clock
from common.actors import SYSTEM
from common.commands import PlainCommand
from common.recording import record
from files.backups.errors import Failed
from files.backups.making import make
from files.backups.restoring import BACKUPS


class Command(PlainCommand):
    help = "Write the whole site into one file sealed with the newest field key; keep it, and the keys, elsewhere."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "file", nargs="?", type=Path, help="without it a dated file in the backups folder"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, file: Path | None, **options: Any) -> None:
        at = clock.now()
        if file is None:
            folder = Path(settings.VAR_DIR) / "backups"
            folder.mkdir(exist_ok=True, mode=0o700)
            file = folder / f"bangfu-{at.astimezone(UTC):%Y%m%dT%H%M%SZ}.backup"
        try:
            manifest = make(file, at=at)
        except Failed as failed:
            self.refuse(str(failed))
        head, missing = manifest["journal"], manifest["missing"]
        rows, files = sum(manifest["counts"].values()), len(manifest["members"]) - 1
        record(
            "backup.made", BACKUPS, by=SYSTEM, at=at, rows=rows, missing=len(missing), entries=head["entries"]
        )
        if options["json"]:
            said = {
                "file": str(file),
                "size": file.stat().st_size,
                "rows": rows,
                "files": files,
                "missing": missing,
            }
            self.print_json({**said, "journal": head, "counts": manifest["counts"]})
            return
        self.stdout.write(f"{file}: {rows} rows, {files} files, journal of {head['entries']} entries")
        for name in missing:
            self.stderr.write(f"file {name} is not on the disk and not in the backup")
