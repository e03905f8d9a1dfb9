"""Many rows at once: COPY and one UPDATE on PostgreSQL, the ORM's bulk methods elsewhere; the same rows either way."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Sequence
from datetime import date, datetime
from functools import cache
from typing import Any, TypeVar

from django.db import connection, models
from django.db.models.base import ModelState

CHUNK = 500
NULL = r"\N"
SPECIAL = re.compile(r"[\\\t\n\r]")
ESCAPED = {"\\": r"\\", "\t": r"\t", "\n": r"\n", "\r": r"\r"}
PLAIN = (
    models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.DateField,
    models.DecimalField, models.ForeignKey,
)  # fmt: skip
Cell = Callable[[Any], str]
M = TypeVar("M", bound=models.Model)


def add_all(model: type[models.Model], rows: Sequence[Any]) -> None:
    """Insert new rows, whose fields write themselves as in `save`; afterwards each has its key."""
    if not rows:
        return
    if connection.vendor != "postgresql":
        model._default_manager.bulk_create(rows, batch_size=CHUNK)
        return
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    _give_keys(model, rows)
    cells = [_cell_of(field) for field in fields]
    text = io.StringIO("".join("\t".join([cell(row) for cell in cells]) + "\n" for row in rows))
    columns = ", ".join(_quoted(str(field.column)) for field in fields)
    with connection.cursor() as cursor, connection.wrap_database_errors:
        cursor.copy_expert(f"COPY {_quoted(model._meta.db_table)} ({columns}) FROM STDIN", text)
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def new_row(model: type[M], **values: Any) -> M:
    """An unsaved row as the model's own constructor makes it, for rows by the hundred thousand: values by column name.

    Relations are given by their key (`household_id`); what is not given has its default.
    """
    plain, made = _defaults(model)
    row = model.__new__(model)
    row._state = ModelState()
    row.__dict__.update(plain)
    for name, make in made:
        if name not in values:
            row.__dict__[name] = make()
    row.__dict__.update(values)
    return row


@cache
def _defaults(model: type[models.Model]) -> tuple[dict[str, Any], list[tuple[str, Callable[[], Any]]]]:
    """Defaults that are the same for every row, and those made anew for each."""
    plain: dict[str, Any] = {}
    made: list[tuple[str, Callable[[], Any]]] = []
    for field in model._meta.concrete_fields:
        if field.has_default() and callable(field.default):
            made.append((field.attname, field.default))
        else:
            plain[field.attname] = field.get_default()
    return plain, made


def set_all(rows: models.QuerySet[Any], key: str, column: str, values: dict[int, int]) -> None:
    """One number for each of these rows, found by another number of theirs that is unique among them."""
    if connection.vendor != "postgresql":
        pairs = list(values.items())
        for start in range(0, len(pairs), CHUNK // 2):
            part = dict(pairs[start : start + CHUNK // 2])
            cases = [models.When(**{key: place}, then=models.Value(value)) for place, value in part.items()]
            rows.filter(**{f"{key}__in": part}).update(**{column: models.Case(*cases)})
        return
    field: Any = rows.model._meta.get_field(column)
    table = _quoted(rows.model._meta.db_table)
    found = rows.filter(**{f"{key}__in": list(values)}).values_list("pk", key)
    keys = {pk: values[place] for pk, place in found}
    with connection.cursor() as cursor:
        cursor.execute(
            f"UPDATE {table} AS kept SET {_quoted(field.column)} = given.value "  # noqa: S608 — names of our own tables
            "FROM unnest(%s::bigint[], %s::bigint[]) AS given(pk, value) WHERE kept.id = given.pk",
            [list(keys), list(keys.values())],
        )


def _give_keys(model: type[models.Model], rows: Sequence[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)",
            [model._meta.db_table, len(rows)],
        )
        for row, (key,) in zip(rows, cursor.fetchall(), strict=True):
            row.pk = key


def _cell_of(field: Any) -> Cell:
    """How one field of a row is written; what a field does itself before it is saved it does here too."""
    name = field.attname
    if isinstance(field, models.JSONField):
        return lambda row: _text(json.dumps(row.__dict__[name], cls=field.encoder))
    untouched = type(field).pre_save is models.Field.pre_save or isinstance(field, models.ForeignKey)
    if (untouched and isinstance(field, PLAIN)) or field.primary_key:
        return lambda row: _text(row.__dict__[name])
    return lambda row: _text(field.get_db_prep_save(field.pre_save(row, True), connection))


def _text(value: Any) -> str:
    if type(value) is str:  # nearly every cell is text, and most of it empty
        return _escaped(value) if value and SPECIAL.search(value) else value
    if value is None:
        return NULL
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, datetime | date):
        return value.isoformat()
    text = str(value)
    return _escaped(text) if SPECIAL.search(text) else text


def _escaped(text: str) -> str:
    return SPECIAL.sub(lambda found: ESCAPED[found.group()], text)


def _quoted(name: str) -> str:
    return connection.ops.quote_name(name)
