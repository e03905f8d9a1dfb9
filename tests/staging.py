"""What many tests begin with is built by the services once a process; later its rows are laid out again.

Only on an empty stage and under the keys it was written with: where anything was done already, the services are called
as ever.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from copy import deepcopy
from functools import wraps
from itertools import chain, repeat
from typing import Any, TypeVar

from django.apps import apps
from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.color import no_style
from django.db import connection
from django.db.models import Model

from files import storage

KEPT = "kept_"  # copies of the reference tables, outside Django's knowledge, so that no flush empties them
AT_ONCE = 200  # rows of a statement
Rows = list[tuple[Any, ...]]
T = TypeVar("T")


def staged(build: Callable[[], T]) -> Callable[[], T]:
    """`build` writes rows and returns what stands on them; from its second call on they are laid out."""
    kept: dict[str, tuple[T, dict[type[Model], Rows], dict[str, bytes]]] = {}

    @wraps(build)
    def laid_out() -> T:
        if not is_empty():
            return build()
        keys = repr((settings.FIELD_KEYS, settings.INDEX_KEYS))
        if keys not in kept:
            built = build()
            kept[keys] = deepcopy(built), written(), papers()
            return built
        built, rows, files = kept[keys]
        lay_out(rows)
        for name, content in files.items():
            if not storage.place_of(name).exists():
                storage.write(name, content)
        return deepcopy(built)

    return laid_out


def is_empty() -> bool:
    """Nobody is there and nothing was done."""
    return not get_user_model().objects.exists() and not apps.get_model("journal", "Entry").objects.exists()


def papers() -> dict[str, bytes]:
    """What was uploaded; another test may have emptied the folder since."""
    names = apps.get_model("files", "Attachment").objects.values_list("public_id", flat=True)
    return {name: storage.read(name) for name in names}


def tables() -> Iterator[tuple[type[Model], str, str]]:
    """Every model with its table and the columns that are stored."""
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            fields = model._meta.local_concrete_fields
            columns = ", ".join(f'"{field.column}"' for field in fields if not field.generated)
            yield model, model._meta.db_table, columns


def written() -> dict[type[Model], Rows]:
    """All rows that a flush would not put back, as the database keeps them."""
    found: dict[type[Model], Rows] = {}
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model, table, columns in tables():
            # an expression, so that SQLite hands its stored text over as it is
            plain = ", ".join(f"coalesce({column}, NULL)" for column in columns.split(", "))
            asked = f"SELECT {plain} FROM {table}"
            if KEPT + table in existing:
                asked += f" EXCEPT SELECT {plain} FROM {KEPT}{table}"
            cursor.execute(asked)
            if rows := cursor.fetchall():
                found[model] = rows
    return found


def lay_out(found: dict[type[Model], Rows]) -> None:
    """Put rows back, and let the numbers go on after them."""
    with connection.cursor() as cursor:
        for model, table, columns in tables():
            rows = found.get(model, [])
            for start in range(0, len(rows), AT_ONCE):
                part = rows[start : start + AT_ONCE]
                one = f"({', '.join(repeat('%s', len(part[0])))})"
                values = ", ".join(repeat(one, len(part)))
                cursor.execute(f"INSERT INTO {table} ({columns}) VALUES {values}", list(chain(*part)))
        for statement in connection.ops.sequence_reset_sql(no_style(), list(found)):
            cursor.execute(statement)
