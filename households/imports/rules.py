"""The small language of mapping files: how a value is read from the columns of a row.

"column"                                      the text of a column
{column = "c", map = {"男" = "male"}}          a word for a word; an empty cell stays empty
{column = "c", codes = "labour"}              a value of a code list, by its slug or its Chinese or English label;
                                              with many = true several of them, with only = ["a", "b"] these alone
{one_of = {c1 = "head", c2 = "spouse"}}       the column among these that says yes
{by = rule, then = {male = "son"}, else = ""} a second look at another value of the same row
{value = "x"}                                 always the same
{join = [rule, rule]}                         one behind the other
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from households.imports.reading import Row
from reference.models import Code

YES = frozenset({"1", "1.0", "是", "yes", "true"})
NO = frozenset({"0", "0.0", "否", "no", "false"})

SEPARATORS = re.compile(r"[、,，;；\s]+")

Read = Callable[[Row], str]


class Unreadable(Exception):
    """A cell that says something the mapping does not know."""

    def __init__(self, column: str, code: str, value: str) -> None:
        super().__init__(code)
        self.column = column
        self.code = code
        self.value = value


class MappingFault(Exception):
    """The mapping file itself is wrong."""


@dataclass(frozen=True)
class Rule:
    """A compiled rule and the columns it reads."""

    read: Read
    columns: tuple[str, ...]


def compile_rule(spec: Any) -> Rule:
    if isinstance(spec, str):
        return Rule(lambda row: row[spec], (spec,))
    if not isinstance(spec, Mapping):
        raise MappingFault(f"{spec!r} is no rule")
    kind = next((name for name in ("one_of", "by", "value", "join", "column") if name in spec), None)
    if kind is None:
        raise MappingFault(f"{dict(spec)!r} is no rule")
    return _COMPILERS[kind](spec)


def _value(spec: Mapping[str, Any]) -> Rule:
    text = str(spec["value"])
    return Rule(lambda row: text, ())


def _column(spec: Mapping[str, Any]) -> Rule:
    column = spec["column"]
    if "codes" in spec:
        known = _labels(spec["codes"])
        if "only" in spec:
            known = {word: slug for word, slug in known.items() if slug in spec["only"]}
    elif "map" in spec:
        known = {str(key): str(value) for key, value in spec["map"].items()}
    else:
        return Rule(lambda row: row[column], (column,))

    def read(row: Row) -> str:
        text = row[column]
        words = (
            [word for word in SEPARATORS.split(text) if word] if spec.get("many") else [text] if text else []
        )
        for word in words:
            if word not in known:
                if len(parts := [part for part in SEPARATORS.split(word) if part in known]) > 1:
                    raise Unreadable(column, "several_answers", "、".join(parts))
                raise Unreadable(column, "unknown_word", word)
        return ",".join(known[word] for word in words)

    return Rule(read, (column,))


def _one_of(spec: Mapping[str, Any]) -> Rule:
    answers: dict[str, str] = {column: str(value) for column, value in spec["one_of"].items()}
    columns = tuple(answers)

    def read(row: Row) -> str:
        chosen = [column for column in columns if yes_or_no(row, column)]
        if len(chosen) > 1:
            raise Unreadable(chosen[1], "several_answers", ", ".join(chosen))
        return answers[chosen[0]] if chosen else ""

    return Rule(read, columns)


def _by(spec: Mapping[str, Any]) -> Rule:
    rule = compile_rule(spec["by"])
    then = {key: compile_rule(inner) for key, inner in spec["then"].items()}
    other = compile_rule(spec["else"]) if "else" in spec else Rule(lambda row: "", ())
    columns = [*rule.columns, *other.columns, *(name for inner in then.values() for name in inner.columns)]
    return Rule(lambda row: then.get(rule.read(row), other).read(row), tuple(dict.fromkeys(columns)))


def _join(spec: Mapping[str, Any]) -> Rule:
    parts = [compile_rule(part) for part in spec["join"]]
    columns = tuple(name for part in parts for name in part.columns)
    return Rule(lambda row: "".join(part.read(row) for part in parts), columns)


_COMPILERS: dict[str, Callable[[Mapping[str, Any]], Rule]] = {
    "value": _value,
    "column": _column,
    "one_of": _one_of,
    "by": _by,
    "join": _join,
}


def yes_or_no(row: Row, column: str) -> bool | None:
    """True, False, or None for an empty cell: not known is never no."""
    text = row[column].lower()
    if text == "":
        return None
    if text in YES:
        return True
    if text in NO:
        return False
    raise Unreadable(column, "not_yes_or_no", row[column])


def number(row: Row, column: str) -> float | None:
    """A number, or None for an empty cell."""
    text = row[column].replace(",", "")
    if text == "":
        return None
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise Unreadable(column, "no_number", row[column])
    return value


def _labels(list_slug: str) -> dict[str, str]:
    """Every way a value of a code list may be written; the newest version wins."""
    known: dict[str, str] = {}
    rows = Code.objects.filter(code_list__slug=list_slug).order_by("code_list__version")
    for slug, zh, en in rows.values_list("slug", "label_zh", "label_en"):
        known |= {slug: slug, zh: slug, en: slug}
    if not known:
        raise MappingFault(f"there is no code list {list_slug!r}")
    return known
