"""Tables from CSV or XLSX files, guarded: no formulas, no external entities, no bombs."""

from __future__ import annotations

import codecs
import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator
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
PIECE = 1 << 20  # bytes
MOST_COLUMNS = 1000
MOST_ROWS = 1_048_576  # what a sheet can hold; a file that names a later row lies
NAMED = 8  # columns named in one refusal
BROKEN_SHEET = (
    zipfile.BadZipFile, zlib.error, InvalidFileException, ElementTree.ParseError,
    ArithmeticError, AttributeError, EOFError, LookupError, NotImplementedError, OSError, TypeError, ValueError,
)  # fmt: skip

Row = dict[str, str]
Lines = Iterator[list[str]]


class Cells(dict[str, str]):
    """A row by its columns; a column the file does not have is empty."""

    def __missing__(self, _column: str) -> str:
        return ""


@dataclass(frozen=True)
class Table:
    """The headers and the rows with their line numbers as a spreadsheet counts them; the rows can be read again."""

    headers: list[str]
    rows: Iterable[tuple[int, Row]]


class FileRows:
    """Rows read out of the bytes of a file each time they are asked for, so that a long table needs no room."""

    def __init__(self, name: str, content: bytes, headers: list[str], most: int) -> None:
        self.name = name
        self.content = content
        self.headers = headers
        self.most = most

    def __iter__(self) -> Iterator[tuple[int, Row]]:
        lines = _lines(self.name, self.content)
        next(lines, None)
        count, width = 0, len(self.headers)
        for number, line in enumerate(lines, start=2):
            cells = [cell.strip()[:LONGEST_CELL] for cell in line[:width]]
            if not any(cells) and not any(cell.strip() for cell in line):
                continue
            if count == self.most:
                raise Refused(
                    "too_many_rows",
                    _("%(file)s has more than %(most)s rows. Send it in parts.")
                    % {"file": self.name, "most": f"{self.most:,}"},
                )
            count += 1
            cells += [""] * (width - len(cells))
            yield number, Cells(zip(self.headers, cells, strict=True))


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
    """The table in the bytes of a file of this name; a longer one than asked for is refused while it is read.

    A sheet is unpacked once, into plain text: to read it again from its XML would take as long again.
    """
    if _is_sheet(content):
        content = _as_text(_sheet_lines(name, content))
    headers = _headers(name, _lines(name, content))
    return Table(headers, FileRows(name, content, headers, most))


def _as_text(lines: Lines) -> bytes:
    buffer = io.BytesIO()
    text = io.TextIOWrapper(buffer, encoding="utf-8", errors="replace", newline="", write_through=True)
    csv.writer(text).writerows(lines)
    return buffer.getvalue()


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
    return _sheet_lines(name, content) if _is_sheet(content) else _text_lines(name, content)


def _is_sheet(content: bytes) -> bool:
    return content[:4] == b"PK\x03\x04"


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
        if _decodes(content, encoding):
            try:
                yield from csv.reader(io.TextIOWrapper(io.BytesIO(content), encoding=encoding, newline=""))
            except csv.Error as error:
                raise unreadable(name) from error
            return
    raise unreadable(name)


def _decodes(content: bytes, encoding: str) -> bool:
    """Whether all of it is text in this encoding, looked at a piece at a time."""
    decoder = codecs.getincrementaldecoder(encoding)()
    try:
        for start in range(0, len(content), PIECE):
            decoder.decode(content[start : start + PIECE])
        decoder.decode(b"", final=True)
    except UnicodeDecodeError:
        return False
    return True


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
