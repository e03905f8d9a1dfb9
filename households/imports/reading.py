"""Tables from CSV or XLSX files, guarded: no formulas, no external entities, no bombs."""

from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.utils.exceptions import InvalidFileException

from common.exceptions import Refused

LARGEST = 100 * 1024 * 1024
LARGEST_UNPACKED = 1024 * 1024 * 1024
ENCODINGS = ("utf-8-sig", "gb18030")
LONGEST_CELL = 2000

Row = dict[str, str]


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
    lines = _sheet_lines(path, content) if content[:4] == b"PK\x03\x04" else _text_lines(path, content)
    return _table(path, lines), content


def _text_lines(path: Path, content: bytes) -> Iterator[list[str]]:
    if b"\x00" in content:
        raise _unreadable(path)
    for encoding in ENCODINGS:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return csv.reader(io.StringIO(text, newline=""))
    raise _unreadable(path)


def _sheet_lines(path: Path, content: bytes) -> Iterator[list[str]]:
    """Values only; openpyxl reads its XML through defusedxml."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(entry.file_size for entry in archive.infolist()) > LARGEST_UNPACKED:
                raise _unreadable(path)
        if not openpyxl.DEFUSEDXML:  # pragma: no cover — the requirements pin it
            raise _unreadable(path)
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise _unreadable(path) from error
    return ([_cell(value) for value in line] for line in book.worksheets[0].iter_rows(values_only=True))


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


def _table(path: Path, lines: Iterable[list[str]]) -> Table:
    numbered = enumerate(lines, start=1)
    try:
        headers = [header.strip() for header in next(numbered)[1]]
        while headers and not headers[-1]:
            headers.pop()
        twice = sorted({header for header in headers if header and headers.count(header) > 1})
        if twice:
            raise Refused(
                "header_twice",
                _("%(file)s: the column %(names)s stands there twice.")
                % {"file": path.name, "names": ", ".join(twice)},
            )
        rows = [
            (number, dict(zip(headers, (cell.strip()[:LONGEST_CELL] for cell in line), strict=False)))
            for number, line in numbered
            if any(cell.strip() for cell in line)
        ]
    except StopIteration:
        raise Refused("file_empty", _("%(file)s is empty.") % {"file": path.name}) from None
    except csv.Error as error:
        raise _unreadable(path) from error
    return Table(headers, [(number, {name: row.get(name, "") for name in headers}) for number, row in rows])


def _unreadable(path: Path) -> Refused:
    return Refused(
        "file_unreadable",
        _("%(file)s cannot be read as a table. Save it as XLSX, or as CSV in UTF-8.") % {"file": path.name},
    )
