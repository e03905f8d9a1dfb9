"""The rows of a whole database as lines of text, and back into the tables of the migrations they were taken at.

The first line says which migration every app had reached. Each further line is one table: its name, its columns, its
rows. What is encrypted stays encrypted, with the suite's keys; sessions are left out.
"""

from __future__ import annotations

import base64
import gzip
import json
from datetime import date, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.core.management.color import no_style
from django.db import connection, models, transaction
from django.db.migrations.executor import MigrationExecutor

LEFT_OUT = {"django_session"}
AT_ONCE = 500

Targets = list[tuple[str, str]]


def write(path: Path) -> int:
    """Keep every row of the open database (SQLite) in one compressed file; returns how many rows that is."""
    kept = 0
    with gzip.GzipFile(path, "wb", compresslevel=9, mtime=0) as file, connection.cursor() as cursor:
        file.write(_line({"migrations": _reached()}))
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            if not model._meta.managed or model._meta.proxy or table in LEFT_OUT:
                continue
            columns = [field.column for field in model._meta.local_concrete_fields if not field.generated]
            quoted = ", ".join(f'"{column}"' for column in columns)
            cursor.execute(f'SELECT {quoted} FROM "{table}" ORDER BY 1')
            rows = [[_as_text(value) for value in row] for row in cursor.fetchall()]
            if rows:
                file.write(_line({"table": table, "columns": columns, "rows": rows}))
            kept += len(rows)
    return kept


def read(path: Path) -> int:
    """Bring an empty database to the migrations of the file and put its rows in; returns how many."""
    with gzip.open(path, "rt", encoding="utf-8") as file:
        targets: Targets = [(app, name) for app, name in json.loads(file.readline())["migrations"]]
        executor = MigrationExecutor(connection)
        historical = executor.migrate(targets).apps.get_models(include_auto_created=True)
        tables = {model._meta.db_table: model for model in historical}
        put = 0
        with transaction.atomic():  # foreign keys are looked at when it commits
            for line in file:
                put += _put(tables, **json.loads(line))
        with connection.cursor() as cursor:
            for statement in connection.ops.sequence_reset_sql(no_style(), historical):
                cursor.execute(statement)
    return put


def _reached() -> Targets:
    executor = MigrationExecutor(connection)
    applied = set(executor.loader.applied_migrations)
    missing = set(executor.loader.graph.leaf_nodes()) - applied
    if missing:
        raise RuntimeError(f"migrate first: {sorted(missing)}")
    return sorted(executor.loader.graph.leaf_nodes())


def _put(tables: dict[str, type[models.Model]], table: str, columns: list[str], rows: list[list[Any]]) -> int:
    fields = {field.column: field for field in tables[table]._meta.local_concrete_fields}
    kinds = [fields[column].get_internal_type() for column in columns]
    quoted = ", ".join(f'"{column}"' for column in columns)
    marks = ", ".join(["%s"] * len(columns))
    with connection.cursor() as cursor:
        for begin in range(0, len(rows), AT_ONCE):
            values = [
                [_of_kind(kind, value) for kind, value in zip(kinds, row, strict=True)]
                for row in rows[begin : begin + AT_ONCE]
            ]
            cursor.executemany(f'INSERT INTO "{table}" ({quoted}) VALUES ({marks})', values)
    return len(rows)


def _line(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _as_text(value: Any) -> Any:
    if isinstance(value, bytes):
        return {"bytes": base64.b64encode(value).decode()}
    return str(value) if isinstance(value, date | time | Decimal) else value


def _of_kind(kind: str, value: Any) -> Any:
    if isinstance(value, dict):
        return base64.b64decode(value["bytes"])
    if kind == "BooleanField" and value is not None:
        return bool(value)
    return value
