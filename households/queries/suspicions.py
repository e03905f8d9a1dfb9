"""Who in the register may be one person: pairs chosen inside the database, then weighed by the finder."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import combinations
from typing import Any

from django.db import connection, transaction
from django.db.models import F, Q
from django.db.models.functions import Substr

from common.crypto import index_forms
from households.duplicates.comparing import compare
from households.duplicates.fields import FIELDS, UNKNOWN
from households.duplicates.finder import Judge
from households.duplicates.person import Person, person
from households.duplicates.slips import one_slip, two_numbers
from households.enums import ENDED, BirthPrecision
from households.models import Household, Member

COUNTY = 6  # signs of an area code
SMALLEST = 1_000  # people; in a smaller register as many strangers are reckoned with
DRAWN = 1_000  # people of a county, to learn how common a name is, and as many pairs of strangers
FIELDS_READ = (
    "pk",
    "public_id",
    "household_id",
    "household__public_id",
    "household__area",
    "household__phone_index",
    "name",
    "birth_date",
    "birth_precision",
    "id_index",
)
PARTLY_KNOWN = {BirthPrecision.YEAR: "%Y", BirthPrecision.MONTH: "%Y%m"}

SHARED = 60  # people; a telephone of more is the station's own

# A birth date as a number; the one word the two databases say differently.
DAY = {
    "postgresql": "CAST(to_char(m.birth_date, 'YYYYMMDD') AS integer)",
    "sqlite": "CAST(strftime('%%Y%%m%%d', m.birth_date) AS integer)",
}
# A village and two of the three parts of a birth date are one number, so that equal numbers join in one step.
PEOPLE = """
WITH known AS (
  SELECT m.id, m.household_id AS home, CAST(h.area AS bigint) AS area, m.name, h.phone_index AS phone,
         CASE WHEN m.birth_precision IN ('year', 'month') THEN NULL ELSE {day} END AS born
  FROM households_member m JOIN households_household h ON h.id = m.household_id
  WHERE m.live AND h.area LIKE %s AND h.state NOT IN ({ended})
), person AS MATERIALIZED (
  SELECT id, home, area, name, phone, born, substr(name, 1, 1) AS first, substr(name, 2) AS rest FROM known
), part AS MATERIALIZED (
  SELECT id, home, first, rest, area * 10000 AS village,
         born / 10000 - 1800 AS year, born / 100 %% 100 AS month, born %% 100 AS day FROM person WHERE born > 18000000
), keyed AS (
  SELECT id, home, first, rest, village + year * 13 + month AS at FROM part
  UNION ALL SELECT id, home, first, rest, village + 3900 + month * 32 + day FROM part
  UNION ALL SELECT id, home, first, rest, -(village + year * 32 + day) FROM part
)
"""
ALIKE = "(a.first = b.first OR (a.rest = b.rest AND a.rest <> ''))"
TELEPHONE = f"""
SELECT a.id, b.id FROM person a JOIN person b ON a.phone = b.phone AND a.home < b.home
WHERE a.phone IN (SELECT phone FROM person GROUP BY phone HAVING count(*) BETWEEN 2 AND {SHARED})
"""  # noqa: S608 — our words
WITHIN = (
    "SELECT a.id, b.id FROM keyed a JOIN keyed b ON a.at = b.at AND a.home < b.home WHERE "  # noqa: S608 — our words
    + ALIKE,
    "SELECT a.id, b.id FROM person a JOIN person b ON a.name = b.name AND a.born = b.born AND a.home < b.home",
    "SELECT a.id, b.id FROM person a JOIN person b ON a.area = b.area AND a.name = b.name AND a.home <> b.home"
    " WHERE a.born IS NULL",
    f"{TELEPHONE} AND {ALIKE}",
)
ACROSS = (f"{TELEPHONE} AND a.name = b.name AND a.area / 1000000 <> b.area / 1000000",)
# PostgreSQL guesses millions of pairs where there are some hundred, and prepares for them longer than it works.
PLAIN_PLAN = "SET LOCAL jit = off; SET LOCAL enable_mergejoin = off"


@dataclass(frozen=True)
class Suspicion:
    """Two people of two files: who they are, how probable it is that they are one, how every field agrees."""

    people: tuple[str, str]
    homes: tuple[int, int]
    home_ids: tuple[str, str]
    agree: dict[str, int]
    score: float | None = None

    @property
    def pair(self) -> frozenset[str]:
        return frozenset(self.people)

    def as_json(self) -> dict[str, Any]:
        percent = None if self.score is None else round(self.score * 100)
        return {
            "people": list(self.people),
            "homes": list(self.home_ids),
            "agree": self.agree,
            "percent": percent,
        }


def counties_of(area: str) -> list[str]:
    """The parts an area is looked through in; the empty one at the end stands for what lies between them."""
    if len(area) >= COUNTY:
        return [area]
    inside = Household.objects.filter(area__startswith=area).annotate(county=Substr("area", 1, COUNTY))
    return [*inside.order_by("county").values_list("county", flat=True).distinct(), ""]


def candidate_pairs(area: str, *, across: bool = False) -> list[tuple[int, int]]:
    """Numbers of members worth comparing: of one county, or of two that share a telephone and a name.

    Equal keys alone join two people, so that the work grows with the people, not with their pairs.
    """
    day = DAY[connection.vendor]
    ended = ", ".join(f"'{state}'" for state in sorted(ENDED))
    statement = PEOPLE.format(day=day, ended=ended) + " UNION ALL ".join(ACROSS if across else WITHIN)
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(PLAIN_PLAN)
        cursor.execute(statement, [f"{area}%"])
        return sorted({(min(pair), max(pair)) for pair in cursor.fetchall()})


def suspicions(area: str, *, across: bool = False) -> list[Suspicion]:
    """Every pair of an area that the finder holds for one person, and every pair one slip of the pen apart."""
    pairs = candidate_pairs(area, across=across)
    if not pairs:
        return []
    wanted = {number for pair in pairs for number in pair}
    inside = Member.objects.filter(live=True, household__area__startswith=area)
    size = inside.count()
    rows = _rows(wanted)
    drawn = inside.annotate(turn=F("pk") % max(size // DRAWN, 1)).filter(turn=0).exclude(pk__in=wanted)
    others = [] if across else list(drawn.values_list(*FIELDS_READ)[:DRAWN])
    place = {row[0]: index for index, row in enumerate(rows)}
    people = _people([*rows, *others], _both_numbered(pairs, rows, place))
    placed = [(place[one], place[other]) for one, other in pairs]
    judge = Judge(people, [(min(pair), max(pair)) for pair in placed], max(size, SMALLEST), DRAWN)
    found = {pair for pair in judge.grades if one_slip(people[pair[0]], people[pair[1]])}
    for members in judge.groups():
        for one, other in combinations(members, 2):
            if rows[one][2] != rows[other][2] and not two_numbers(people[one], people[other]):
                found.add((one, other))
    return [
        _suspicion(rows[one], rows[other], judge.compared(one, other).straight, judge.score(one, other))
        for one, other in sorted(found)
    ]


def near_people(household: Household, members: Sequence[Member]) -> list[Suspicion]:
    """At intake: people of other files in the village one slip apart, or with the same name at the same telephone."""
    elsewhere = Member.objects.filter(live=True).exclude(household=household)
    elsewhere = elsewhere.exclude(household__state__in=ENDED)
    found = []
    for member in members:
        near: dict[int, tuple[Any, ...]] = {}
        for like in _likes(household, member):
            near.update((row[0], row) for row in elsewhere.filter(like).values_list(*FIELDS_READ))
        if not near:
            continue
        own = tuple(_value(member, household, name) for name in FIELDS_READ)
        this = _person(own, member.id_number)
        numbered = {row[0] for row in near.values() if row[-1]} if own[-1] else set()
        others = _people(list(near.values()), numbered)
        for row, other in zip(near.values(), others, strict=True):
            if one_slip(this, other):
                found.append(_suspicion(*_in_order((own, this), (row, other))))
    return found


def _value(member: Member, household: Household, name: str) -> Any:
    inside, _under, rest = name.partition("household__")
    return getattr(household, rest) if rest else getattr(member, inside)


def _in_order(*sides: tuple[Any, Person]) -> tuple[Any, Any, tuple[int, ...]]:
    """Grades are taken from the older row, as the pass over the register takes them."""
    (one, first), (other, second) = sorted(sides, key=lambda side: side[0][0])
    return one, other, compare(first, second).straight


def _likes(household: Household, member: Member) -> Iterator[Q]:
    """A superset, each part on an index of its own: those of the village, and those of the telephone."""
    alike = Q(name=member.name)
    if born := member.birth_date:
        year, month, day = (
            Q(**{f"birth_date__{part}": getattr(born, part)}) for part in ("year", "month", "day")
        )
        named = Q(name__startswith=member.name[:1]) | Q(name__endswith=member.name[1:] or member.name)
        alike |= named & (year & month | year & day | month & day)
    yield Q(household__area=household.area) & alike
    if household.phone_index:
        yield Q(household__phone_index__in=index_forms(household, "phone_index"), name=member.name)


def _rows(wanted: Iterable[int]) -> list[tuple[Any, ...]]:
    """In the order of the register, in portions both databases take."""
    numbers = sorted(wanted)
    found: list[tuple[Any, ...]] = []
    for start in range(0, len(numbers), 10_000):
        part = Member.objects.filter(pk__in=numbers[start : start + 10_000]).order_by("pk")
        found += part.values_list(*FIELDS_READ)
    return found


def _both_numbered(
    pairs: Iterable[tuple[int, int]], rows: Sequence[tuple[Any, ...]], place: dict[int, int]
) -> set[int]:
    """Members whose identity number is read: it says something only beside another one."""
    has = {row[0] for row in rows if row[-1]}
    return {number for pair in pairs if has.issuperset(pair) for number in pair}


def _people(rows: Sequence[tuple[Any, ...]], numbered: set[int]) -> list[Person]:
    numbers = {
        row.pk: row.id_number for row in Member.objects.filter(pk__in=numbered).only("public_id", "id_number")
    }
    return [_person(row, numbers.get(row[0], "")) for row in rows]


def _person(row: tuple[Any, ...], number: str) -> Person:
    pk, _ref, _home, _home_ref, area, phone, name, born, precision, _index = row
    answers = {"name": name, "birth": _birth(born, precision), "id": number, "place": area}
    return replace(person(str(pk), answers), phone=phone or "")


def _birth(born: date | None, precision: str) -> str:
    return born.strftime(PARTLY_KNOWN.get(BirthPrecision(precision), "%Y%m%d")) if born else ""


def _suspicion(
    one: tuple[Any, ...], other: tuple[Any, ...], grades: Sequence[int], score: float | None = None
) -> Suspicion:
    agree = {field.name: grade for field, grade in zip(FIELDS, grades, strict=True) if grade != UNKNOWN}
    return Suspicion((one[1], other[1]), (one[2], other[2]), (one[3], other[3]), agree, score)
