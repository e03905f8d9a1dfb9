"""Reading CSV tables strictly: known headers, full rows, clear refusals with their line."""

from __future__ import annotations

import csv
import gzip
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO

from django.utils.translation import gettext as _

from common.exceptions import Refused


def bad_file(message: str) -> Refused:
    return Refused("reference_file", message)


@dataclass(frozen=True)
class Line:
    """One row of a table with its place, so that a refusal can name it."""

    place: str
    cells: dict[str, str]

    def __getitem__(self, name: str) -> str:
        return self.cells[name]

    def refuse(self, message: str) -> Refused:
        return bad_file(f"{self.place}: {message}")

    def day(self, name: str) -> date | None:
        """A date cell; empty is unknown."""
        if not self[name]:
            return None
        try:
            return date.fromisoformat(self[name])
        except ValueError:
            raise self.refuse(_("“%(text)s” is not a date like 2026-11-23.") % {"text": self[name]}) from None

    def whole(self, name: str) -> int:
        if not (self[name].isascii() and self[name].isdigit()):
            raise self.refuse(_("“%(text)s” is not a whole number.") % {"text": self[name]})
        return int(self[name])

    def yes(self, name: str) -> bool:
        return self[name] == "1"


@dataclass(frozen=True)
class Table:
    """A CSV file (plain or gzip, UTF-8), not yet read beyond its header."""

    path: Path
    headers: tuple[str, ...] = field(default=())

    def lines(self) -> Iterator[Line]:
        with _text(self.path) as file:
            rows = csv.reader(file)
            next(rows)
            for cells in _decoded(rows, self.path):
                place = f"{self.path.name}:{rows.line_num}"
                if not any(cells):
                    continue
                if len(cells) != len(self.headers):
                    raise bad_file(
                        _("%(place)s: expected %(expected)d columns, found %(found)d.")
                        % {"place": place, "expected": len(self.headers), "found": len(cells)}
                    )
                yield Line(
                    place, {name: cell.strip() for name, cell in zip(self.headers, cells, strict=True)}
                )


def open_table(path: Path) -> Table:
    """The table with its header read."""
    try:
        with _text(path) as file:
            first = next(_decoded(csv.reader(file), path), None)
    except OSError as error:
        raise bad_file(
            _("%(file)s cannot be read: %(reason)s.") % {"file": path.name, "reason": error.strerror or error}
        ) from error
    if first is None:
        raise bad_file(_("%(file)s is empty.") % {"file": path.name})
    return Table(path, tuple(name.strip() for name in first))


def _text(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return gzip.open(path, "rt", encoding="utf-8-sig", newline="")
    return path.open(encoding="utf-8-sig", newline="")


def _decoded(rows: Iterator[list[str]], path: Path) -> Iterator[list[str]]:
    """Rows of a file that may turn out not to be UTF-8 text."""
    try:
        yield from rows
    except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile, zlib.error):
        raise bad_file(_("%(file)s is not a CSV file in UTF-8.") % {"file": path.name}) from None
