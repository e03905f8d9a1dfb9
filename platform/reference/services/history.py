"""Loading the history of county, prefecture and province codes (GB/T 2260 since 1981)."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from reference.enums import LENGTHS, Level
from reference.models import Division
from reference.services.tables import Line, Table
from reference.services.upsert import Tally, upsert

HEADERS = frozenset(
    {"代码", "一级行政区", "二级行政区", "名称", "级别", "状态", "启用时间", "变更/弃用时间", "新代码"}
)
LEVELS = {"省级": Level.PROVINCE, "地级": Level.PREFECTURE, "县级": Level.COUNTY}
SUCCESSOR = re.compile(r"(\d{6})(?:\[(\d{4})\])?")


@dataclass(frozen=True)
class Past:
    """One record: a code in one period. Codes of provinces and prefectures are cut to their own length."""

    level: Level
    code: str
    name: str
    start: int
    end: int | None
    successors: list[dict[str, Any]]


def load_history(table: Table) -> Tally:
    """Ended codes become rows of their own; codes in force lend their start and partial transfers to today's row.

    Codes in force that today's edition does not state (Hong Kong, Macao, Taiwan, four newer counties) are left out.
    """
    records = [_record(line) for line in table.lines()]
    ended = [record for record in records if record.end is not None]
    derived = _through_counties(records)
    rows = [
        Division(
            level=record.level,
            code=record.code,
            edition=f"gb{record.start}",
            name=record.name,
            valid_from=date(record.start, 1, 1),
            valid_to=date(record.end or record.start, 1, 1),
            successors=record.successors or derived.get((record.code, record.end), []),
        )
        for record in ended
    ]
    fields = ("name", "valid_from", "valid_to", "successors")
    tally = upsert(
        Division.objects.ended().filter(edition__startswith="gb"),
        rows,
        key=("level", "code", "edition"),
        fields=fields,
    )
    today = Division.objects.current().filter(level__lte=Level.COUNTY)
    current = set(today.values_list("code", flat=True))
    in_force = [
        Division(code=record.code, valid_from=date(record.start, 1, 1), successors=record.successors)
        for record in records
        if record.end is None and record.code in current
    ]
    tally += upsert(today, in_force, key=("code",), fields=("valid_from", "successors"))
    return tally


def _record(line: Line) -> Past:
    level = LEVELS.get(line["级别"])
    code = line["代码"]
    if level is None or not re.fullmatch(r"\d{6}", code):
        raise line.refuse(
            _("“%(code)s” is not a six-digit code of a province, prefecture or county.") % {"code": code}
        )
    end = line.whole("变更/弃用时间") if line["状态"] != "在用" else None
    successors = [
        {"code": found[1], "year": int(found[2]) if found[2] else end}
        for found in SUCCESSOR.finditer(line["新代码"])
    ]
    return Past(level, code[: LENGTHS[level]], line["名称"], line.whole("启用时间"), end, successors)


def _through_counties(records: list[Past]) -> dict[tuple[str, int | None], list[dict[str, Any]]]:
    """The source names none for 200 ended prefectures: theirs are those of the counties that left with them.

    Where no county left, the prefecture was renamed and its code goes on.
    """
    found: dict[tuple[str, int | None], set[str]] = defaultdict(set)
    starts = {(record.code, record.start) for record in records}
    for record in records:
        if record.level == Level.COUNTY and record.end:
            last = (step["code"][:4] for step in record.successors if step["year"] == record.end)
            found[record.code[:4], record.end].update(code for code in last if code != record.code[:4])
    for record in records:
        key = (record.code, record.end)
        if record.level == Level.PREFECTURE and not found[key] and key in starts:
            found[key] = {record.code}
    return {key: [{"code": code, "year": key[1]} for code in sorted(codes)] for key, codes in found.items()}
