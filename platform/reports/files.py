"""Writing a report as xlsx or csv: text stays text, formulas stay harmless, definitions on their own sheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from unicodedata import east_asian_width

from django.utils.translation import pgettext
from rustpy_xlsxwriter import Format, write_worksheets

from common.clock import SHANGHAI
from reports.registry import Kind
from reports.totals import Totals

FOOT = 250
FIRST_ROWS = 200  # that say how wide a column is
NARROWEST, HEADING, WIDEST = 6, 14, 42  # a longer heading breaks into lines; a longer cell stays one
DEFINED = [24.0, 100.0]

# A cell that begins so would be run by a spreadsheet (CSV injection).
DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "\x00", "＝", "＋", "－", "＠")


def harmless(value: Any) -> Any:
    """Text that a spreadsheet will not run; everything else as it is."""
    if not isinstance(value, str):
        return value
    text = value.replace("\x00", "")
    return f"'{text}" if text.startswith(DANGEROUS) or text.lstrip().startswith(DANGEROUS) else text


def shown(value: Any) -> Any:
    """Days as 2026-11-23, moments as the day in Asia/Shanghai, empty for what is not known: never 0."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return value if isinstance(value, int | Decimal) else harmless(str(value))


def _number(value: Any) -> Any:
    """What a spreadsheet can count with."""
    return float(value) if isinstance(value, Decimal) else value


def write_csv(kind: Kind, rows: Iterable[tuple[Any, ...]], notes: list[tuple[str, str]]) -> tuple[bytes, int]:
    """UTF-8 with BOM, as office programs expect; the notes follow the table."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([str(heading) for heading in kind.columns])
    totals = Totals(kind)
    for row in totals.under(rows):
        writer.writerow([shown(value) for value in row])
    writer.writerow([])
    writer.writerows([harmless(label), harmless(text)] for label, text in notes)
    return out.getvalue().encode("utf-8-sig"), totals.count


def write_xlsx(
    kind: Kind, rows: Iterable[tuple[Any, ...]], notes: list[tuple[str, str]]
) -> tuple[bytes, int]:
    """One sheet of rows with a frozen heading, one sheet of definitions; numbers are numbers, identifiers text.

    The last note, who asked for it and what for, stands at the foot of every printed page.
    """
    headings = [str(heading) for heading in kind.columns]
    totals = Totals(kind)
    records = [dict(zip(headings, map(_number, map(shown, row)), strict=True)) for row in totals.under(rows)]
    body = records or [dict.fromkeys(headings, "")]
    definitions = pgettext("report", "Definitions")
    term = pgettext("report", "Term")
    explained = [{term: harmless(label), definitions: harmless(text)} for label, text in notes]
    with TemporaryDirectory() as folder:
        path = Path(folder) / "report.xlsx"
        title = str(kind.title)[:28]
        write_worksheets(
            [(title, body), (definitions, explained)],
            str(path),
            column_widths={title: _widths(headings, body), definitions: DEFINED},
            column_formats={definitions: {term: _wrapped(), definitions: _wrapped()}},
            header_format={sheet: _wrapped().set_bold() for sheet in (title, definitions)},
            freeze_panes={"general": {"row": 1, "col": 0}},
            page_setup={sheet: {"footer": _foot(notes)} for sheet in (title, definitions)},
        )
        return path.read_bytes(), totals.count


def _widths(headings: list[str], rows: list[dict[str, Any]]) -> list[float]:
    """Wide enough for what stands in the first rows; Chinese characters take two places."""
    widest = {name: max(_places(row[name]) for row in rows[:FIRST_ROWS]) for name in headings}
    return [2.0 + min(max(NARROWEST, min(_places(name), HEADING), widest[name]), WIDEST) for name in headings]


def _places(value: Any) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in str(value))


def _wrapped() -> Format:
    return Format().set_text_wrap().set_align("top")


def _foot(notes: list[tuple[str, str]]) -> str:
    """In a footer “&” begins a command and is left out; there is room for 255 characters."""
    return "&C" + notes[-1][1].replace("&", " ")[:FOOT]
