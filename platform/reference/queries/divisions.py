"""Finding divisions and naming their place."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import islice

from django.db.models import Count, F, OuterRef, Q, Subquery

from common import clock
from reference import coding
from reference.enums import Level
from reference.models import Designation, Division
from reference.models.divisions import DivisionQuerySet
from reference.queries.vocabulary import labels

MOST, MOST_AROUND = 10, 50
SEPARATORS = re.compile(r"[\s/\uff0f>·,，、]+")


def current() -> DivisionQuerySet:
    """The divisions in force today, fictional ones included; `.national()` leaves those out."""
    return Division.objects.current()


def get_division(code: str) -> Division | None:
    """Today's division with exactly this code."""
    return current().filter(code=code).first()


def children(code: str) -> DivisionQuerySet:
    """The divisions one level below, in code order; the provinces for an empty code."""
    level = coding.level_of(code) if code else 0
    if level is None or level == Level.VILLAGE:
        return current().none()
    return current().within(code).filter(level=level + 1).order_by("code")


def codes_in(prefix: str, *, level: Level | None = None) -> list[str]:
    """The codes of a subtree. To filter a column of codes use `within(field, prefix)`, which needs no list."""
    rows = current().within(prefix)
    return list((rows.filter(level=level) if level else rows).order_by("code").values_list("code", flat=True))


def national_counts(*, down_to: Level = Level.VILLAGE) -> dict[str, int]:
    """How many real divisions are in force at each level; fictional ones never count."""
    rows = current().national().filter(level__lte=down_to)
    found = dict(rows.values_list("level").annotate(n=Count("pk")).values_list("level", "n"))
    return {level.name.lower(): found.get(level.value, 0) for level in Level if level <= down_to}


def name_of(column: str) -> Subquery:
    """The name of the place a column's code stands for, as it is called today, inside a list's own query."""
    places = Division.objects.filter(code=OuterRef(column), valid_to__isnull=True).order_by("-edition")
    return Subquery(places.values("name")[:1])


def path(code: str) -> list[Division]:
    """The divisions from the province down to this code, as far as they are known."""
    return _paths([code])[code]


def path_label(code: str) -> str:
    """“宁夏回族自治区 / 银川市 / 兴庆区”, in one query."""
    return path_labels([code])[code]


def path_labels(codes: Iterable[str]) -> dict[str, str]:
    """Labels for many codes in one query; a code we do not know ends the label as it is."""
    return {code: _joined(code, rows) for code, rows in _paths(list(codes)).items()}


def match_text(text: str, *, level: Level, prefix: str = "") -> list[Division]:
    """`match_places` of one level."""
    return match_places(text, levels=[level], prefix=prefix)


def match_places(text: str, *, levels: Sequence[Level], prefix: str = "") -> list[Division]:
    """What a person may have meant by a code, a name or a path (“清河县 柳溪镇 上沟村”); at most ten.

    The names of a path may be joined (“清河县柳溪镇上沟村”). A code may carry its name behind it and stands for the
    finest place it can. A full name is preferred to a beginning of a name; of places of one name inside each other
    the one whose level comes first is meant.
    """
    words = [word for word in SEPARATORS.split(text.strip()) if word]
    if not words:
        return []
    rows = current().filter(level__in=levels).within(prefix)
    if words[0].isascii() and words[0].isdigit():
        exact = [spelling for spelling in coding.spellings(words[0]) if coding.level_of(spelling) in levels]
        return sorted(rows.filter(code__in=exact), key=lambda row: exact.index(row.code))[:1]
    known = coding.within("code", prefix) | Q(code__in=coding.lineage(prefix)) if prefix else Q()
    around = current().filter(known, level__lt=max(levels))
    inside = Q()
    for word in words[:-1]:
        inside &= _below(around.filter(name__startswith=word).values_list("code", flat=True)[:MOST_AROUND])
    for only_begins in (False, True):
        found = _named(words[-1], rows.filter(inside), around, only_begins)
        if not found and len(words) > 1:
            found = _named("".join(words), rows, around, only_begins)
        if found:
            return _apart(found, levels)
    return []


def _named(text: str, rows: DivisionQuerySet, around: DivisionQuerySet, only_begins: bool) -> list[Division]:
    """Rows of this name, else those whose name follows the names of the places around it."""
    named = rows.filter(name__startswith=text) if only_begins else rows.filter(name=text)
    found = list(named.order_by("code")[:MOST])
    if found:
        return found
    heads: dict[str, list[str]] = {}
    for name, code in around.filter(name__in=[text[:end] for end in range(2, len(text))]).values_list(
        "name", "code"
    ):
        heads.setdefault(name, []).append(code)
    for name, codes in heads.items():
        inside = _below(codes)
        found += _named(text[len(name) :], rows.filter(inside), around.filter(inside), only_begins)
    return found


def _below(codes: Iterable[str]) -> Q:
    """Inside one of these places; nowhere when there is none."""
    condition = Q(pk__in=[])
    for code in islice(codes, MOST_AROUND):
        condition |= coding.within("code", code) & ~Q(code=code)
    return condition


def _apart(found: list[Division], levels: Sequence[Level]) -> list[Division]:
    kept: dict[str, Division] = {}
    for row in sorted(found, key=lambda row: levels.index(Level(row.level))):
        same = (other for other in kept.values() if other.name == row.name)
        if not any(row.code.startswith(other.code) or other.code.startswith(row.code) for other in same):
            kept[row.code] = row
    return sorted(kept.values(), key=lambda row: row.code)[:MOST]


def last_of(code: str) -> Division | None:
    """The newest period of a code, in force or ended."""
    return Division.objects.filter(code=code).order_by(F("valid_to").desc(nulls_first=True)).first()


def designations_of(code: str, *, on: date | None = None) -> list[tuple[Designation, str]]:
    """The public lists, with their labels, on which a division or one above it stands on a day."""
    day = on or clock.today()
    rows = Designation.objects.filter(division_code__in=coding.lineage(code), valid_from__lte=day)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day)).order_by("division_code", "list_slug")
    names = labels("designation")
    return [(row, names.get(row.list_slug, row.list_slug)) for row in rows]


def designated(list_slug: str, *, on: date | None = None) -> list[str]:
    """The codes on a public list on a day."""
    day = on or clock.today()
    rows = Designation.objects.filter(list_slug=list_slug, valid_from__lte=day)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=day))
    return list(rows.order_by("division_code").values_list("division_code", flat=True))


def _paths(codes: list[str]) -> dict[str, list[Division]]:
    wanted = {part for code in codes for part in coding.lineage(code)}
    known: dict[str, Division] = {}
    for row in Division.objects.filter(code__in=wanted).order_by(F("valid_to").desc(nulls_first=True)):
        known.setdefault(row.code, row)
    return {code: [known[part] for part in coding.lineage(code) if part in known] for code in codes}


def _joined(code: str, rows: list[Division]) -> str:
    names: list[str] = []
    for row in rows:
        if row.name not in coding.FILLERS and (not names or names[-1] != row.name):
            names.append(row.name)
    known = rows and rows[-1].code == code
    return " / ".join(names if known else [*names, code])
