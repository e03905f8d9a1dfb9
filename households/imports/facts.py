"""Yearly facts of a household out of its rows; what a file does not say stays not known."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

from households.imports.mapping import Deprivation
from households.imports.reading import Row
from households.imports.rules import Unreadable, number, yes_or_no

Rows = list[tuple[int, Row]]


class Deriving(Protocol):
    """The part of a mapping that facts follow from."""

    @property
    def age_column(self) -> str: ...

    @property
    def deprivations(self) -> tuple[Deprivation, ...]: ...


def derive(mapping: Deriving, rows: Rows, speaker: Row, differing: Iterable[str]) -> dict[str, bool | None]:
    """Every fact the mapping names; one that rests on answers that differ is not known."""
    doubtful = set(differing)
    return {
        rule.name: None if rule.column in doubtful else _one(rule, mapping, rows, speaker)
        for rule in mapping.deprivations
    }


def _one(rule: Deprivation, mapping: Deriving, rows: Rows, speaker: Row) -> bool | None:
    if rule.all_below is not None:
        return _all_below(rule, mapping, rows)
    if rule.anybody:
        return _any(yes_or_no(row, rule.anybody) for _line, row in rows)
    if rule.map:
        word = speaker[rule.column]
        if word and word not in rule.map:
            raise Unreadable(rule.column, "unknown_word", word)
        return rule.map.get(word)
    answers = [yes_or_no(speaker, column) for column in rule.any_of]
    if rule.at_most is None:
        return _any(answers)
    return None if None in answers else answers.count(True) <= rule.at_most


def _any(answers: Iterable[bool | None]) -> bool | None:
    """One yes is enough; without any, one that is not known leaves it open."""
    known = list(answers)
    if True in known:
        return True
    return None if None in known or not known else False


def _all_below(rule: Deprivation, mapping: Deriving, rows: Rows) -> bool | None:
    """Every grown-up stands below; a household without grown-ups has nobody to ask."""
    values: list[float | None] = []
    for _line, row in rows:
        age = number(row, mapping.age_column)
        if age is not None and age >= rule.age_from:
            values.append(number(row, rule.column))
    if any(value is not None and value >= (rule.all_below or 0) for value in values):
        return False
    return None if None in values or not values else True
