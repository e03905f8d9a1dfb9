"""A copy of the file with one more column: what was found in each row and what to do."""

from __future__ import annotations

import csv
from collections import defaultdict
from pathlib import Path

import openpyxl
from django.utils.translation import gettext as _

from households.imports.checking import ReadHousehold
from households.imports.reading import Table

FORMULA = ("=", "@", "\t", "\r")


def write_annotated(path: Path, table: Table, households: list[ReadHousehold]) -> None:
    """CSV or XLSX after the ending of `path`; a cell never begins a formula."""
    found: dict[int, list[str]] = defaultdict(list)
    for household in households:
        for finding in household.findings:
            found[finding.line].append(finding.told(kept_out=household.faulty))
    lines = [[*table.headers, _("What was found")]]
    lines += [
        [*(harmless(row[name]) for name in table.headers), " ".join(found[number])]
        for number, row in table.rows
    ]
    if path.suffix.lower() == ".xlsx":
        book = openpyxl.Workbook(write_only=True)
        sheet = book.create_sheet()
        for line in lines:
            sheet.append(line)
        book.save(path)
        return
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        csv.writer(file).writerows(lines)


def harmless(text: str) -> str:
    """A cell that a spreadsheet shows and does not run."""
    return f"'{text}" if text.startswith(FORMULA) else text
