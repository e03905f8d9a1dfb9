"""Tables from CSV or XLSX files, guarded: no formulas, no external entities, no bombs."""

from __future__ import annotations

import csv
import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from common.exceptions import Refused

LARGEST = 100 * 1024 * 1024
LARGEST_UNPACKED = 1024 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST_CELL = 2000
LONGEST_NAME = 40
MOST_COLUMNS = 1000
MOST_ROWS = 1_048_576  # what a sheet can hold; a file that names a later row lies
NAMED = 8  # columns named in one refusal
BROKEN_SHEET = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ElementTree.ParseError,
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, TypeError, ValueError,
)  # fmt: skip

Row = dict[str, str]
Lines = Iterator[list[str]]


@dataclass(frozen=True)
class Table:
    """The headers and the rows with their line numbers as a spreadsheet counts them."""

    headers: list[str]
    rows: list[tuple[int, Row]]


def read_table(path: Path) -> tuple[Table, bytes]:
    """The first sheet or the CSV file; and the bytes, for their fingerprint."""
    try:
        if path.stat().st_size > LARGEST:
            raise Refused(
                "file_too_large", _("%(file)s is larger than 100 MB. Send it in parts.") % {"file": path.name}
            )
        content = path.read_bytes()
    except OSError as error:
        raise Refused(
            "file_unreadable",
            _("%(file)s cannot be opened: %(why)s") % {"file": path, "why": error.strerror or error},
        ) from error
    return table_of(path.name, content), content


def table_of(name: str, content: bytes, *, most: int = MOST_ROWS) -> Table:
    """The whole table in the bytes of a file of this name; a longer one than asked for is refused."""
    lines = _lines(name, content)
    headers = _headers(name, lines)
    rows: list[tuple[int, Row]] = []
    for number, line in enumerate(lines, start=2):
        if not any(cell.strip() for cell in line):
            continue
        if len(rows) == most:
            raise Refused(
                "too_many_rows",
                _("%(file)s has more than %(most)s rows. Send it in parts.")
                % {"file": name, "most": f"{most:,}"},
            )
        cells = dict(zip(headers, (cell.strip()[:LONGEST_CELL] for cell in line), strict=False))
        rows.append((number, {header: cells.get(header, "") for header in headers}))
    return Table(headers, rows)


def headers_of(name: str, content: bytes) -> list[str]:
    """The first line alone: enough to say that a file does not fit, before any of its rows is read."""
    return _headers(name, _lines(name, content))


def named(names: list[str]) -> str:
    """The first few, and how many more there are: one line a person can read."""
    shown = ", ".join(name[:LONGEST_NAME] for name in names[:NAMED])
    if len(names) <= NAMED:
        return shown
    return _("%(names)s and %(count)s more") % {"names": shown, "count": len(names) - NAMED}


def unreadable(name: str) -> Refused:
    return Refused(
        "file_unreadable",
        _("%(file)s cannot be read as a table. Save it as XLSX, or as CSV in UTF-8.") % {"file": name},
    )


def _lines(name: str, content: bytes) -> Lines:
    return _sheet_lines(name, content) if content[:4] == b"PK\x03\x04" else _text_lines(name, content)


def _headers(name: str, lines: Lines) -> list[str]:
    headers = [header.strip() for header in next(lines, [])]
    while headers and not headers[-1]:
        headers.pop()
    if not headers:
        raise Refused("file_empty", _("%(file)s is empty.") % {"file": name})
    twice = sorted({header for header in headers if header and headers.count(header) > 1})
    if twice:
        raise Refused(
            "header_twice",
            _("%(file)s: the column %(names)s stands there twice.") % {"file": name, "names": named(twice)},
        )
    return headers


def _text_lines(name: str, content: bytes) -> Lines:
    if b"\x00" in content:
        raise unreadable(name)
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        try:
            yield from csv.reader(io.StringIO(text, newline=""))
        except csv.Error as error:
            raise unreadable(name) from error
        return
    raise unreadable(name)


def _sheet_lines(name: str, content: bytes) -> Lines:
    """Values only, no wider than the first line; openpyxl reads its XML through defusedxml."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise unreadable(name)
        if not openpyxl.DEFUSEDXML:  # pragma: no cover — the requirements pin it
            raise unreadable(name)
        sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True).worksheets[0]
        first = next(sheet.iter_rows(max_row=1, max_col=MOST_COLUMNS, values_only=True), ())
        headers = [_cell(value) for value in first]
        yield headers
        width = max((place for place, header in enumerate(headers, start=1) if header), default=1)
        for line in sheet.iter_rows(min_row=2, max_row=MOST_ROWS, max_col=width, values_only=True):
            yield [_cell(value) for value in line]
    except BROKEN_SHEET as error:
        raise unreadable(name) from error


def _cell(value: Any) -> str:
    """A cell as text: whole numbers without a point, days as ISO."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)
