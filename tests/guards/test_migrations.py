"""Migrations say what the models say, and hold no data of their own."""

import pytest
from django.core.management import call_command
from django.db import migrations
from django.db.migrations.loader import MigrationLoader

from tests.guards import tree


@pytest.mark.django_db
def test_migrations_are_in_step(capsys: pytest.CaptureFixture[str]):
    try:
        call_command("makemigrations", check=True, dry_run=True)
    except SystemExit:
        pytest.fail(capsys.readouterr().out)


def test_reference_data_is_never_loaded_by_a_migration():
    loader = MigrationLoader(None, ignore_no_migrations=True)

    loading = [
        f"{app}.{name}"
        for (app, name), migration in loader.disk_migrations.items()
        if app == "reference" and tree.rank(app) is not None
        for operation in migration.operations
        if isinstance(operation, migrations.RunPython)
    ]

    assert loading == []
