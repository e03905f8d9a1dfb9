"""Triggers that make a table append-only, installed after every migrate (SQLite loses them on a rebuild)."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.db import connections, models

SQLITE = """CREATE TRIGGER IF NOT EXISTS {table}_no_{event} BEFORE {event} ON {table}
    BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"""
SQLITE_REPLACE = """CREATE TRIGGER IF NOT EXISTS {table}_no_replace BEFORE INSERT ON {table}
    WHEN EXISTS (SELECT 1 FROM {table} WHERE id = NEW.id)
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
        for table in (model._meta.db_table for model in append_only_models()):
            if table not in existing:
                continue
            for statement in _statements(connection.vendor, table):
                cursor.execute(statement)


def drop_triggers(*, using: str = "default") -> None:
    """For the test flush on SQLite alone; PostgreSQL's is wrapped in `session_replication_role = replica`."""
    connection = connections[using]
    with connection.cursor() as cursor:
        for table in (model._meta.db_table for model in append_only_models()):
            for event in ("update", "delete", "replace"):
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}")


def _statements(vendor: str, table: str) -> list[str]:
    if vendor == "postgresql":
        return [POSTGRES_ROW.format(table=table), POSTGRES_TRUNCATE.format(table=table)]
    events = [SQLITE.format(table=table, event=event) for event in ("update", "delete")]
    return [*events, SQLITE_REPLACE.format(table=table)]
