"""A copy of the file with one more column: what was found in each row and what to do."""

from __future__ import annotations

import csv
import io
import itertools
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import openpyxl
from django.utils.translation import gettext as _
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

from households.imports.reading import Table

FORMULA = ("=", "@", "\t", "\r")


def write_annotated(path: Path, table: Table, found: Mapping[int, list[str]]) -> None:
    """CSV or XLSX after the ending of `path`; a cell never begins a formula. `found` holds what to say of a row."""
    if path.suffix.lower() == ".xlsx":
        path.write_bytes(annotated_book(table.headers, _annotated(table, found)))
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(itertools.chain([_heading(table.headers)], _annotated(table, found)))


def annotated_book(headers: list[str], lines: Iterable[list[str]]) -> bytes:
    """A sheet of text cells, one a row."""
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    sheet.append(_heading(headers))
    for line in lines:
        sheet.append([ILLEGAL_CHARACTERS_RE.sub("", cell) for cell in line])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _heading(headers: list[str]) -> list[str]:
    return [*headers, _("What was found")]


def _annotated(table: Table, found: Mapping[int, list[str]]) -> Iterator[list[str]]:
    for number, row in table.rows:
        yield [*(harmless(row[name]) for name in table.headers), " ".join(found.get(number, ()))]


def harmless(text: str) -> str:
    """A cell that a spreadsheet shows and does not run."""
    return f"'{text}" if text.startswith(FORMULA) else text
