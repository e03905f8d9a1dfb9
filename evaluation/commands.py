"""What the commands `rate` and `rank` share: reading the day, one clear line on refusal, one JSON object."""

from __future__ import annotations

from argparse import ArgumentParser
from datetime import date
from typing import Any

from common import clock
from common.commands import PlainCommand
from common.exceptions import Refused


class DayCommand(PlainCommand):
    """Computes drafts as of the end of a day; people put them into force."""

    requires_system_checks: list[str] = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--as-of", metavar="DATE", help="a day such as 2026-11-23; today without it")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        given = options["as_of"]
        try:
            day = date.fromisoformat(given) if given else clock.today()
        except ValueError:
            self.refuse(f"{given} is not a day; write it as 2026-11-23")
        if day > clock.today():
            self.refuse(f"{day} has not been yet")
        try:
            report = self.compute(day)
        except Refused as refused:
            self.refuse(str(refused.message))
        if options["json"]:
            self.print_json(report)
            return
        for line in self.lines(report):
            self.stdout.write(line)

    def compute(self, day: date) -> dict[str, Any]:
        raise NotImplementedError

    def lines(self, report: dict[str, Any]) -> list[str]:
        raise NotImplementedError
