"""What the register records that a card can ask about: one answer a household, None for what is not known."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext_lazy as _

from households.cards.card import COUNTED, MEASURED, YES_NO, Answer, Card, Result
from households.models import Household, HouseholdYear, Member

CHILD, ELDER, GROWN = 16, 60, 16
WORKING = frozenset({"ordinary", "skilled", "weak"})
ILL = frozenset({"chronic", "serious", "disabled", "frail"})
YEARS_OF_SCHOOL = {
    "illiterate": 0, "primary": 6, "junior": 9, "senior": 12, "college": 15, "college_or_above": 15, "bachelor": 16,
    "above_college": 16,
}  # fmt: skip


@dataclass(frozen=True)
class File:
    """What is known of one household on one day: its living members and the facts of its newest year."""

    members: list[Member]
    year: HouseholdYear | None
    on: date


@dataclass(frozen=True)
class Fact:
    label: Any
    kind: str
    read: Callable[[File], Answer]


def _count(members: list[Member], says: Callable[[Member], bool | None]) -> Answer:
    """How many say yes; one who is not known leaves the number open."""
    said = [says(member) for member in members]
    return None if not said or None in said else float(sum(map(bool, said)))


def _aged(file: File, fits: Callable[[int], bool]) -> Answer:
    def says(member: Member) -> bool | None:
        age = member.age_on(file.on)
        return None if age is None else fits(age)

    return _count(file.members, says)


def _health(member: Member, states: frozenset[str]) -> bool | None:
    return bool(states.intersection(member.health)) if member.health else None


def _best_schooling(file: File) -> Answer:
    """The most years of school of a grown-up; one of whom it is not known leaves it open."""
    grown = [member for member in file.members if (member.age_on(file.on) or 0) >= GROWN]
    years = [YEARS_OF_SCHOOL.get(member.education) for member in grown if not member.student_status]
    known = [one for one in years if one is not None]
    return float(max(known)) if known and len(known) == len(years) else None


def _of_year(name: str) -> Callable[[File], Answer]:
    def read(file: File) -> Answer:
        value = None if file.year is None else getattr(file.year, name)
        return None if value is None else float(value)

    return read


def _yearly(name: str, label: Any) -> tuple[str, Fact]:
    return name, Fact(label, YES_NO, _of_year(name))


FACTS: Mapping[str, Fact] = {
    "household_size": Fact(_("people in the family"), COUNTED, lambda file: _count(file.members, lambda _m: True)),
    "children": Fact(_("children under 16"), COUNTED, lambda file: _aged(file, lambda age: age < CHILD)),
    "elders": Fact(_("people of 60 and older"), COUNTED, lambda file: _aged(file, lambda age: age >= ELDER)),
    "ill_or_disabled": Fact(
        _("people who are ill or live with a disability"), COUNTED,
        lambda file: _count(file.members, lambda member: _health(member, ILL)),
    ),
    "disabled": Fact(
        _("people who live with a disability"), COUNTED,
        lambda file: _count(file.members, lambda member: _health(member, frozenset({"disabled"}))),
    ),
    "able_to_work": Fact(
        _("people able to work"), COUNTED,
        lambda file: _count(file.members, lambda member: member.labour in WORKING if member.labour else None),
    ),
    "best_schooling": Fact(_("most years of school of a grown-up"), COUNTED, _best_schooling),
    "per_capita": Fact(_("net income per head in yuan"), MEASURED, _of_year("per_capita")),
    **dict(
        [
            _yearly("below_line", _("income below the line")),
            _yearly("adult_schooling", _("no adult finished nine years of school")),
            _yearly("out_of_school", _("child out of school")),
            _yearly("illness_burden", _("serious illness or lost labour")),
            _yearly("uninsured", _("somebody without medical insurance")),
            _yearly("housing_unsafe", _("unsafe housing")),
            _yearly("water_unsafe", _("unsafe or difficult water")),
            _yearly("no_sanitary_toilet", _("no sanitary toilet")),
            _yearly("solid_fuel", _("wood, dung or coal as fuel")),
            _yearly("few_assets", _("few durable goods")),
        ]
    ),
}  # fmt: skip


def file_of(household: Household, on: date) -> File:
    """The household as the register has it on the day."""
    members = [member for member in household.members.all() if member.live]
    return File(members, household.years.order_by("-year").first(), on)


def score_of(card: Card, file: File) -> Result:
    """The card's points from recorded facts; an indicator the register does not know is unknown, never 0."""
    answers = {one.name: FACTS[one.fact].read(file) if one.fact in FACTS else None for one in card.indicators}
    return card.score(answers)
