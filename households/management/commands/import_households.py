"""manage.py import_households FILE [--mapping M.toml] [--from DAY --to DAY] [--dry-run] [-o COPY] [--json]"""

from __future__ import annotations

import os
from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

from django.conf import settings

from common import clock
from common.actors import SYSTEM
from common.commands import PlainCommand
from common.exceptions import Refused
from households.imports.services import Report, import_households

SHOWN = 20


class Command(PlainCommand):
    help = (
        "Read a CSV or XLSX file of households, one row per member: pending, checked, merged. A file goes in once; "
        "what is wrong is named with row, column and what to do. The shipped mappings are official and costa_rica; "
        "without --mapping the columns of the file choose one of them."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--mapping", type=Path, metavar="M.toml")
        parser.add_argument("--from", dest="first_day", type=date.fromisoformat, metavar="DAY")
        parser.add_argument(
            "--to",
            dest="last_day",
            type=date.fromisoformat,
            metavar="DAY",
            help="the days its facts speak of",
        )
        parser.add_argument("--dry-run", action="store_true", help="read and check, store nothing")
        parser.add_argument(
            "-o", "--output", type=Path, metavar="COPY",
            help="where the annotated copy goes; without it beside the file, and nowhere on a dry run",
        )  # fmt: skip
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["file"]
        output: Path | None = options["output"] or (None if options["dry_run"] else _beside(source))
        if output is not None:
            self.refuse_impossible(output)
        if output is not None and output.exists() and source.exists() and output.samefile(source):
            self.refuse(f"{output} is the file itself; name another one for the annotated copy")
        try:
            report = import_households(
                path=source,
                mapping_path=options["mapping"],
                days=(options["first_day"], options["last_day"]),
                output=output,
                dry_run=options["dry_run"],
                by=SYSTEM,
                at=clock.now(),
            )
        except Refused as refused:
            self.refuse(str(refused.message))
        except OSError as error:
            self.refuse(f"{output}: {error.strerror}")
        if options["json"]:
            self.print_json(report.as_json() | {"dry_run": options["dry_run"]})
            return
        self._tell(report)

    def _tell(self, report: Report) -> None:
        for line in report.lines[:SHOWN]:
            self.stdout.write(line)
        if len(report.lines) > SHOWN:
            where = f"in {report.annotated}" if report.annotated else "findings; -o COPY writes them all"
            self.stdout.write(f"… {len(report.lines) - SHOWN:,} more {where}")
        if report.would:
            done = "would let in: {households:,} households, {members:,} members".format(**report.would)
        else:
            merged = "{households:,} households, {members:,} members, {needs:,} needs".format(**report.merged)
            done = f"{report.state}: {merged}"
        read = f"{report.rows:,} rows, {report.households:,} households, {report.left_out:,} left out"
        self.stdout.write(f"{report.file}: {read}; {done}")


def _beside(source: Path) -> Path:
    """Next to the file, or in the product's own folder where the file's cannot be written."""
    name = f"{source.stem}-checked{source.suffix}"
    return source.with_name(name) if os.access(source.parent, os.W_OK) else Path(settings.VAR_DIR) / name
