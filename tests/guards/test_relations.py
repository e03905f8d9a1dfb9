"""String foreign keys and migrations are invisible to the import contract; they obey it all the same."""

from django.apps import apps
from django.db.migrations.loader import MigrationLoader

from tests.guards import tree


def test_relations_point_downward():
    upward = [
        f"{model._meta.label}.{field.name} -> {field.related_model._meta.label}"
        for model in apps.get_models(include_auto_created=True)
        for field in model._meta.get_fields()
        if field.is_relation and not field.auto_created and field.related_model is not None
        if not tree.may_know(model._meta.app_label, field.related_model._meta.app_label)
    ]

    assert upward == []


def test_migrations_depend_downward():
    loader = MigrationLoader(None, ignore_no_migrations=True)

    upward = [
        f"{app}.{name} -> {dependency}"
        for (app, name), migration in loader.disk_migrations.items()
        for dependency in [*migration.dependencies, *migration.run_before]
        if not tree.may_know(app, dependency[0])
    ]

    assert upward == []
