"""manage.py import_households FILE [--mapping M.toml] [--dry-run] [-o COPY] [--json]"""

from __future__ import annotations

import json
import os
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand

from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from households.imports.services import Report, import_households

SHOWN = 20


class Command(BaseCommand):
    help = (
        "Read a CSV or XLSX file of households, one row per member: pending, checked, merged. A file goes in once; "
        "what is wrong is named with row, column and what to do. The shipped mappings are official and costa_rica."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE")
        parser.add_argument("--mapping", type=Path, default=Path("official"), metavar="M.toml")
        parser.add_argument("--dry-run", action="store_true", help="read and check, store nothing")
        parser.add_argument("-o", "--output", type=Path, metavar="COPY", help="where the annotated copy goes")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        source: Path = options["file"]
        output: Path = options["output"] or _beside(source)
        try:
            report = import_households(
                path=source,
                mapping_path=options["mapping"],
                output=output,
                dry_run=options["dry_run"],
                by=SYSTEM,
                at=clock.now(),
            )
        except Refused as refused:
            self._refuse(str(refused.message))
        except OSError as error:
            self._refuse(f"{output}: {error.strerror}")
        if options["json"]:
            self.stdout.write(
                json.dumps(report.as_json() | {"dry_run": options["dry_run"]}, ensure_ascii=False)
            )
            return
        self._tell(report)

    def _tell(self, report: Report) -> None:
        for line in report.lines[:SHOWN]:
            self.stdout.write(line)
        if len(report.lines) > SHOWN:
            self.stdout.write(f"… {len(report.lines) - SHOWN:,} more in {report.annotated}")
        self.stdout.write(
            f"{report.file}: {report.rows:,} rows, {report.households:,} households, {report.left_out:,} left out; "
            f"{report.state}: {report.merged['households']:,} households, {report.merged['members']:,} members, "
            f"{report.merged['needs']:,} needs"
        )

    def _refuse(self, line: str) -> NoReturn:
        """One clear line, exit 2, nothing stored."""
        self.stderr.write(" ".join(line.split()))
        sys.exit(2)


def _beside(source: Path) -> Path:
    """Next to the file, or in the product's own folder where the file's cannot be written."""
    name = f"{source.stem}-checked{source.suffix}"
    return source.with_name(name) if os.access(source.parent, os.W_OK) else Path(settings.VAR_DIR) / name
