"""manage.py fgt FILE.csv --value col --line Z [--weight col] [--by col] [--json]"""

from __future__ import annotations

from argparse import ArgumentParser
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from households.commands import Fault, MeasureCommand, fraction, rows_of, weight_of
from households.measures.fgt import Observation, poverty


class Command(MeasureCommand):
    help = (
        "Poverty after Foster, Greer and Thorbecke: headcount, gap and severity of those strictly below the line. "
        "An empty value is counted as missing, never as 0."
    )

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, metavar="FILE.csv")
        parser.add_argument("--value", required=True, metavar="COLUMN", help="income or spending per head")
        parser.add_argument("--line", required=True, metavar="Z", help="the poverty line")
        parser.add_argument("--weight", metavar="COLUMN", help="how many a row stands for")
        parser.add_argument("--by", metavar="COLUMN", help="a group")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def compute(self, options: Mapping[str, Any]) -> dict[str, Any]:
        value, by, weight = options["value"], options["by"], options["weight"]
        line = fraction(options["line"], "--line")
        rows = rows_of(options["file"], [value, *filter(None, (by, weight))])
        observations = [
            Observation(
                value=fraction(row[value], f"row {number}, column {value}") if row[value] else None,
                weight=weight_of(row, weight, number),
                group=row[by] if by else None,
            )
            for number, row in rows
        ]
        try:
            return poverty(observations, line=line).as_json()
        except ValueError as error:
            raise Fault(str(error)) from error
