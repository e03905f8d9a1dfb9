"""What the commands `rate` and `rank` share: reading the day, one clear line on refusal, one JSON object."""

from __future__ import annotations

import json
import sys
from argparse import ArgumentParser
from datetime import date
from typing import Any

from django.core.management.base import BaseCommand

from common import clock
from common.exceptions import Refused


class DayCommand(BaseCommand):
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
            self._refuse(f"{given} is not a day; write it as 2026-11-23")
        if day > clock.today():
            self._refuse(f"{day} has not been yet")
        try:
            report = self.compute(day)
        except Refused as refused:
            self._refuse(str(refused.message))
        if options["json"]:
            self.stdout.write(json.dumps(report, ensure_ascii=False))
            return
        for line in self.lines(report):
            self.stdout.write(line)

    def compute(self, day: date) -> dict[str, Any]:
        raise NotImplementedError

    def lines(self, report: dict[str, Any]) -> list[str]:
        raise NotImplementedError

    def _refuse(self, line: str) -> None:
        self.stderr.write(" ".join(line.split()))
        sys.exit(2)
