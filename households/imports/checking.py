"""What stands in each row and each household, and what is wrong with it, in words a person can act on."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from common.crypto import blind_indexes
from common.exceptions import Refused
from common.identity import holder_of
from households.answers import PersonAnswer
from households.imports.facts import derive
from households.imports.mapping import HouseholdMapping
from households.imports.reading import Row, Table
from households.imports.rules import Unreadable, number
from households.models import Household, Member
from households.rules import CLASSIFIED, checked_person
from reference.coding import level_of

CHUNK = 500  # parameters of one IN
COUNTY = 6  # digits
PREFIXES = (12, 9, 6, 4, 2)
SHOWN = 5  # answers named where a household differs within itself
FAULT, NOTE, WAIT = "fault", "note", "wait"
INCOMPLETE = frozenset({"no_head", "no_category", "no_standard"})
ELSEWHERE = "id_elsewhere"  # never told to whoever looks after one of the two places alone


@dataclass(frozen=True)
class Finding:
    """One thing about one row: a fault keeps the household out, a note comes with it, a wait holds it back."""

    line: int
    column: str
    code: str
    value: str = ""
    grade: str = FAULT
    household: str = ""

    def as_json(self) -> dict[str, Any]:
        return {"line": self.line, "column": self.column, "code": self.code, "value": self.value}

    @property
    def words(self) -> str:
        """Where, what, and what to do."""
        return self.told()

    def told(self, *, kept_out: bool = False) -> str:
        """The same, also of a household that does not go in."""
        where = _("row %(line)s, column %(column)s") % {"line": self.line, "column": self.column}
        if self.household:
            where = _("household %(key)s, %(where)s") % {"key": self.household, "where": where}
        return f"{where}: {what_to_do(self.code, self.value, kept_out=kept_out)}"


def kind_of_finding(code: str) -> str:
    """The same finding of many rows, without the word of any of them."""
    said = {
        "unknown_word": _("a word that is not on the list. Write one of the words of the template."),
        "several_answers": _("several answers at once. Leave one."),
        "not_yes_or_no": _("neither yes nor no. Write 是 or 否, or leave it empty."),
        "no_number": _("not a number. Write digits, or leave it empty."),
        "no_day": _("not a day. Write it as 2014-06-01, or leave it empty."),
        "area_unreadable": _("no place code of 9 or 12 digits. Look it up in the list of places."),
        "outside_area": _(
            "a place outside the area of whoever sent the file. Leave it to the colleagues there."
        ),
        "disagrees": _("the answers within one household differ. The fact counts as not known."),
        "left_out": _("a supervisor left the household out."),
        "no_head": _("nobody is head of the household. Name a head."),
        "no_category": _("no category is named. Name it in the table or on the file."),
        "no_standard": _("no standard is named. Name it in the table or on the file."),
    }
    return said.get(code) or what_to_do(code, "")


def what_to_do(code: str, value: str, *, kept_out: bool = False) -> str:
    """What was found in a row; that a household is loaded as incomplete is said of those alone that go in."""
    if kept_out and code in INCOMPLETE:
        return kind_of_finding(code)
    said = {
        "unknown_word": _("“%(value)s” is not on the list. Write one of the words of the template."),
        "several_answers": _("several answers at once (%(value)s). Leave one."),
        "not_yes_or_no": _("“%(value)s” is neither yes nor no. Write 是 or 否, or leave it empty."),
        "no_number": _("“%(value)s” is no number. Write digits, or leave it empty."),
        "no_day": _("“%(value)s” is no day. Write it as 2014-06-01, or leave it empty."),
        "empty": _("nothing stands here. Fill it in."),
        "area_unreadable": _(
            "“%(value)s” is no place code of 9 or 12 digits. Look it up in the list of places."
        ),
        "outside_area": _(
            "“%(value)s” lies outside the area of whoever sent the file. Leave it to the colleagues there."
        ),
        "identity": _(
            "the identity number does not check out. Compare it with the document, or leave it empty."
        ),
        "id_twice": _("this identity number stands in the file twice. Compare both with the documents."),
        "id_known": _(
            "this identity number already belongs to a file. Leave it empty; a worker will sort it out."
        ),
        ELSEWHERE: _(
            "this identity number belongs to a file elsewhere. The household waits; settle it with the colleagues."
        ),
        "already_on_file": _("this household was imported before and stays as it is."),
        "no_head": _(
            "nobody is head of this household. It is loaded as incomplete; name a head in the file."
        ),
        "no_category": _(
            "no category is named. The file waits as incomplete; name the category here, or enter it on the file."
        ),
        "no_standard": _(
            "no standard is named. The file waits as incomplete; name the standard here, or enter it on the file."
        ),
        "two_heads": _("two people are head of this household. Leave one."),
        "disagrees": _("the answers within this household differ (%(value)s). The fact counts as not known."),
        "education_and_school": _("education and school are both filled in. Leave one."),
        "left_out": _("a supervisor left this household out: %(value)s"),
        "work_months": _("months of work lie between 0 and 12."),
    }
    return said.get(code, code) % {"value": value}


@dataclass
class ReadMember:
    line: int
    row: Row
    person: PersonAnswer


@dataclass
class ReadHousehold:
    """A household of the file, with everything found in it."""

    key: str
    area: str = ""
    members: list[ReadMember] = field(default_factory=list)
    rows: list[tuple[int, Row]] = field(default_factory=list)
    columns: dict[str, str] = field(default_factory=dict)
    facts: dict[str, bool | None] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    above: str | None = None  # the area that holds this family and a file elsewhere with one of its numbers

    @property
    def waits(self) -> bool:
        """Sound by itself, and somebody with a view of both places has to look at it."""
        return self.above is not None

    @property
    def unclassified(self) -> bool:
        return self.has("no_category") or self.has("no_standard")

    @property
    def faulty(self) -> bool:
        return any(finding.grade == FAULT for finding in self.findings)

    @property
    def lines(self) -> list[int]:
        return [line for line, _row in self.rows]

    @property
    def has_head(self) -> bool:
        return any(member.person.relation == "head" for member in self.members)

    def has(self, code: str) -> bool:
        return any(finding.code == code for finding in self.findings)


def read_households(
    table: Table, mapping: HouseholdMapping, *, with_register: bool = True, within: str = ""
) -> list[ReadHousehold]:
    """Every household of the file in its order, each row read and checked; nothing is stored.

    A file that is in the register already is checked within itself alone: it would find nothing but itself. `within`
    is the area of whoever sends it: a household outside stays out.
    """
    empty = dict.fromkeys(mapping.known, "")
    grouped: dict[str, ReadHousehold] = {}
    for line, cells in table.rows:
        row = {**empty, **cells}
        key = row[mapping.key] or f"row-{line}"
        household = grouped.setdefault(key, ReadHousehold(key))
        household.rows.append((line, row))
        if not row[mapping.key]:
            household.findings.append(Finding(line, mapping.key, "empty"))
        _read_member(household, line, row, mapping)
    households = list(grouped.values())
    for household in households:
        _read_whole(household, mapping, within)
    _check_numbers(households, mapping)
    if with_register:
        check_register(households, mapping, within=within)
    return households


def check_register(households: list[ReadHousehold], mapping: HouseholdMapping, *, within: str) -> None:
    """What the register says to it at this moment: numbers and households that are on file already.

    It is not asked about families outside the sender's area.
    """
    inside = [household for household in households if not household.has("outside_area")]
    _check_known_numbers(inside, mapping, within)
    _check_known(inside, mapping)


def watched_gaps(table: Table, mapping: HouseholdMapping) -> dict[str, dict[str, int]]:
    """How often a watched column is empty, and how often it says 0: two different things."""
    return {
        column: {
            "missing": sum(not row.get(column) for _line, row in table.rows),
            "zero": sum(_is_zero(row.get(column, "")) for _line, row in table.rows),
        }
        for column in mapping.watched
    }


def _is_zero(text: str) -> bool:
    try:
        return float(text) == 0
    except ValueError:
        return False


def _read_member(household: ReadHousehold, line: int, row: Row, mapping: HouseholdMapping) -> None:
    values: dict[str, Any] = {}
    for name, rule in mapping.person.items():
        try:
            values[name] = rule.read(row)
        except Unreadable as fault:
            household.findings.append(Finding(line, fault.column, fault.code, fault.value))
    for name in ("name", "relation"):
        if name in values and not values[name]:
            household.findings.append(Finding(line, ", ".join(mapping.person[name].columns), "empty"))
    person = _person(household, line, row, values, mapping)
    if person is not None:
        household.members.append(ReadMember(line, row, person))


def _person(
    household: ReadHousehold, line: int, row: Row, values: dict[str, Any], mapping: HouseholdMapping
) -> PersonAnswer | None:
    """The person as an answer, or None when the row cannot be read."""
    before = len(household.findings)
    values["health"] = tuple(filter(None, values.get("health", "").split(",")))
    if values.get("education") and values.get("student_status"):
        household.findings.append(Finding(line, _columns(mapping, "education"), "education_and_school"))
    for name, read in (("birth_date", _day), ("work_months", _months)):
        text = values.pop(name, "")
        if text:
            try:
                values[name] = read(text)
            except ValueError:
                code = "no_day" if name == "birth_date" else "work_months"
                household.findings.append(Finding(line, _columns(mapping, name), code, text))
    if values.get("birth_date"):
        values["birth_precision"] = "day"
    if mapping.age_column:
        values |= _born(household, line, row, mapping)
    if len(household.findings) > before or not values.get("name") or "relation" not in values:
        return None
    try:
        return checked_person(PersonAnswer(**values))
    except Refused:
        household.findings.append(Finding(line, _columns(mapping, "id_number"), "identity"))
        return None


def _born(household: ReadHousehold, line: int, row: Row, mapping: HouseholdMapping) -> dict[str, Any]:
    """A stated age gives the year of birth and no more."""
    try:
        age = number(row, mapping.age_column)
    except Unreadable as fault:
        household.findings.append(Finding(line, fault.column, fault.code, fault.value))
        return {}
    if age is None or not mapping.year:
        return {}
    return {"birth_date": date(mapping.year - int(age), 1, 1), "birth_precision": "year"}


def _day(text: str) -> date:
    return date.fromisoformat(text.replace("/", "-").replace(".", "-"))


def _months(text: str) -> int:
    months = int(text)
    if not 0 <= months <= 12:
        raise ValueError(text)
    return months


def _columns(mapping: HouseholdMapping, name: str) -> str:
    rule = mapping.person.get(name)
    return ", ".join(rule.columns) if rule is not None else name


def _read_whole(household: ReadHousehold, mapping: HouseholdMapping, within: str) -> None:
    """What holds for the household: its place, its head, answers that must agree, its facts."""
    heads = [member for member in household.members if member.person.relation == "head"]
    line, speaker = (heads[0].line, heads[0].row) if heads else household.rows[0]
    for name, rule in {"area": mapping.area, **mapping.household}.items():
        try:
            household.columns[name] = rule.read(speaker)
        except Unreadable as fault:
            household.findings.append(Finding(line, fault.column, fault.code, fault.value))
    household.area = household.columns.pop("area", "")
    if level_of(household.area) not in {4, 5} or not household.area.isdigit():
        household.findings.append(
            Finding(line, ", ".join(mapping.area.columns), "area_unreadable", household.area)
        )
    elif not household.area.startswith(within):
        household.findings.append(
            Finding(line, ", ".join(mapping.area.columns), "outside_area", household.area)
        )
    if len(heads) > 1:
        household.findings.append(Finding(heads[1].line, _columns(mapping, "relation"), "two_heads"))
    if not heads:
        household.findings.append(
            Finding(line, _columns(mapping, "relation"), "no_head", grade=NOTE, household=household.key)
        )
    if mapping.filed and mapping.classified:
        for name in CLASSIFIED:
            if not household.columns.get(name):
                stated = mapping.household.get(name)
                column = ", ".join(stated.columns) if stated is not None else name
                code = f"no_{name}"
                household.findings.append(Finding(line, column, code, grade=NOTE, household=household.key))
    differing = set()
    for column in mapping.same:
        values = list(dict.fromkeys(row[column] for _line, row in household.rows))
        if len(values) > 1:
            differing.add(column)
            said = ", ".join(values[:SHOWN]) + ("…" if len(values) > SHOWN else "")
            household.findings.append(
                Finding(line, column, "disagrees", said, grade=NOTE, household=household.key)
            )
    try:
        household.facts = derive(mapping, household.rows, speaker, differing)
    except Unreadable as fault:
        household.findings.append(Finding(line, fault.column, fault.code, fault.value))


def _check_numbers(households: Iterable[ReadHousehold], mapping: HouseholdMapping) -> None:
    """One identity number, one person within the file."""
    seen: dict[str, tuple[ReadHousehold, ReadMember]] = {}
    column = _columns(mapping, "id_number")
    for household in households:
        for member in household.members:
            if not member.person.id_number:
                continue
            holder = holder_of(member.person.id_number)
            if holder in seen:
                for twin, who in (seen[holder], (household, member)):
                    twin.findings.append(Finding(who.line, column, "id_twice"))
            seen[holder] = (household, member)


def _check_known_numbers(households: Iterable[ReadHousehold], mapping: HouseholdMapping, within: str) -> None:
    """One identity number, one person in the register; a file beyond the sender's area is not named (decision 0013)."""
    indexes = {
        index: (household, member)
        for household in households
        for member in household.members
        if member.person.id_number
        for index in blind_indexes("resident_id", member.person.id_number)
    }
    column = _columns(mapping, "id_number")
    for part in _parts(list(indexes)):
        known = Member.objects.filter(live=True, id_index__in=part)
        for index, area in known.values_list("id_index", "household__area"):
            household, member = indexes[index]
            if area.startswith(within):
                household.findings.append(Finding(member.line, column, "id_known"))
            else:
                places = [within if household.above is None else household.above, area]
                household.above = common_prefix(places) if all(places) else ""
                household.findings.append(Finding(member.line, column, ELSEWHERE, grade=WAIT))


def _check_known(households: list[ReadHousehold], mapping: HouseholdMapping) -> None:
    """A household imported before stays as it is."""
    by_ref: dict[str, list[ReadHousehold]] = defaultdict(list)
    for household in households:
        by_ref[source_ref(mapping, household)].append(household)
    for part in _parts(list(by_ref)):
        known = Household.objects.filter(source_ref__in=part).values_list("source_ref", flat=True)
        for ref in known:
            for household in by_ref[ref]:
                household.findings.append(
                    Finding(household.rows[0][0], mapping.key, "already_on_file", household.key)
                )


def source_ref(mapping: HouseholdMapping, household: ReadHousehold) -> str:
    """How a household is known again: every county numbers its own families."""
    return f"{mapping.source}:{household.area[:COUNTY]}:{household.key}"[:80]


def _parts(values: list[str]) -> Iterator[list[str]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))


def tally(households: Iterable[ReadHousehold]) -> dict[str, int]:
    """How many findings of each kind, without those not everybody may know of."""
    codes = (finding.code for household in households for finding in household.findings)
    return dict(Counter(code for code in codes if code != ELSEWHERE))


def common_prefix(areas: list[str]) -> str:
    """The smallest division that holds all these places."""
    known = [area for area in areas if area]
    if not known:
        return ""
    first, last = min(known), max(known)
    return next((first[:length] for length in PREFIXES if first[:length] == last[:length]), "")
