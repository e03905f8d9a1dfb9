"""What a manifest says about a database: its migrations, its rows a table, the head of its journal."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.apps import apps
from django.db import connection

Ask = Callable[[str], list[tuple[Any, ...]]]


def ask_site(statement: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return list(cursor.fetchall())


def migrations(ask: Ask) -> list[str]:
    return [
        f"{app}.{name}" for app, name in ask("SELECT app, name FROM django_migrations ORDER BY app, name")
    ]


def counts(ask: Ask, tables: set[str]) -> dict[str, int]:
    """Rows of every table of a model, of those that are there."""
    named = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} & tables
    return {table: ask(f'SELECT COUNT(*) FROM "{table}"')[0][0] for table in sorted(named)}  # noqa: S608 — our names


def journal_head(ask: Ask) -> dict[str, Any]:
    head = ask("SELECT id, root FROM journal_seal ORDER BY id DESC LIMIT 1")
    entries = ask("SELECT COUNT(*) FROM journal_entry")[0][0]
    return {"entries": entries, "seal": head[0][0] if head else None, "root": head[0][1] if head else ""}


def files_named(ask: Ask) -> list[str]:
    """The files the database speaks of."""
    found = ask("SELECT public_id FROM files_attachment WHERE erased_at IS NULL ORDER BY public_id")
    return [row[0] for row in found]


def facts(ask: Ask, tables: set[str]) -> dict[str, Any]:
    return {"migrations": migrations(ask), "counts": counts(ask, tables), "journal": journal_head(ask)}


def is_lived_in(tables: set[str]) -> bool:
    """Whether anybody has an account here, or anything was kept or done by a person."""
    if "accounts_user" not in tables:
        return False
    return any(
        ask_site(f"SELECT 1 FROM {rows} LIMIT 1")  # noqa: S608 — our names
        for rows in ("accounts_user", "files_attachment", "journal_entry WHERE actor_kind <> 'system'")
    )
