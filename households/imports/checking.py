"""What stands in each household and what is wrong with it, some households at a time whatever the size of the file."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from common import clock
from common.crypto import blind_indexes
from common.exceptions import Refused
from common.identity import compact, holder_of
from households.answers import PersonAnswer
from households.imports.facts import derive
from households.imports.findings import ELSEWHERE, FAULT, NOTE, WAIT, Finding
from households.imports.mapping import HouseholdMapping
from households.imports.people import columns_of, read_person
from households.imports.places import Places
from households.imports.reading import Cells, Row, Table
from households.imports.rules import Unreadable
from households.models import Household, Member
from households.rules import CLASSIFIED, readable_phone
from reference.coding import level_of

CHUNK = 500  # parameters of one IN
PART = 500  # households read and checked at a time
COUNTY = 6  # digits
PREFIXES = (12, 9, 6, 4, 2)
SHOWN = 5  # answers named where a household differs within itself
ROOM = {"group": 40, "address": 120}  # characters, as on the desk
LONGEST_KEY = 60
CAUSES = ("cause_main", "cause_second", "cause_third")


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
    relations: dict[int, str | None] = field(
        default_factory=dict
    )  # of each row; None where it cannot be read
    numbers: dict[int, str] = field(default_factory=dict)  # that check out, also of rows with another fault
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


@dataclass(frozen=True)
class Index:
    """What has to be known of a whole file before its first household is judged."""

    rows: dict[str, int]  # of each household
    twice: frozenset[str]  # identity numbers that stand in the file more than once


def index_of(table: Table, mapping: HouseholdMapping) -> Index:
    """Read the file once for its keys and numbers alone."""
    rows: Counter[str] = Counter()
    seen: set[int] = set()
    twice: set[str] = set()
    numbered = columns_of(mapping, "id_number") if "id_number" in mapping.person else ""
    for line, row in table.rows:
        rows[row.get(mapping.key, "") or f"row-{line}"] += 1
        if number := row.get(numbered, ""):
            holder = holder_of(compact(number))
            if hash(holder) in seen:
                twice.add(holder)
            seen.add(hash(holder))
    return Index(rows, frozenset(twice))


def read_households(
    table: Table, mapping: HouseholdMapping, *, with_register: bool = True, within: str = ""
) -> list[ReadHousehold]:
    """Every household of a small table at once."""
    parts = read_parts(table, mapping, index_of(table, mapping), with_register=with_register, within=within)
    return [household for part in parts for household in part]


def read_parts(
    table: Table, mapping: HouseholdMapping, index: Index, *, with_register: bool = True, within: str = ""
) -> Iterator[list[ReadHousehold]]:
    """Every household in the order it is complete, read and checked, some at a time; nothing is stored.

    A file that is in the register already is checked within itself alone: it would find nothing but itself. `within`
    is the area of whoever sends it: a household outside stays out.
    """
    places = Places()
    part: list[ReadHousehold] = []
    for household in _gathered(table, mapping, index):
        part.append(household)
        if len(part) == PART:
            yield _checked(part, mapping, index, places, with_register, within)
            part = []
    if part:
        yield _checked(part, mapping, index, places, with_register, within)


def _gathered(table: Table, mapping: HouseholdMapping, index: Index) -> Iterator[ReadHousehold]:
    """The rows of each household together, wherever in the file they stand."""
    waiting: dict[str, ReadHousehold] = {}
    for line, cells in table.rows:
        row = Cells(cells)
        key = row[mapping.key] or f"row-{line}"
        household = waiting.get(key) or waiting.setdefault(key, ReadHousehold(key))
        household.rows.append((line, row))
        if len(household.rows) == index.rows[key]:
            yield waiting.pop(key)


def _checked(
    part: list[ReadHousehold],
    mapping: HouseholdMapping,
    index: Index,
    places: Places,
    with_register: bool,
    within: str,
) -> list[ReadHousehold]:
    today = clock.today()
    for household in part:
        for line, row in household.rows:
            if not row[mapping.key]:
                household.findings.append(Finding(line, mapping.key, "empty"))
            _read_member(household, line, row, mapping, today)
        _read_whole(household, mapping, within)
        _check_numbers(household, mapping, index.twice)
    _check_places(part, mapping, places)
    if with_register:
        check_register(part, mapping, within=within)
    return part


def check_register(households: list[ReadHousehold], mapping: HouseholdMapping, *, within: str) -> None:
    """What the register says to it at this moment: numbers and households that are on file already.

    It is not asked about families outside the sender's area.
    """
    inside = [household for household in households if not household.has("outside_area")]
    _check_known_numbers(inside, mapping, within)
    _check_known(inside, mapping)


def _read_member(
    household: ReadHousehold, line: int, row: Row, mapping: HouseholdMapping, today: date
) -> None:
    found = household.findings
    person, household.relations[line], number = read_person(line, row, mapping, found, today=today)
    if number:
        household.numbers[line] = number
    if person is not None:
        household.members.append(ReadMember(line, row, person))


def _read_whole(household: ReadHousehold, mapping: HouseholdMapping, within: str) -> None:
    """What holds for the household: its place, its head, answers that must agree, its facts."""
    heads = [line for line, relation in household.relations.items() if relation == "head"]
    rows = dict(household.rows)
    line = heads[0] if heads else household.rows[0][0]
    speaker = rows[line]
    for name, rule in {"area": mapping.area, **mapping.household}.items():
        try:
            household.columns[name] = rule.read(speaker)
        except Unreadable as fault:
            household.findings.append(Finding(line, fault.column, fault.code, fault.value))
    _read_contact(household, line, mapping)
    _read_causes(household, line, mapping)
    household.area = household.columns.pop("area", "")
    if level_of(household.area) not in {4, 5} or not household.area.isdigit():
        household.findings.append(
            Finding(line, ", ".join(mapping.area.columns), "area_unreadable", household.area)
        )
    elif not household.area.startswith(within):
        household.findings.append(
            Finding(line, ", ".join(mapping.area.columns), "outside_area", household.area)
        )
    relation = columns_of(mapping, "relation")
    household.findings += [Finding(second, relation, "two_heads") for second in heads[1:]]
    married = [row for row, stated in household.relations.items() if stated == "spouse"]
    household.findings += [Finding(second, relation, "two_spouses", grade=NOTE) for second in married[1:]]
    if not heads and all(household.relations.values()):
        household.findings.append(Finding(line, relation, "no_head", grade=NOTE, household=household.key))
    if mapping.filed and mapping.classified:
        for name in CLASSIFIED:
            stated = mapping.household.get(name)
            if not household.columns.get(name) and (stated is None or name in household.columns):
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


def _read_contact(household: ReadHousehold, line: int, mapping: HouseholdMapping) -> None:
    """The telephone in the one spelling there is, and nothing longer than there is room for."""
    phone = household.columns.get("phone", "")
    try:
        if phone:
            household.columns["phone"] = readable_phone(phone)
    except Refused:
        household.findings.append(Finding(line, columns_of(mapping, "phone"), "phone", phone))
    for name, most in ROOM.items():
        if len(household.columns.get(name, "")) > most:
            household.findings.append(Finding(line, columns_of(mapping, name), "too_long", str(most)))
    if len(household.key) > LONGEST_KEY:
        household.findings.append(Finding(line, mapping.key, "too_long", str(LONGEST_KEY)))


def _read_causes(household: ReadHousehold, line: int, mapping: HouseholdMapping) -> None:
    """One main cause, at most two others, each named once (domain §2.1)."""
    main, *others = (household.columns.get(name, "") for name in CAUSES)
    if any(others) and not main:
        household.findings.append(Finding(line, columns_of(mapping, CAUSES[0]), "main_cause_missing"))
    named = [cause for cause in (main, *others) if cause]
    if len(named) != len(set(named)):
        household.findings.append(Finding(line, columns_of(mapping, CAUSES[1]), "cause_twice"))


def _check_numbers(household: ReadHousehold, mapping: HouseholdMapping, twice: frozenset[str]) -> None:
    """One identity number, one person within the file."""
    column = columns_of(mapping, "id_number")
    for line, number in household.numbers.items():
        if holder_of(number) in twice:
            household.findings.append(Finding(line, column, "id_twice"))


def _check_places(part: list[ReadHousehold], mapping: HouseholdMapping, places: Places) -> None:
    """A place code on no list, or one that has ended, is a warning."""
    column = ", ".join(mapping.area.columns)
    odd = places.odd(household.area for household in part if level_of(household.area) is not None)
    for household in part:
        if household.area in odd and not household.has("outside_area"):
            code, value = odd[household.area]
            household.findings.append(Finding(household.rows[0][0], column, code, value, NOTE, household.key))


def _check_known_numbers(households: Iterable[ReadHousehold], mapping: HouseholdMapping, within: str) -> None:
    """One identity number, one person in the register; a file beyond the sender's area is not named (decision 0013)."""
    indexes = {
        index: (household, line)
        for household in households
        for line, number in household.numbers.items()
        for index in blind_indexes("resident_id", number)
    }
    column = columns_of(mapping, "id_number")
    for part in _parts(list(indexes)):
        known = Member.objects.filter(live=True, id_index__in=part)
        for index, area in known.values_list("id_index", "household__area"):
            household, line = indexes[index]
            if area.startswith(within):
                household.findings.append(Finding(line, column, "id_known"))
            else:
                places = [within if household.above is None else household.above, area]
                household.above = common_prefix(places) if all(places) else ""
                household.findings.append(Finding(line, column, ELSEWHERE, grade=WAIT))


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
