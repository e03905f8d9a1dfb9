"""What the measuring commands share: tables, fractions, one clear line on a fault, one JSON object."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction
from pathlib import Path
from typing import Any

from common.commands import PlainCommand
from common.exceptions import Refused
from households.imports.reading import Row, read_table

PLACES = 6


class Fault(Exception):
    """Something in the call or the file that a person can put right."""


class MeasureCommand(PlainCommand):
    """Computes and prints; nothing is stored."""

    requires_system_checks: list[str] = []

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            figures = self.compute(options)
        except Fault as fault:
            self.refuse(str(fault))
        except Refused as refused:
            self.refuse(str(refused.message))
        if options["json"]:
            self.print_json(figures)
            return
        for number, part in enumerate(figures.get("sources", [figures])):
            if number:
                self.stdout.write("")
            for line in told(part, self.group_names(options, part["groups"])):
                self.stdout.write(line)

    def compute(self, options: Mapping[str, Any]) -> dict[str, Any]:
        raise NotImplementedError

    def group_names(self, options: Mapping[str, Any], groups: Collection[str]) -> Mapping[str, str]:
        """What the groups are called, where the table itself holds codes only."""
        return {}


def rows_of(path: Path, columns: list[str]) -> list[tuple[int, Row]]:
    """The rows of a CSV or XLSX table that has these columns."""
    table, _content = read_table(path)
    if missing := [name for name in columns if name not in table.headers]:
        raise Fault(
            f"{path.name}: there is no column {', '.join(missing)}; it has {', '.join(table.headers)}"
        )
    rows = list(table.rows)
    if not rows:
        raise Fault(f"{path.name} holds no rows")
    return rows


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


def told(figures: Mapping[str, Any], names: Mapping[str, str], indent: str = "") -> Iterator[str]:
    """The figures as lines for a person; groups as a table with one line each."""
    for name, value in figures.items():
        if name == "groups":
            yield from table_of(value, names)
        elif isinstance(value, Mapping):
            yield f"{indent}{name}"
            yield from told(value, names, indent + "  ")
        elif isinstance(value, list):
            yield f"{indent}{name}: {', '.join(value) or '—'}"
        else:
            yield f"{indent}{name}: {_rounded(value)}"


def table_of(groups: Mapping[str, Mapping[str, Any]], names: Mapping[str, str]) -> Iterator[str]:
    """One line for each group, under a heading, in columns."""
    if not groups:
        return
    columns = [name for name, value in next(iter(groups.values())).items() if not isinstance(value, Mapping)]
    lines = [["group", *columns]]
    lines += [[group, *(str(_rounded(row[name])) for name in columns)] for group, row in groups.items()]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    for line in lines:
        cells = [line[0].ljust(widths[0]), *map(str.rjust, line[1:], widths[1:])]
        yield "  ".join([*cells, names.get(line[0], "")]).rstrip()


def _rounded(value: Any) -> Any:
    if value is None:
        return "—"
    return round(value, PLACES) if isinstance(value, float) else value
