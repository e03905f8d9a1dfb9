"""The unfitted deprivation score of a labelled table: by the shipped mapping its columns belong to, or as asked for."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from households.cards.card import Answer
from households.cards.tables import TableFault, answers_to
from households.imports.facts import derive
from households.imports.mapping import SHIPPED, Deprivation, shipped_names
from households.imports.reading import Row
from households.imports.rules import Unreadable
from households.measures.alkire_foster import (
    CHINA_DIMENSIONS,
    CHINA_FOUR_DIMENSIONS,
    Scheme,
    scheme_of,
    without,
)

Deprived = list[Mapping[str, bool | None]]
CONDITION = re.compile(r"(?P<name>[^<>=]+?)\s*(?P<how><=|>=|<|>|=)\s*(?P<limit>-?\d+(?:\.\d+)?)")
TESTS: dict[str, Callable[[float, float], bool]] = {
    "<": lambda x, limit: x < limit,
    "<=": lambda x, limit: x <= limit,
    ">": lambda x, limit: x > limit,
    ">=": lambda x, limit: x >= limit,
    "=": lambda x, limit: x == limit,
}


@dataclass(frozen=True)
class Derivations:
    """The part of a mapping that says how yearly facts follow from rows."""

    name: str
    age_column: str
    deprivations: tuple[Deprivation, ...]

    @property
    def columns(self) -> set[str]:
        used = {self.age_column} if any(one.all_below is not None for one in self.deprivations) else set()
        return used.union(
            *({*one.any_of, *filter(None, (one.column, one.anybody))} for one in self.deprivations)
        )


def asked_for(text: str, rows: Sequence[Sequence[Row]]) -> tuple[Deprived, Scheme]:
    """Conditions on questions, each weighing the same: `water`, `rooms<2`, `most.schooling<9`."""
    parts = [part.strip() for part in text.split(",") if part.strip()]
    if len(set(parts)) < len(parts) or not parts:
        raise TableFault("--deprived names nothing, or the same twice")
    columns: dict[str, Sequence[bool | None]] = {}
    for part in parts:
        found = CONDITION.fullmatch(part)
        name, how, limit = (
            (found["name"], found["how"], float(found["limit"])) if found else (part, ">=", 1.0)
        )
        columns[part] = [_holds(answer, TESTS[how], limit, part) for answer in answers_to(name, rows)]
    deprived: Deprived = [
        {part: column[place] for part, column in columns.items()} for place in range(len(rows))
    ]
    return deprived, scheme_of("given", parts)


def _holds(answer: Answer, test: Callable[[float, float], bool], limit: float, part: str) -> bool | None:
    if isinstance(answer, str):
        raise TableFault(f"--deprived {part}: “{answer}” is no number")
    return None if answer is None else test(answer, limit)


def shipped(rows: Sequence[Sequence[Row]], *, label: str) -> tuple[Deprived, Scheme] | None:
    """By the shipped mapping whose columns the table has; never by income, nor by anything the label says."""
    for name in shipped_names():
        rules = _derivations(name, label)
        if rules is not None and rules.columns <= rows[0][0].keys():
            break
    else:
        return None
    deprived: Deprived = []
    for members in rows:
        numbered: list[tuple[int, Row]] = list(enumerate(members, start=1))
        try:
            deprived.append(derive(rules, numbered, members[0], ()))
        except Unreadable as fault:
            raise TableFault(f"column {fault.column}: “{fault.value}” cannot be read") from fault
    asked = {one.name for one in rules.deprivations}
    left_out = [indicator for indicator in CHINA_FOUR_DIMENSIONS.weights if indicator not in asked]
    return deprived, without(CHINA_FOUR_DIMENSIONS, left_out, CHINA_DIMENSIONS)


def _derivations(name: str, label: str) -> Derivations | None:
    plain = tomllib.loads((SHIPPED / f"{name}.toml").read_text(encoding="utf-8"))
    found = []
    for fact, spec in plain.get("deprivation", {}).items():
        given = {**spec, "any_of": tuple(spec.get("any_of", ()))}
        one = Deprivation(fact, **given)
        if fact != "below_line" and label not in {*one.any_of, one.column, one.anybody}:
            found.append(one)
    age = plain.get("year", {}).get("age", "")
    return Derivations(name, age, tuple(found)) if found else None
