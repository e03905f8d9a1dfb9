"""Double files of a register, beside the self-join a person would write by hand.

`duplicates.search`: what the nightly job asks of every county (pairs chosen by the database, compared, weighed,
grouped), beside one statement with `levenshtein` over a ready-made table of the same people (fuzzystrmatch).
`duplicates.number` and `duplicates.village`: the two look-ups at intake, beside the bare query.

137 files a village, one person each; one in a hundred is written down twice exactly, one in a hundred with a slip in
the name or the birth date, never with the number.
"""

import io
import json
import random
import resource
import time
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db import connection

from common import clock
from common.crypto import blind_index, seal_text
from common.identity import resident_id_check_digit
from common.models import new_public_id
from households.answers import PersonAnswer
from households.models import Household, Member
from households.queries.suspicions import Suspicion, counties_of, near_people, suspicions
from households.rules import refuse_known_ids

VILLAGE = 137
FAMILIES = "王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕"
GIVEN = "伟芳娜秀英敏静丽强磊军洋勇艳杰娟涛明超兰霞平刚桂花建国华志红玉梅春生小海云山金宝成文德福贵富得林峰"
PORTION = 20_000
LOOKS = 400
BY_HAND = """
SELECT a.id, b.id FROM flat a JOIN flat b ON a.area = b.area AND a.id < b.id
WHERE levenshtein(a.birth, b.birth) <= 1 AND levenshtein(a.name, b.name) <= 1
"""
FLAT = """
CREATE TABLE flat AS SELECT m.id, h.area, m.name, to_char(m.birth_date, 'YYYYMMDD') AS birth
FROM households_member m JOIN households_household h ON h.id = m.household_id
"""

Pair = tuple[int, int]
Acts = list[Callable[[], Any]]


def run(size: int = 100_000) -> list[dict[str, object]]:
    """A register of so many files, looked through once, then asked at intake."""
    if connection.vendor != "postgresql":
        raise SystemExit("duplicates: PostgreSQL alone; set DATABASE_URL, or install initdb and postgres")
    former = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return list(_lines(size))
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


def _lines(size: int) -> Iterator[dict[str, object]]:
    planted = _fill(size)
    _exec(FLAT)
    for statement in ("CREATE EXTENSION fuzzystrmatch", "CREATE INDEX ON flat (area)", "VACUUM ANALYZE"):
        _exec(statement)
    before = _peak()
    found, seconds = _timed(_search)
    peak = _peak() - before
    by_hand, peer = _timed(lambda: _rows(BY_HAND))
    yield {
        **_line("duplicates.search", size, seconds, "SQL self-join + levenshtein", peer, peak),
        **_quality("", found, planted),
        **_quality("peer_", {(one, other) for one, other in by_hand}, planted),
    }
    draw = random.Random(size)
    homes = list(
        Household.objects.filter(pk__in=draw.sample(range(1, size + 1), LOOKS)).prefetch_related("members")
    )
    strangers = [PersonAnswer("", "head", id_number=f"99010119700101{number:04}") for number in range(LOOKS)]
    numbers = [blind_index("resident_id", one.id_number) for one in strangers]
    by_number, by_village = (
        "SELECT id FROM households_member WHERE live AND id_index = %s",
        "SELECT * FROM flat WHERE area = %s",
    )
    looks: dict[str, tuple[Acts, Acts]] = {
        "duplicates.number": (
            [partial(refuse_known_ids, [one]) for one in strangers],
            [partial(_rows, by_number, one) for one in numbers],
        ),
        "duplicates.village": (
            [partial(near_people, home, list(home.members.all())) for home in homes],
            [partial(_rows, by_village, home.area) for home in homes],
        ),
    }
    for name, (ours, bare) in looks.items():
        middle, late = _each(ours)
        peer_middle, peer_late = _each(bare)
        line = _line(name, size, late, "the bare query, p95", peer_late, 0)
        yield {**line, "p50_ms": _ms(middle), "p95_ms": _ms(late), "peer_p50_ms": _ms(peer_middle)}


def _search() -> set[Pair]:
    """By number of the member; every file has one person."""
    found: list[Suspicion] = []
    for county in counties_of(""):
        found += suspicions(county) if county else suspicions("", across=True)
    return {(min(one.homes), max(one.homes)) for one in found}


def _fill(size: int) -> dict[str, set[Pair]]:
    """Files and people by COPY, a household and its person under one key; returns the planted pairs."""
    draw, planted = random.Random(size), {"exact": set[Pair](), "fuzzy": set[Pair]()}
    blank = {model: _defaults(model) for model in (Household, Member)}
    at = clock.now().isoformat()
    homes: list[list[Any]] = []
    people: list[list[Any]] = []
    last: dict[str, Any] = {}
    given_out: set[str] = set()
    for key in range(1, size + 1):
        chance = draw.random()
        copied = bool(last) and chance < 0.02 and key % VILLAGE != 1
        person = _again(last, draw, exact=chance < 0.01) if copied else _person(key, draw)
        if copied:
            planted["exact" if chance < 0.01 else "fuzzy"].add((key - 1, key))
        area, ref = _area((key - 1) // VILLAGE), new_public_id()
        number = "" if person["number"] in given_out else person["number"]
        given_out.add(number)
        home = {
            "id": key,
            "public_id": new_public_id(),
            "number": f"B-{key}",
            "area": area,
            "channel": "batch",
        }
        home |= {"state": "active", "state_since": at, "created_at": at, "filed_at": at}
        homes.append(_row(Household, blank[Household] | home | {"phone_index": person["phone"]}))
        member = {
            "id": key,
            "public_id": ref,
            "household_id": key,
            "name": person["name"],
            "birth_date": person["birth"],
        }
        member |= {"birth_precision": "day", "relation": "head", "is_head": True}
        if number:
            member |= {"id_number": seal_text(number, context=f"member.id_number:{ref}")}
            member |= {"id_index": blind_index("resident_id", number)}
        people.append(_row(Member, blank[Member] | member))
        last = {} if copied else person
        if len(homes) == PORTION or key == size:
            _copy(Household, homes)
            _copy(Member, people)
            homes.clear()
            people.clear()
    return planted


def _person(key: int, draw: random.Random) -> dict[str, Any]:
    born = date(1935, 1, 1) + timedelta(days=draw.randrange(31_000))
    body = f"{_area((key - 1) // VILLAGE)[:6]}{born:%Y%m%d}{key % 1000:03}"
    number = (
        f"{body}{resident_id_check_digit(body)}"
        if draw.random() < 0.7 and key < 1_000 * VILLAGE * 100
        else ""
    )
    given = "".join(draw.choices(GIVEN, k=draw.choices((1, 2), (1, 4))[0]))
    return {
        "name": draw.choice(FAMILIES) + given,
        "birth": born,
        "number": number,
        "phone": f"1:{draw.getrandbits(256):064x}",
    }


def _again(person: dict[str, Any], draw: random.Random, *, exact: bool) -> dict[str, Any]:
    """The same person written down once more, without the number."""
    again = {**person, "number": ""}
    if exact:
        return again
    again["phone"] = f"1:{draw.getrandbits(256):064x}"
    if draw.random() < 0.5:
        place = draw.randrange(1, len(person["name"]))
        sign = draw.choice(GIVEN.replace(person["name"][place], ""))
        again["name"] = person["name"][:place] + sign + person["name"][place + 1 :]
    else:
        born = person["birth"]
        again["birth"] = born.replace(year=born.year + draw.choice((-10, 10)), day=min(born.day, 28))
        if born.day > 28:
            again["birth"] = born.replace(day=born.day - 10)
    return again


def _area(village: int) -> str:
    county, place = divmod(village, 150)
    return f"{county + 110101:06}{place // 15 + 100:03}{place % 15 + 201:03}"


def _quality(prefix: str, found: set[Pair], planted: dict[str, set[Pair]]) -> dict[str, object]:
    true = planted["exact"] | planted["fuzzy"]
    met = {
        f"{prefix}recall_{kind}": round(len(found & pairs) / max(len(pairs), 1), 4)
        for kind, pairs in planted.items()
    }
    return {
        **met,
        f"{prefix}precision": round(len(found & true) / max(len(found), 1), 4),
        f"{prefix}pairs": len(found),
    }


def _defaults(model: Any) -> dict[str, Any]:
    return {field.attname: field.get_default() for field in model._meta.concrete_fields}


def _row(model: Any, values: dict[str, Any]) -> list[Any]:
    return [values[field.attname] for field in model._meta.concrete_fields]


def _copy(model: Any, rows: list[list[Any]]) -> None:
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    text = "".join("\t".join(map(_text, row)) + "\n" for row in rows)
    with connection.cursor() as cursor:
        cursor.copy_expert(f"COPY {model._meta.db_table} ({columns}) FROM STDIN", io.StringIO(text))


def _text(value: Any) -> str:
    if value is None:
        return "\\N"
    return json.dumps(value) if isinstance(value, list) else str(value)


def _exec(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _rows(query: str, *values: Any) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, values)
        return list(cursor.fetchall())


def _each(acts: Acts) -> tuple[float, float]:
    """The middle one and the one that nineteen in twenty stay below, after a first round that warms up."""
    for act in acts[:50]:
        act()
    times = sorted(_timed(act)[1] for act in acts)
    return times[len(times) // 2], times[len(times) * 19 // 20]


def _ms(seconds: float) -> float:
    return round(seconds * 1000, 3)


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    result = act()
    return result, time.perf_counter() - begun


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _line(
    name: str, n: int, seconds: float, peer: str, peer_seconds: float, peak: float
) -> dict[str, object]:
    return {
        "name": name,
        "n": n,
        "seconds": round(seconds, 5),
        "peer": peer,
        "peer_seconds": round(peer_seconds, 5),
        "ratio": round(peer_seconds / seconds, 3),
        "peak_mb": round(peak),
    }
