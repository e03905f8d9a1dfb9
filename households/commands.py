"""What the measuring commands share: tables, fractions, one clear line on a fault, one JSON object."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any, NoReturn

from django.core.management.base import BaseCommand

from common.exceptions import Refused
from households.imports.reading import Row, read_table

PLACES = 6


class Fault(Exception):
    """Something in the call or the file that a person can put right."""


class MeasureCommand(BaseCommand):
    """Computes and prints; nothing is stored."""

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            figures = self.compute(options)
        except Fault as fault:
            self._refuse(str(fault))
        except Refused as refused:
            self._refuse(str(refused.message))
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False))
            return
        for line in told(figures):
            self.stdout.write(line)

    def compute(self, options: Mapping[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def _refuse(self, line: str) -> NoReturn:
        self.stderr.write(" ".join(line.split()))
        sys.exit(2)


def rows_of(path: Path, columns: list[str]) -> list[tuple[int, Row]]:
    """The rows of a CSV or XLSX table that has these columns."""
    table, _content = read_table(path)
    if missing := [name for name in columns if name not in table.headers]:
        raise Fault(
            f"{path.name}: there is no column {', '.join(missing)}; it has {', '.join(table.headers)}"
        )
    if not table.rows:
        raise Fault(f"{path.name} holds no rows")
    return table.rows


def fraction(text: str, what: str) -> Fraction:
    """1/3, 0.4 or 2, exactly."""
    try:
        return Fraction(text.strip())
    except (ValueError, ZeroDivisionError):
        raise Fault(f"{what}: “{text}” is no number; write 1/3, 0.4 or 2") from None


def weight_of(row: Row, column: str | None, line: int) -> Fraction:
    """How many a row stands for; 1 without a weight column."""
    if not column:
        return Fraction(1)
    weight = fraction(row[column], f"row {line}, column {column}")
    if weight < 0:
        raise Fault(f"row {line}, column {column}: a weight below zero")
    return weight


def told(figures: Mapping[str, Any], indent: str = "") -> Iterator[str]:
    """The figures as lines for a person."""
    for name, value in figures.items():
        if isinstance(value, Mapping):
            if value:
                yield f"{indent}{name}"
                yield from told(value, indent + "  ")
        else:
            yield f"{indent}{name}: {'—' if value is None else _rounded(value)}"


def _rounded(value: Any) -> Any:
    return round(value, PLACES) if isinstance(value, float) else value
