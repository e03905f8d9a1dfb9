"""Solve a plain matching instance from a file, exactly."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from common.commands import PlainCommand
from matching.engine.instance import read_instance
from matching.engine.plain import answer
from matching.engine.rows import InstanceError


class Command(PlainCommand):
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
            self.refuse(
                f"{options['file']} cannot be read: {getattr(error, 'strerror', None) or 'not UTF-8'}"
            )
        except InstanceError as error:
            self.refuse(str(error))
        if options["json"]:
            self.print_json(result)
            return
        for lot, need, amount in result["pieces"]:
            self.stdout.write(f"{lot} → {need}: {amount}")
        self.stdout.write(f"{objective}: {result['objective']}")
