"""Triggers that make a table append-only, installed after every migrate (SQLite loses them on a rebuild)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, models

SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{event} BEFORE {event} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
SQLITE_REPLACE = """CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE {same})
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
POSTGRES_FUNCTION = """CREATE OR REPLACE FUNCTION bangfu_refuse_change() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$"""
POSTGRES_ROW = """CREATE OR REPLACE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table}
    FOR EACH ROW EXECUTE FUNCTION bangfu_refuse_change()"""
POSTGRES_TRUNCATE = """CREATE OR REPLACE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table}
    FOR EACH STATEMENT EXECUTE FUNCTION bangfu_refuse_change()"""


def append_only_models() -> list[type[models.Model]]:
    """Every model that declares `append_only = True`."""
    return [model for model in apps.get_models() if getattr(model, "append_only", False)]


def install_triggers(*, using: str = "default", **_: Any) -> None:
    """Idempotent; a receiver of post_migrate."""
    connection = connections[using]
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(POSTGRES_FUNCTION)
        for model in append_only_models():
            if model._meta.db_table not in existing:
                continue
            for statement in _statements(connection.vendor, model):
                cursor.execute(statement)


def _statements(vendor: str, model: type[models.Model]) -> list[str]:
    table = model._meta.db_table
    if vendor == "postgresql":
        return [POSTGRES_ROW.format(table=table), POSTGRES_TRUNCATE.format(table=table)]
    events = [SQLITE.format(table=table, event=event) for event in ("update", "delete")]
    return [*events, SQLITE_REPLACE.format(table=table, same=_same_key(model))]


def _same_key(model: type[models.Model]) -> str:
    """SQLite's REPLACE deletes, without a delete trigger, every row that meets the new one in a unique key."""
    single = [(field.column,) for field in model._meta.local_concrete_fields if field.unique]
    several = [
        tuple(model._meta.get_field(name).column for name in constraint.fields)  # type: ignore[union-attr]
        for constraint in model._meta.constraints
        if isinstance(constraint, models.UniqueConstraint) and constraint.fields
    ]
    keys = (" AND ".join(f"{column} = NEW.{column}" for column in columns) for columns in [*single, *several])
    return " OR ".join(f"({key})" for key in keys)
