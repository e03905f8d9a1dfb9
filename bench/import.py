"""A registry loaded from tables, beside what the database alone would take for the very same rows.

`import.first_load`: an empty register, the command's way — read, check, encrypt, write, index — beside "COPY the same
rows into bare tables, then build every index and constraint". `import.upload`: a county's file into a register that
lives, the desk's way — kept, checked in the background, let in by a second person — beside a bare COPY of the same rows
into the same tables, and beside `full_clean` and `save` row by row, which is twice as fast as django-import-export's
default (measured elsewhere) and stands for it here.

Households of about 3.2 people; PostgreSQL alone (`script/bench` starts a throw-away one). Both sides write every row
the product keeps: households, members, yearly facts, the sealed rows of the file, the journal.
"""

import csv
import random
import resource
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import connection, transaction

from common import clock
from common.actors import SYSTEM
from households.imports import acts
from households.imports.services import import_households
from households.models import Household, HouseholdYear, ImportBatch, ImportRow, Member
from jobs.worker import perform_waiting
from journal.models import Entry
from tests import cast
from tests.households import faults

TABLES = (Household, Member, HouseholdYear, ImportRow, Entry)
DAYS = (date(2025, 10, 1), date(2026, 9, 30))
OF_A_FILE = 8_000  # households; an uploaded file is 10 MB at most
SAMPLE = 300  # households written one by one; the peer's time is that of its rows, extended


def run(size: int = 10_000) -> list[dict[str, object]]:
    """A first load of so many households, then a county's upload of a fifth of them."""
    if connection.vendor != "postgresql":
        raise SystemExit("import: PostgreSQL alone; set DATABASE_URL, or install initdb and postgres")
    former = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        call_command("load_reference", verbosity=0)
        with tempfile.TemporaryDirectory(prefix="bangfu-import-") as folder:
            return list(_lines(size, Path(folder)))
    finally:
        connection.creation.destroy_test_db(former, verbosity=0)


def _lines(size: int, folder: Path) -> Iterator[dict[str, object]]:
    files = [table(folder / f"{first}.csv", first, last) for first, last in _parts(0, size)]
    before = _peak()
    start = _last_keys()
    _, seconds = _timed(partial(_each, _load, files))
    peak = _peak() - before
    _refuse_unless(Household.objects.count() == size)
    with _exported(folder, start) as rows:
        _, peer = _timed(partial(_copy_then_index, rows))
        yield _line("import.first_load", size, seconds, "COPY, then index", peer, peak)
    _exec("ANALYZE")

    county = max(size // 5, 1)
    people = cast.county()
    uploads = [table(folder / f"u{first}.csv", first, last) for first, last in _parts(size, size + county)]
    before, start = _peak(), _last_keys()
    _, seconds = _timed(partial(_each, partial(_upload, people), uploads))
    peak = _peak() - before
    _refuse_unless(Household.objects.count() == size + county)
    members = Member.objects.filter(pk__gt=start[Member])
    naive = _one_by_one(county, members.count())
    with _exported(folder, start) as rows:
        _remove(start)
        _, peer = _timed(partial(_copy_into, rows))
    yield _line("import.upload", county, seconds, "COPY into the live tables", peer, peak)
    yield _line("import.upload", county, seconds, "full_clean + save (extended)", naive, peak)


def table(path: Path, first: int, last: int) -> Path:
    """A table of sound households with these numbers, written row by row."""
    chance = random.Random(first)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, faults.HEADERS)
        writer.writeheader()
        for key in range(first + 1, last + 1):
            writer.writerows(faults.sound_household(key, chance))
    return path


def _parts(first: int, last: int) -> list[tuple[int, int]]:
    return [(start, min(start + OF_A_FILE, last)) for start in range(first, last, OF_A_FILE)]


def _each(act: Callable[[Path], None], paths: list[Path]) -> None:
    for path in paths:
        act(path)


def _load(path: Path) -> None:
    import_households(
        path=path, mapping_path=None, days=DAYS, output=None, dry_run=False, by=SYSTEM, at=clock.now()
    )


def _upload(people: cast.Cast, path: Path) -> None:
    """Sent by a worker, checked, let in by a supervisor."""
    batch = acts.receive_file(
        upload=SimpleUploadedFile(path.name, path.read_bytes()),
        mapping="",
        first_day=DAYS[0],
        last_day=DAYS[1],
        by=people.worker,
        at=clock.now(),
    )
    perform_waiting()
    acts.merge_import(batch=ImportBatch.objects.get(pk=batch.pk), by=people.supervisor, at=clock.now())
    perform_waiting()


def _one_by_one(households: int, members: int) -> float:
    """Seconds for so many rows at the pace of a sample, checked and saved each by itself, and rolled back."""
    sample = list(Household.objects.order_by("-pk").prefetch_related("members")[:SAMPLE])
    with transaction.atomic():
        begun, written = time.perf_counter(), 0
        for order, old in enumerate(sample):
            household = Household(
                number=f"B-{order}", source_ref=f"bench:{order}", area=old.area, phone=old.phone, address=old.address,
                category=old.category, standard=old.standard, cause_main=old.cause_main, channel="batch",
                state=old.state, state_since=old.state_since, created_at=old.created_at, filed_at=old.filed_at,
            )  # fmt: skip
            _saved(household)
            for person in old.members.all():
                _saved(
                    Member(
                        household=household,
                        name=person.name,
                        sex=person.sex,
                        birth_date=person.birth_date,
                        id_kind=person.id_kind,
                        relation=person.relation,
                        is_head=person.is_head,
                        education=person.education,
                        health=person.health,
                        labour=person.labour,
                    )
                )
            written += 1 + len(old.members.all())
        seconds = time.perf_counter() - begun
        transaction.set_rollback(True)
    return seconds / written * (households + members)


def _saved(row: Any) -> None:
    row.full_clean(exclude=["incomplete", "health"])  # empty lists are answers here, no fault of a form
    row.save(force_insert=True)


@contextmanager
def _exported(folder: Path, start: dict[Any, int]) -> Iterator[dict[Any, Path]]:
    """The rows of a run as files COPY reads back."""
    found = {}
    for model in TABLES:
        found[model] = folder / f"{model._meta.db_table}.copy"
        query = f"SELECT * FROM {model._meta.db_table} WHERE id > {start[model]}"
        with connection.cursor() as cursor, found[model].open("wb") as file:
            cursor.copy_expert(f"COPY ({query}) TO STDOUT", file)
    yield found
    for path in found.values():
        path.unlink()


def _copy_then_index(rows: dict[Any, Path]) -> None:
    """Bare tables filled, then everything the live ones have: keys, uniqueness, checks, foreign keys, indexes."""
    for model, path in rows.items():
        name = model._meta.db_table
        _exec(f"CREATE TABLE bare_{name} (LIKE {name})")
        _copy(f"bare_{name}", path)
    for model in rows:
        name = model._meta.db_table
        for kind, constraint in _asked(
            "SELECT contype::text, pg_get_constraintdef(oid) FROM pg_constraint WHERE conrelid = %s::regclass"
            " ORDER BY contype = 'f'",
            name,
        ):
            if kind != "n":
                _exec(f"ALTER TABLE bare_{name} ADD {constraint}")
        indexes = _asked(
            "SELECT pg_get_indexdef(indexrelid) FROM pg_index WHERE indrelid = %s::regclass AND NOT EXISTS"
            " (SELECT 1 FROM pg_constraint WHERE conindid = indexrelid AND contype IN ('p', 'u'))",
            name,
        )
        for order, (index,) in enumerate(indexes):
            after = index.split(" ON ", 1)[1].replace(f"public.{name} ", f"bare_{name} ", 1)
            unique = "UNIQUE " if index.startswith("CREATE UNIQUE") else ""
            _exec(f"CREATE {unique}INDEX bare_{order}_{name} ON {after}")
    for model in reversed(rows):
        _exec(f"DROP TABLE bare_{model._meta.db_table} CASCADE")


def _copy_into(rows: dict[Any, Path]) -> None:
    with transaction.atomic():
        for model, path in rows.items():
            _copy(model._meta.db_table, path)


def _copy(name: str, path: Path) -> None:
    with connection.cursor() as cursor, path.open("rb") as file:
        cursor.copy_expert(f"COPY {name} FROM STDIN", file)


def _remove(start: dict[Any, int]) -> None:
    """Take a run's rows away again, the journal's too: this database is thrown away at the end."""
    _exec("SET session_replication_role = replica")
    for model in reversed(TABLES):
        _exec(f"DELETE FROM {model._meta.db_table} WHERE id > {start[model]}")
    _exec("SET session_replication_role = origin")
    for model in TABLES:
        _exec(f"VACUUM {model._meta.db_table}")


def _last_keys() -> dict[Any, int]:
    return {
        model: model._base_manager.order_by("-pk").values_list("pk", flat=True).first() or 0
        for model in TABLES
    }


def _exec(statement: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement)


def _asked(query: str, name: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(query, [name])
        return list(cursor.fetchall())


def _refuse_unless(held: bool) -> None:
    if not held:
        raise SystemExit("import: not every household of the table went in")


def _timed(act: Callable[[], Any]) -> tuple[Any, float]:
    begun = time.perf_counter()
    result = act()
    return result, time.perf_counter() - begun


def _peak() -> float:
    """The most resident megabytes of this process so far."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _line(
    name: str, n: int, seconds: float, peer: str, peer_seconds: float, peak: float
) -> dict[str, object]:
    return {
        "name": name,
        "n": n,
        "seconds": round(seconds, 3),
        "peer": peer,
        "peer_seconds": round(peer_seconds, 3),
        "ratio": round(peer_seconds / seconds, 3),
        "peak_mb": round(peak),
    }
