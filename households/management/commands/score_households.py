"""manage.py score_households [--json]"""

from __future__ import annotations

from argparse import ArgumentParser
from typing import Any

from common import clock
from common.actors import SYSTEM
from common.commands import PlainCommand
from households.models import HouseholdScore
from households.scores.acts import SCHEME, ranges, score_range
from households.scores.writing import number_of


class Command(PlainCommand):
    help = (
        "Keep the deprivation score of every recorded year, with its answers and its formula. The nightly job does the "
        "same; what did not change is not written again."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args: Any, **options: Any) -> None:
        written = sum(score_range(rows=rows, by=SYSTEM, at=clock.now()) for rows in ranges())
        scores = HouseholdScore.objects.filter(formula=number_of(SCHEME))
        figures = {
            "formula": SCHEME.version,
            "scores": scores.count(),
            "written": written,
            "poor": scores.filter(poor=True).count(),
            "unscored": scores.filter(poor__isnull=True).count(),
        }
        if options["json"]:
            self.print_json(figures)
            return
        self.stdout.write(", ".join(f"{name} {value}" for name, value in figures.items()))
