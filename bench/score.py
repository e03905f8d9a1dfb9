"""Scoring the register beside what a good engineer writes by hand: one INSERT … SELECT of the same rows, then its key.

The peer keeps the year's number, the score and the class; the product keeps besides the answers, the weight of what is
known, the formula and the moment, finds what changed, and writes it down in the journal. Households of about 3.2
people. Every class is held against whole-number arithmetic outside the database, and a sample against the formula.
"""

from __future__ import annotations

import resource
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from django.db import connection, transaction

from common import clock
from common.actors import SYSTEM
from households.measures.alkire_foster import CHINA_FOUR_DIMENSIONS, score
from households.models import Household, HouseholdScore, HouseholdYear, Member
from households.scores.acts import ranges, score_range

DEFAULT = 100_000
ROUNDS = 3  # the better of three, for both
SCHEME = CHINA_FOUR_DIMENSIONS
WORD = "substr(md5(random()::text || {0}), 1, 12)"


def run(size: int = DEFAULT) -> list[dict[str, object]]:
    """All scores of a fresh register, then a second run in which one in a hundred changed."""
    if connection.vendor != "postgresql":
        raise SystemExit("score: PostgreSQL alone; set DATABASE_URL, or install initdb and postgres")
    former = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        return _compare(size)
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


def _compare(size: int) -> list[dict[str, object]]:
    populate(size)
    seconds, peer_seconds = [], []
    before = _peak()
    for _round in range(ROUNDS):
        _exec("DROP TABLE IF EXISTS by_hand", f"TRUNCATE {HouseholdScore._meta.db_table}")
        peer_seconds.append(_timed(by_hand))
        seconds.append(_timed(score_all))
    peak = _peak() - before
    refuse_unless_equal(size)
    line = {"n": size, "peer": "INSERT … SELECT, then key", "peer_seconds": round(min(peer_seconds), 3)}
    first = {"name": "score.first", **line, "seconds": round(min(seconds), 3), "peak_mb": round(peak)}
    _exec(
        f"UPDATE {HouseholdYear._meta.db_table} SET solid_fuel = NOT coalesce(solid_fuel, false) WHERE id % 100 = 0"
    )
    again = {
        "name": "score.again",
        **line,
        "seconds": round(_timed(score_all), 3),
        "peak_mb": round(_peak() - before),
    }
    refuse_unless_equal(size)
    return [
        {**row, "ratio": round(float(str(row["peer_seconds"])) / float(str(row["seconds"])), 3)}
        for row in (first, again)
    ]


def score_all() -> None:
    """The nightly job's way."""
    for rows in ranges():
        score_range(rows=rows, by=SYSTEM, at=clock.now())


def by_hand() -> None:
    """The narrowest table that holds a score and a class, and its key."""
    found = _sum("CASE WHEN {} THEN {} ELSE 0 END")
    known = _sum("CASE WHEN {} IS NULL THEN 0 ELSE {} END")
    with transaction.atomic():
        _exec(
            "CREATE TABLE by_hand (id bigint NOT NULL, score smallint NOT NULL, poor boolean)",
            f"""INSERT INTO by_hand SELECT id, ({found}), CASE WHEN ({known}) * 5 < {SCHEME.total * 4} THEN NULL
                ELSE ({found}) * 3 >= ({known}) END FROM {HouseholdYear._meta.db_table}""",
            "ALTER TABLE by_hand ADD PRIMARY KEY (id)",
        )


def refuse_unless_equal(size: int) -> None:
    """Every class by whole numbers outside the database, and every pattern by the public formula."""
    names = list(SCHEME.weights)
    years = HouseholdYear.objects.order_by("pk").values_list("pk", *names)
    answers = np.array(
        [[-1 if cell is None else int(cell) for cell in row] for row in years.iterator(20_000)]
    )
    weights = np.array([SCHEME.weights[name] for name in names], dtype=np.int64)
    found = ((answers[:, 1:] == 1) * weights).sum(axis=1)
    known = ((answers[:, 1:] >= 0) * weights).sum(axis=1)
    poor = np.where((SCHEME.total - known) * 5 > SCHEME.total, -1, found * 3 >= known)
    kept = HouseholdScore.objects.order_by("pk").values_list("pk", "found", "known", "poor")
    stored = np.array([[pk, f, k, -1 if p is None else int(p)] for pk, f, k, p in kept.iterator(20_000)])
    if len(stored) != size or not (stored == np.column_stack([answers[:, 0], found, known, poor])).all():
        raise SystemExit("the kept scores are not those of whole-number arithmetic")
    for pattern, places in zip(*np.unique(answers[:, 1:], axis=0, return_index=True), strict=True):
        told = {name: None if x < 0 else bool(x) for name, x in zip(names, pattern, strict=True)}
        result = score(told, SCHEME)
        expected = -1 if result.value is None else int(result.is_poor(SCHEME.k))
        if poor[places] != expected:
            raise SystemExit(f"the class of {told} is not the formula's")


def populate(size: int) -> None:
    """Households, about 3.2 members each, and a recorded year each; one answer in fifty is not known."""
    answers = ", ".join(
        f"CASE WHEN random() < 0.02 THEN NULL ELSE random() < {0.05 + 0.04 * place:.2f} END"
        for place in range(len(SCHEME.weights))
    )
    now = "now()"
    with transaction.atomic():
        _fill(
            Household,
            {
                "number": "'B' || n", "area": "'9901' || lpad((n % 99999999)::text, 8, '0')", "channel": "'batch'",
                "state": "'active'", "filed_at": now, "created_at": now, "public_id": WORD.format("n"), "version": "1",
                "incomplete": "'[]'::jsonb", "episode": "1",
            },
            f"generate_series(1, {size}) AS n",
        )  # fmt: skip
        _fill(
            HouseholdYear,
            {
                "household_id": "h.id", "year": "2026", "period_start": "date '2026-01-01'",
                "period_end": "date '2027-01-01'",
                "size": "1 + (h.id % 5)", "size_basis": "'registered'", "public_id": WORD.format("h.id"),
                "version": "1", "weight": "1", ", ".join(SCHEME.weights): answers,
            },
            f"{Household._meta.db_table} AS h",
        )  # fmt: skip
        _fill(
            Member,
            {
                "household_id": "h.id", "name": "'某' || m", "relation": "CASE m WHEN 1 THEN 'head' ELSE 'son' END",
                "is_head": "m = 1", "birth_precision": "'unknown'", "identity_level": "0", "health": "'[]'::jsonb",
                "live": "true", "public_id": WORD.format("h.id || '-' || m"), "version": "1",
            },
            f"{Household._meta.db_table} AS h, generate_series(1, 2 + (h.id % 5 > 1)::int * 2) AS m",
        )  # fmt: skip
    _exec("VACUUM ANALYZE")


def _fill(model: Any, values: dict[str, str], source: str) -> None:
    """Rows of a table straight in the database; a text column not named is empty."""
    named = set(", ".join(values).split(", "))
    for field in model._meta.concrete_fields:
        if field.column not in named and not field.null and not field.primary_key:
            values[field.column] = "''"
    columns = ", ".join(f'"{name}"' for name in ", ".join(values).split(", "))
    _exec(f"INSERT INTO {model._meta.db_table} ({columns}) SELECT {', '.join(values.values())} FROM {source}")


def _sum(term: str) -> str:
    return " + ".join(term.format(name, weight) for name, weight in SCHEME.weights.items())


def _exec(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _timed(act: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    act()
    return time.perf_counter() - begun


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
