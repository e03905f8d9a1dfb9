"""Solve a plain matching instance from a file, exactly."""

import json
import sys
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand

from matching.engine.instance import read_instance
from matching.engine.plain import answer
from matching.engine.rows import InstanceError


class Command(BaseCommand):
    help = "Solve a plain instance of lots, needs and edges, or of nodes and arcs, and print the certified optimum."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.json")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            objective, instance = read_instance(options["file"].read_text(encoding="utf-8"))
            result = answer(objective, instance)
        except (OSError, UnicodeDecodeError) as error:
            self._refuse(
                f"{options['file']} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}"
            )
        except InstanceError as error:
            self._refuse(str(error))
        if options["json"]:
            self.stdout.write(json.dumps(result, ensure_ascii=False))
            return
        for lot, need, amount in result["pieces"]:
            self.stdout.write(f"{lot} → {need}: {amount}")
        self.stdout.write(f"{objective}: {result['objective']}")

    def _refuse(self, line: str) -> None:
        """One clear line, exit 2, nothing else."""
        self.stderr.write(" ".join(line.split()))
        sys.exit(2)
