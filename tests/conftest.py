"""What every test stands on: its own database with the reference data in it, warnings as errors, no network."""

import os
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.conf import settings
from django.core.management import call_command
from django.core.management.color import no_style
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from tests.staging import KEPT


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--long", action="store_true", help="also run the tests with large counts")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Tests marked `long` wait for --long; tests marked `postgres` run in the PostgreSQL pass alone.

    The browser goes first: minutes long, it would keep a whole run waiting for its last test. The two journeys are
    the longest: each begins the share of one worker.
    """
    items.sort(key=lambda item: "browser" not in item.keywords)
    journeys = [item for item in items if "journey" in item.keywords]
    share = config.getoption("maxschedchunk", None) or 1
    for worker, journey in enumerate(journeys):
        items.remove(journey)
        items.insert(worker * share, journey)
    on_postgres = "postgresql" in settings.DATABASES["default"]["ENGINE"]
    for item in items:
        if "long" in item.keywords and not config.getoption("--long"):
            item.add_marker(pytest.mark.skip(reason="a long run: script/test --long"))
        if "postgres" in item.keywords and not on_postgres:
            item.add_marker(pytest.mark.skip(reason="needs PostgreSQL: runs in the suite's second pass"))


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings: None) -> None:
    """SQLite tests use a file, because a worker process must be able to open it."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("sqlite3"):
        database.setdefault("TEST", {})["NAME"] = os.environ["BANGFU_VAR"] + "/test.sqlite3"


@pytest.fixture(scope="session")
def django_db_setup(django_db_setup: None, django_db_blocker: Any) -> Iterator[None]:
    """Load the reference data once a database and keep a copy; every flush is followed by putting it back.

    The first flush is made here, so that the tests begin with an empty journal.
    """
    operations: Any = type(connection.ops)
    original = operations.execute_sql_flush
    with django_db_blocker.unblock():
        call_command("load_reference", verbosity=0)
        call_command("load_instruments", verbosity=0)
        operations.execute_sql_flush = flush_keeping(original, keep_copies())
        call_command("flush", verbosity=0, interactive=False, inhibit_post_migrate=True)
    yield
    operations.execute_sql_flush = original


def keep_copies() -> dict[str, str]:
    """Copy every table that holds rows after loading, the journal's aside; returns table -> its columns."""
    kept: dict[str, str] = {}
    existing = set(connection.introspection.table_names())
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table, fields = model._meta.db_table, model._meta.local_concrete_fields
            columns = ", ".join(f'"{field.column}"' for field in fields if not field.generated)
            if table not in existing or table in kept or getattr(model, "append_only", False):
                continue
            cursor.execute(f"SELECT EXISTS (SELECT 1 FROM {table})")
            if cursor.fetchone()[0]:
                cursor.execute(f"CREATE TABLE {KEPT}{table} AS SELECT {columns} FROM {table}")
                kept[table] = columns
    return kept


def flush_keeping(flush: Callable[..., None], tables: dict[str, str]) -> Callable[..., None]:
    """A test flush must empty append-only tables too: their triggers stand aside for it, and for nothing else.

    The heads of the journal that were written outside go with its entries.
    """

    def execute_sql_flush(self: BaseDatabaseOperations, statements: Iterable[str]) -> None:
        (Path(os.environ["BANGFU_VAR"]) / "journal-anchors.txt").unlink(missing_ok=True)
        back = [
            f"INSERT INTO {table} ({columns}) SELECT {columns} FROM {KEPT}{table}"
            for table, columns in tables.items()
        ]
        if self.connection.vendor == "postgresql":
            kept = [
                model
                for model in apps.get_models(include_auto_created=True)
                if model._meta.db_table in tables
            ]
            back += self.sequence_reset_sql(no_style(), kept)  # the flush starts the numbers anew
            with self.connection.cursor() as cursor:
                cursor.execute("SET session_replication_role = replica")
                try:
                    flush(self, [*statements, *back])
                finally:
                    cursor.execute("SET session_replication_role = origin")
            return
        with self.connection.cursor() as cursor:
            cursor.execute("SELECT name, sql FROM sqlite_master WHERE type = 'trigger'")
            triggers = cursor.fetchall()
        drops = [f"DROP TRIGGER {name}" for name, _ in triggers]
        flush(self, [*drops, *statements, *back, *(sql for _, sql in triggers)])

    return execute_sql_flush


@pytest.fixture(autouse=True)
def var_folder() -> Path:
    """The private folder of this test process."""
    return Path(os.environ["BANGFU_VAR"])
