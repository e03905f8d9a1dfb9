"""A village table with seeded faults: one of every kind in turn, each with the line, column and code it must get."""

from __future__ import annotations

import csv
import io
import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from common.identity import resident_id_check_digit
from tests.cast import AT

VILLAGES = ("990101100201", "990101100202", "990101101201", "990101200201")
RETIRED = "110103001201"  # a district that was merged into another in 2010
NOWHERE = "990199100201"
HEADERS = [
    "户编号", "行政区划代码", "村民小组", "家庭地址", "联系电话", "户类型", "识别标准",
    "主要致贫原因", "其他致贫原因一", "其他致贫原因二", "姓名", "与户主关系", "性别", "证件类型", "证件号码",
    "出生日期", "民族", "文化程度", "在校生状况", "健康状况", "残疾类别", "残疾等级",
    "劳动能力", "务工所在地", "务工月数", "医疗保险", "住房不安全", "饮水不安全",
]  # fmt: skip
Line = dict[str, str]
PHONES = ["13800001234", "138 0000 1234", "+86 13912345678", "0951-5012345", ""]
NAMES = ["王秀兰", "李强", "阿卜杜拉·买买提", "扎西", "赵", "欧阳建国", "刘桂花", "孙小梅"]


@dataclass(frozen=True)
class Seeded:
    """What one fault must be called: the lines it stands on, the column, the code."""

    kind: str
    lines: tuple[int, ...]
    column: str
    code: str
    keeps_out: bool = True


@dataclass
class Village:
    lines: list[Line]
    seeded: list[Seeded]

    def as_csv(self) -> bytes:
        buffer = io.StringIO()
        writer = csv.DictWriter(buffer, HEADERS)
        writer.writeheader()
        writer.writerows(self.lines)
        return buffer.getvalue().encode()


def sound_household(key: int, random_: random.Random) -> list[Line]:
    """Three or four people nobody can find fault with."""
    shared = {"户编号": str(key), "行政区划代码": random_.choice(VILLAGES)}
    head = shared | {
        "联系电话": random_.choice(PHONES),
        "户类型": "最低生活保障对象",
        "识别标准": "国家标准",
        "主要致贫原因": "因病",
        "与户主关系": "户主",
        "住房不安全": random_.choice(["是", "否", ""]),
        "村民小组": "二组",
        "家庭地址": "村东头",
    }
    people = [head, shared | {"与户主关系": "配偶"}, shared | {"与户主关系": "之子"}]
    people += [shared | {"与户主关系": "之母"}] if random_.random() < 0.25 else []
    for place, person in enumerate(people):
        male = place != 1 and person["与户主关系"] != "之母"
        order = key * 5 + place
        person |= {"姓名": random_.choice(NAMES), "性别": "男" if male else "女", "民族": "汉族"}
        person |= {
            "劳动能力": "普通劳动力",
            "健康状况": random_.choice(["健康", "残疾、长期慢性病", "长期慢性病"]),
        }
        if person["与户主关系"] == "之子":
            person |= {
                "证件类型": "暂无证件",
                "出生日期": "2014-06-01",
                "在校生状况": "小学",
                "劳动能力": "无劳动力",
            }
        else:
            person |= {
                "证件号码": unique_number(order, male=male),
                "证件类型": "居民身份证",
                "文化程度": "小学",
            }
            person |= {"务工所在地": "省外务工", "务工月数": "6"} if random_.random() < 0.3 else {}
            person["医疗保险"] = random_.choice(["城乡居民基本医疗保险", "城镇职工基本医疗保险", ""])
    return [dict.fromkeys(HEADERS, "") | person for person in people]


def unique_number(order: int, *, male: bool) -> str:
    """A number of nobody: its first six digits were never given to a county, and no two orders share one."""
    serial, day = order % 480, order // 480
    born = f"{1950 + day // 336 % 50:04d}{day // 28 % 12 + 1:02d}{day % 28 + 1:02d}"
    seventeen = f"990101{born}{serial * 2 + male:03d}"
    return seventeen + resident_id_check_digit(seventeen)


Spoil = Callable[[list[Line], "Setting"], tuple[list[int], str, str]]


@dataclass
class Setting:
    on_file: str  # a number the register knows


def _cell(place: int, column: str, value: str, code: str) -> Spoil:
    def spoil(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
        rows[place][column] = value
        return [place], column, code

    return spoil


def _check_digit(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
    right = rows[0]["证件号码"]
    rows[0]["证件号码"] = right[:17] + ("0" if right[17] != "0" else "1")
    return [0], "证件号码", "identity"


def _born(text: str, code: str = "identity_birth") -> Spoil:
    def spoil(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
        seventeen = f"990101{text}121"
        rows[0]["证件号码"] = seventeen + resident_id_check_digit(seventeen)
        return [0], "证件号码", code

    return spoil


def _certificate(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
    rows[0]["证件类型"] = "残疾人证"
    return [0], "证件号码", "identity_certificate"


def _on_file(rows: list[Line], setting: Setting) -> tuple[list[int], str, str]:
    rows[1]["证件号码"] = setting.on_file
    return [1], "证件号码", "id_known"


def _twice(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
    rows[1]["证件号码"] = rows[0]["证件号码"].lower()
    rows[1]["性别"] = rows[0]["性别"]
    return [0, 1], "证件号码", "id_twice"


def _two_heads(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
    rows[1]["与户主关系"] = "户主"
    return [1], "与户主关系", "two_heads"


def _no_head(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
    rows[0]["与户主关系"] = "之父"
    return [0], "与户主关系", "no_head"


def _place(code: str, found: str) -> Spoil:
    def spoil(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
        for row in rows:
            row["行政区划代码"] = code
        return [0], "行政区划代码", found

    return spoil


def _cause(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
    rows[0] |= {"主要致贫原因": "", "其他致贫原因一": "因残"}
    return [0], "主要致贫原因", "main_cause_missing"


def _place_alone(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
    rows[0] |= {"务工所在地": "省外务工", "务工月数": ""}
    return [0], "务工月数", "place_and_months"


def _months_alone(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
    rows[0] |= {"务工所在地": "", "务工月数": "3"}
    return [0], "务工所在地", "place_and_months"


def _both_schools(rows: list[Line], _setting: Setting) -> tuple[list[int], str, str]:
    rows[2]["文化程度"] = "小学"
    return [2], "文化程度", "education_and_school"


NOTED = {"no_head", "place_unknown", "place_retired"}  # named, and no reason to keep the family out
TOMORROW = (AT + timedelta(days=1)).date()
KINDS: dict[str, Spoil] = {
    "missing name": _cell(1, "姓名", "", "empty"),
    "missing relation": _cell(1, "与户主关系", "", "empty"),
    "missing key of places": _place("", "area_unreadable"),
    "bad sex": _cell(0, "性别", "未知", "unknown_word"),
    "unknown relation": _cell(2, "与户主关系", "朋友", "unknown_word"),
    "unknown health": _cell(1, "健康状况", "还行", "unknown_word"),
    "unknown standard": _cell(0, "识别标准", "县定标准", "unknown_word"),
    "wrong check digit": _check_digit,
    "birth day that never was": _born("19550230"),
    "birth day still to come": _born(TOMORROW.strftime("%Y%m%d")),
    "first-generation number": _cell(0, "证件号码", "990101550212121", "identity_old"),
    "number too short": _cell(0, "证件号码", "99010119550212", "identity_length"),
    "letter in a number": _cell(0, "证件号码", "99010119550212A21X", "identity_characters"),
    "certificate cut short": _certificate,
    "impossible day": _cell(2, "出生日期", "2014-02-30", "no_day"),
    "day in words": _cell(2, "出生日期", "前年", "no_day"),
    "day still to come": _cell(2, "出生日期", TOMORROW.isoformat(), "day_ahead"),
    "number twice in the file": _twice,
    "number in the register": _on_file,
    "two heads": _two_heads,
    "no head": _no_head,
    "unknown division": _place(NOWHERE, "place_unknown"),
    "division that ended": _place(RETIRED, "place_retired"),
    "place no code": _place("河湾村", "area_unreadable"),
    "months in words": _cell(0, "务工月数", "半年", "no_number"),
    "months below nought": _cell(0, "务工月数", "-1", "work_months"),
    "months over the year": _cell(0, "务工月数", "13", "work_months"),
    "half a month": _cell(0, "务工月数", "1.5", "work_months"),
    "name without end": _cell(0, "姓名", "王" * 61, "too_long"),
    "group without end": _cell(0, "村民小组", "组" * 41, "too_long"),
    "telephone cut short": _cell(0, "联系电话", "1380000", "phone"),
    "place without months": _place_alone,
    "months without place": _months_alone,
    "education and school": _both_schools,
    "healthy and ill": _cell(1, "健康状况", "健康、残疾", "healthy_alone"),
    "two insurances": _cell(0, "医疗保险", "城乡居民基本医疗保险、城镇职工基本医疗保险", "several_answers"),
    "pension for health": _cell(0, "医疗保险", "城乡居民基本养老保险", "unknown_word"),
    "neither yes nor no": _cell(0, "住房不安全", "也许", "not_yes_or_no"),
    "cause without a main one": _cause,
}


def village(*, rows: int, faults: int, on_file: list[str], seed: int = 7) -> Village:
    """About so many rows with exactly so many faults of every kind in turn, spread over the whole file."""
    chance = random.Random(seed)
    kinds = list(KINDS)
    households = [sound_household(key, chance) for key in range(1, rows * 4 // 13 + 1)]
    spoiled = chance.sample(range(len(households)), faults)
    known = iter(on_file)
    lines: list[Line] = []
    seeded: list[Seeded] = []
    kind_of = {place: kinds[order % len(kinds)] for order, place in enumerate(spoiled)}
    for place, household in enumerate(households):
        if (kind := kind_of.get(place)) is not None:
            given = Setting(on_file=next(known) if kind == "number in the register" else "")
            wrong, column, code = KINDS[kind](household, given)
            if kind.startswith("months") or kind == "half a month":
                household[0]["务工所在地"] = household[0]["务工所在地"] or "省外务工"
            if kind == "months without place":
                household[0]["务工所在地"] = ""
            at = tuple(len(lines) + 2 + line for line in wrong)
            seeded.append(Seeded(kind, at, column, code, keeps_out=code not in NOTED))
        lines += household
    return Village(lines, seeded)
