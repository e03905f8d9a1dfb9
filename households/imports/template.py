"""The official table as a workbook to fill in: its columns, its drop-downs, what to write, and its version."""

from __future__ import annotations

import io
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from django.utils.translation import override
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from households.imports.mapping import SHIPPED, load_mapping, mark_of
from reference.queries import choices

PLACE = Path(__file__).parent / "template.toml"
OFFICIAL = "official"
TABLE, HOW, LISTS = "填报表", "填写说明", "选项"
MUST, MAY = PatternFill("solid", fgColor="F4D9C6"), PatternFill("solid", fgColor="EFEFEF")
TEXT = "@"  # eighteen digits stay eighteen digits
YES_NO = ["是", "否"]
MONTHS = "务工月数"
WIDE, NARROW = 22, 14


def template_name() -> str:
    return f"求助家庭登记表-{version_mark()}.xlsx"


def version_mark() -> str:
    """What stands over the last, empty column, and travels with every copy of the table."""
    return mark_of(load_mapping(Path(OFFICIAL)).version)


def template_book() -> bytes:
    """The newest version, with today's code lists in its drop-downs; always Chinese, like the table itself."""
    plain = tomllib.loads(PLACE.read_text(encoding="utf-8"))
    with override("zh-hans"):
        lists = _lists()
    book = openpyxl.Workbook()
    table: Worksheet = book.active
    table.title = TABLE
    options = book.create_sheet(LISTS)
    for place, column in enumerate(plain["column"], start=1):
        letter = get_column_letter(place)
        head = table.cell(1, place, column["name"])
        head.fill, head.font = (MUST if column.get("must") else MAY), Font(bold=True)
        head.alignment = Alignment(wrap_text=True, vertical="center")
        table.column_dimensions[letter].width = WIDE if column.get("must") else NARROW
        table.column_dimensions[letter].number_format = TEXT
        if column["name"] in lists:
            _offer(table, options, letter, column["name"], lists[column["name"]], plain["rows"])
        elif column["name"] == MONTHS:
            _months(table, letter, plain["rows"])
    table.cell(1, len(plain["column"]) + 1, version_mark()).fill = MAY
    table.freeze_panes = "A2"
    _explain(book.create_sheet(HOW, 1), plain)
    options.sheet_state = "hidden"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _lists() -> dict[str, tuple[list[str], bool]]:
    """Column -> the words it takes, and whether several of them may stand in one cell."""
    plain = tomllib.loads((SHIPPED / f"{OFFICIAL}.toml").read_text(encoding="utf-8"))
    found = {}
    for spec in [*plain["household"].values(), *plain["person"].values()]:
        if isinstance(spec, Mapping) and "codes" in spec:
            only = spec.get("only")
            words = [label for slug, label in choices(spec["codes"]) if only is None or slug in only]
            found[spec["column"]] = (words, bool(spec.get("many")))
    for fact in plain["deprivation"].values():
        found |= dict.fromkeys(fact["any_of"], (YES_NO, False))
    return found


def _offer(
    table: Worksheet,
    options: Worksheet,
    letter: str,
    name: str,
    offered: tuple[list[str], bool],
    rows: int,
) -> None:
    """A drop-down; where several words may stand together it offers and does not insist."""
    words, many = offered
    place = options.max_column + 1
    for row, word in enumerate([name, *words], start=1):
        options.cell(row, place, word)
    source = get_column_letter(place)
    allowed = DataValidation(
        type="list", formula1=f"{LISTS}!${source}$2:${source}${len(words) + 1}", allow_blank=True
    )
    allowed.showErrorMessage = not many
    allowed.error, allowed.errorTitle = "请从下拉框中选一项，或者空着。", name
    allowed.add(f"{letter}2:{letter}{rows + 1}")
    table.add_data_validation(allowed)


def _months(table: Worksheet, letter: str, rows: int) -> None:
    allowed = DataValidation(type="whole", operator="between", formula1="0", formula2="12", allow_blank=True)
    allowed.showErrorMessage = True
    allowed.error, allowed.errorTitle = "写 0 到 12 的整数，或者空着。", MONTHS
    allowed.add(f"{letter}2:{letter}{rows + 1}")
    table.add_data_validation(allowed)


def _explain(sheet: Worksheet, plain: dict[str, Any]) -> None:
    sheet.column_dimensions["A"].width, sheet.column_dimensions["B"].width = 20, 8
    sheet.column_dimensions["C"].width = 90
    sheet.append([f"求助家庭登记表（{version_mark()}）填写说明"])
    sheet["A1"].font = Font(bold=True, size=14)
    for number, line in enumerate(plain["intro"], start=1):
        sheet.append([f"{number}. {line}"])
        sheet.merge_cells(start_row=sheet.max_row, end_row=sheet.max_row, start_column=1, end_column=3)
        sheet.cell(sheet.max_row, 1).alignment = Alignment(wrap_text=True, vertical="top")
        sheet.row_dimensions[sheet.max_row].height = 36
    sheet.append([])
    sheet.append(["列", "必填", "怎么填"])
    for cell in sheet[sheet.max_row]:
        cell.font = Font(bold=True)
    for column in plain["column"]:
        sheet.append([column["name"], "必填" if column.get("must") else "", column["say"]])
