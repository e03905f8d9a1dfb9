"""Scores of a range of recorded years: one statement inside PostgreSQL, row by row elsewhere; the same rows both ways.

Whole weights throughout: in floating point a household exactly on the cutoff lands on either side.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from households.measures.alkire_foster import Scheme, score
from households.models import HouseholdScore, HouseholdYear
from households.models.scores import Formula

CHUNK = 1000
ANSWERS = ("formula", "deprived", "unknown")  # a score changes when one of these does
WRITTEN = (*ANSWERS, "found", "known", "poor", "scored_at")


@dataclass(frozen=True)
class Range:
    """The recorded years to score, by their numbers: after the first, up to the last."""

    after: int
    upto: int


def write_range(scheme: Scheme, rows: Range, at: datetime) -> int:
    """Score these years; how many scores are new or changed. What did not change is not written again."""
    way = write_in_database if connection.vendor == "postgresql" else write_row_by_row
    return way(scheme, rows, at)


def write_in_database(scheme: Scheme, rows: Range, at: datetime) -> int:
    """One UPDATE of what changed and one INSERT … SELECT of what is new; nothing leaves the database.

    The table is locked against another writer, so that no row has to be looked up before it is written.
    """
    table, year = HouseholdScore._meta.db_table, HouseholdYear._meta.db_table
    formula, k, most = number_of(scheme), scheme.k, scheme.max_missing
    bits = {name: 1 << place for place, name in enumerate(scheme.weights)}
    yes, open_ = "{} THEN", "{} IS NULL THEN"
    told = f"""
        (SELECT id, {_summed(yes, bits)} AS deprived, {_summed(open_, bits)} AS unknown,
                {_summed(yes, scheme.weights)} AS found, {_summed(open_, scheme.weights)} AS missing
         FROM {year} WHERE id > %s AND id <= %s {{more}} LIMIT {rows.upto - rows.after}) AS told
    """  # noqa: S608 — names of our own columns and whole numbers alone; the limit keeps the sums from being repeated
    values = {
        "formula": str(formula),
        "deprived": "told.deprived",
        "unknown": "told.unknown",
        "found": "told.found",
        "known": f"{scheme.total} - told.missing",
        "poor": f"""CASE WHEN told.missing = {scheme.total}
                           OR told.missing * {most.denominator} > {scheme.total * most.numerator} THEN NULL
                         ELSE told.found * {k.denominator} >= ({scheme.total} - told.missing) * {k.numerator} END""",
        "scored_at": "%s",
    }
    update = f"""
        UPDATE {table} SET {", ".join(f"{name} = {value}" for name, value in values.items())}
        FROM {told.format(more="")}
        WHERE household_year_id = told.id
          AND ({table}.formula, {table}.deprived, {table}.unknown) <> ({formula}, told.deprived, told.unknown)
    """  # noqa: S608
    missing = f"AND NOT EXISTS (SELECT 1 FROM {table} WHERE household_year_id = {year}.id)"  # noqa: S608
    insert = f"""
        INSERT INTO {table} (household_year_id, {", ".join(values)})
        SELECT told.id, {", ".join(values.values())} FROM {told.format(more=missing)}
    """  # noqa: S608
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"LOCK TABLE {table} IN SHARE ROW EXCLUSIVE MODE")
        kept = HouseholdScore.objects.filter(pk__gt=rows.after, pk__lte=rows.upto)
        written = 0
        for statement in (update, insert) if kept.exists() else (insert,):
            cursor.execute(statement, [at, rows.after, rows.upto])
            written += cursor.rowcount
        return written


def _summed(test: str, values: Mapping[str, int]) -> str:
    """The sum of these numbers over the columns that pass the test."""
    return " + ".join(f"CASE WHEN {test.format(name)} {value} ELSE 0 END" for name, value in values.items())


def number_of(scheme: Scheme) -> int:
    """The number under which a score keeps its formula."""
    return next(one.value for one in Formula if one.label == scheme.version)


def write_row_by_row(scheme: Scheme, rows: Range, at: datetime) -> int:
    """The same through the formula itself, for every database."""
    years = HouseholdYear.objects.filter(pk__gt=rows.after, pk__lte=rows.upto).order_by("pk")
    written, chunk = 0, list[HouseholdScore]()
    for pk, *answers in years.values_list("pk", *scheme.weights).iterator(chunk_size=CHUNK):
        chunk.append(scored(scheme, pk, answers, at))
        if len(chunk) == CHUNK:
            written, chunk = written + _keep(chunk), []
    return written + _keep(chunk)


def scored(scheme: Scheme, pk: int, answers: list[bool | None], at: datetime) -> HouseholdScore:
    """One household's score, from the public formula."""
    told = dict(zip(scheme.weights, answers, strict=True))
    result = score(told, scheme)
    return HouseholdScore(
        household_year_id=pk,
        formula=number_of(scheme),
        deprived=sum(1 << place for place, answer in enumerate(answers) if answer),
        unknown=sum(1 << place for place, answer in enumerate(answers) if answer is None),
        found=sum(weight for name, weight in scheme.weights.items() if told[name]),
        known=sum(weight for name, weight in scheme.weights.items() if told[name] is not None),
        poor=None if result.value is None else result.is_poor(scheme.k),
        scored_at=at,
    )


def _keep(chunk: list[HouseholdScore]) -> int:
    known = HouseholdScore.objects.in_bulk([one.pk for one in chunk])
    changed = [one for one in chunk if one.pk not in known or _differ(one, known[one.pk])]
    HouseholdScore.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["household_year"], update_fields=list(WRITTEN)
    )
    return len(changed)


def _differ(one: HouseholdScore, other: HouseholdScore) -> bool:
    return any(getattr(one, name) != getattr(other, name) for name in ANSWERS)
