"""One row of a file as a person, and everything that is odd in it: each finding names its column."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from common.exceptions import Refused
from common.identity import birth_date_of, plain_name, sex_of
from households.answers import PersonAnswer
from households.imports.findings import NOTE, Finding
from households.imports.mapping import HouseholdMapping
from households.imports.reading import Row
from households.imports.rules import Unreadable, number
from households.rules import NUMBER_TELLS_BIRTH, checked_person

DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?|(\d{4})(\d{2})(\d{2})")
LONGEST_NAME = 60
MOST_MONTHS = 12
AT_HOME = "home"  # 在家务农: the place of those who do not work away
# What the check of an identity number refused -> what is said about the row.
IDENTITY = {
    "resident_id_old": "identity_old",
    "resident_id_length": "identity_length",
    "resident_id_characters": "identity_characters",
    "resident_id_birth_date": "identity_birth",
    "disability_certificate_shape": "identity_certificate",
    "birth_certificate": "identity_birth_certificate",
}
Say = Callable[..., None]


def read_person(
    line: int, row: Row, mapping: HouseholdMapping, found: list[Finding], *, today: date
) -> tuple[PersonAnswer | None, str | None, str]:
    """The person, or None when the row cannot be read; its relation and checked number also where the rest cannot."""
    before = len(found)

    def say(name: str, code: str, value: str = "", grade: str = "fault") -> None:
        found.append(Finding(line, columns_of(mapping, name), code, value, grade))

    values: dict[str, Any] = {}
    for name, rule in mapping.person.items():
        try:
            values[name] = rule.read(row)
        except Unreadable as fault:
            found.append(Finding(line, fault.column, fault.code, fault.value))
    values["name"] = plain_name(values.get("name", ""))
    for name in ("name", "relation"):
        if name in values and not values[name]:
            say(name, "empty")
    if len(values["name"]) > LONGEST_NAME:
        say("name", "too_long", str(LONGEST_NAME))
    months_stated = bool(values.get("work_months"))
    _read_figures(values, say, today)
    values["health"] = tuple(filter(None, values.get("health", "").split(",")))
    _refuse_together(values, say, months_stated=months_stated)
    if mapping.age_column:
        values |= _born(line, row, mapping, found)
    relation = values.get("relation") or None
    numbered = _numbered(values, say, today)
    person = numbered if _sound(found[before:]) and values["name"] and relation else None
    return person, relation, numbered.id_number if numbered is not None else ""


def columns_of(mapping: HouseholdMapping, name: str) -> str:
    rule = mapping.person.get(name) or mapping.household.get(name)
    return ", ".join(rule.columns) if rule is not None else name


def _sound(found: list[Finding]) -> bool:
    return all(finding.grade == NOTE for finding in found)


def _read_figures(values: dict[str, Any], say: Say, today: date) -> None:
    """The day of birth lies behind us, the months of work within a year."""
    if text := values.pop("birth_date", ""):
        try:
            values["birth_date"], values["birth_precision"] = _day(text), "day"
        except ValueError:
            say("birth_date", "no_day", text)
        else:
            if values["birth_date"] > today:
                say("birth_date", "day_ahead", text)
    if text := values.pop("work_months", ""):
        try:
            months = float(text)
        except ValueError:
            say("work_months", "no_number", text)
        else:
            if months.is_integer() and 0 <= months <= MOST_MONTHS:
                values["work_months"] = int(months)
            else:
                say("work_months", "work_months", text)


def _day(text: str) -> date:
    found = DAY.fullmatch(text)
    if found is None:
        raise ValueError(text)
    year, month, day = (int(part) for part in found.groups() if part)
    return date(year, month, day)


def _refuse_together(values: dict[str, Any], say: Say, *, months_stated: bool) -> None:
    """Answers that exclude each other (domain §2.1, §2.9 EDU-01, LAB-03)."""
    if values.get("education") and values.get("student_status"):
        say("education", "education_and_school")
    if "healthy" in values["health"] and len(values["health"]) > 1:
        say("health", "healthy_alone")
    if "work_place" not in values:  # no such column, or a word nobody knows
        return
    place = values["work_place"]
    if values.get("work_months") and not place:
        say("work_place", "place_and_months")
    if place and place != AT_HOME and not months_stated:
        say("work_months", "place_and_months")


def _born(line: int, row: Row, mapping: HouseholdMapping, found: list[Finding]) -> dict[str, Any]:
    """A stated age gives the year of birth and no more."""
    try:
        age = number(row, mapping.age_column)
    except Unreadable as fault:
        found.append(Finding(line, fault.column, fault.code, fault.value))
        return {}
    if age is None or not mapping.year:
        return {}
    return {"birth_date": date(mapping.year - int(age), 1, 1), "birth_precision": "year"}


def _numbered(values: dict[str, Any], say: Say, today: date) -> PersonAnswer | None:
    """The person with a checked number; what row and number say differently is noted, and the number counts."""
    stated = {**values, "relation": values.get("relation", "")}
    try:
        person = checked_person(PersonAnswer(**stated), today=today)
    except Refused as refused:
        say("id_number", IDENTITY.get(refused.code, "identity"))
        return None
    if not person.id_number or person.id_kind not in NUMBER_TELLS_BIRTH:
        return person
    if values.get("birth_date") and values["birth_date"] != birth_date_of(person.id_number):
        say("birth_date", "birth_differs", grade=NOTE)
    if person.sex != sex_of(person.id_number):
        say("sex", "sex_differs", grade=NOTE)
    return person
