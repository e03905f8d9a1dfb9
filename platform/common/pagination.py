"""Pages by keyset: the same cost on the first page and on the ten-thousandth."""

from __future__ import annotations

import base64
import json
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.core.exceptions import BadRequest, ValidationError
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _


@dataclass(frozen=True)
class Page:
    """Some rows and the cursors of their neighbours; an empty cursor means there is none."""

    rows: list[Any]
    next: str
    previous: str

    def __iter__(self) -> Any:
        return iter(self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def keyset_page(
    queryset: models.QuerySet[Any], *, order: tuple[str, ...] = ("-id",), cursor: str = "", size: int = 25
) -> Page:
    """Rows after (or before) the cursor in the order given, whose last field must be unique and none nullable."""
    names = [name.lstrip("-") for name in order]
    backward, values = _decode(cursor, len(names)) if cursor else (False, None)
    directions = [name.startswith("-") != backward for name in order]
    ordered = queryset.order_by(*(f"-{n}" if down else n for n, down in zip(names, directions, strict=True)))
    if values is not None:
        ordered = ordered.filter(_beyond(names, directions, _typed(queryset, names, values)))
    rows = list(ordered[: size + 1])
    more = len(rows) > size
    rows = rows[:size]
    if backward:
        rows.reverse()
    has_next = more if not backward else bool(rows) or values is not None
    has_previous = (values is not None) if not backward else more
    return Page(
        rows=rows,
        next=_encode(rows[-1], names, backward=False) if rows and has_next else "",
        previous=_encode(rows[0], names, backward=True) if rows and has_previous else "",
    )


def _beyond(names: list[str], directions: list[bool], values: list[Any]) -> models.Q:
    condition = models.Q()
    for position, (name, down) in enumerate(zip(names, directions, strict=True)):
        same = {names[i]: values[i] for i in range(position)}
        condition |= models.Q(**same, **{f"{name}__{'lt' if down else 'gt'}": values[position]})
    return condition


def _encode(row: Any, names: list[str], *, backward: bool) -> str:
    values = [_value(row, name) for name in names]
    plain = json.dumps([backward, [v.isoformat() if isinstance(v, date | datetime) else v for v in values]])
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _value(row: Any, name: str) -> Any:
    for part in name.split("__"):
        row = getattr(row, part)
    return row


def _decode(cursor: str, length: int) -> tuple[bool, list[Any]]:
    try:
        backward, values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(backward, bool) or not isinstance(values, list) or len(values) != length:
            raise ValueError
    except (ValueError, TypeError):
        raise unreadable() from None
    return backward, values


def _typed(queryset: models.QuerySet[Any], names: list[str], values: list[Any]) -> list[Any]:
    """The values as their columns hold them; what no row could hold was not written by us."""
    try:
        return [_fitting(field_of(queryset, name), value) for name, value in zip(names, values, strict=True)]
    except (ValidationError, ValueError, TypeError, OverflowError):
        raise unreadable() from None


def _fitting(field: models.Field[Any, Any], value: Any) -> Any:
    if not isinstance(value, str | int | float | bool) or (isinstance(value, str) and "\0" in value):
        raise ValueError
    fitting = field.to_python(value)
    if isinstance(fitting, datetime) and timezone.is_naive(fitting):
        raise ValueError
    field.run_validators(fitting)
    return fitting


def field_of(queryset: models.QuerySet[Any], name: str) -> models.Field[Any, Any]:
    """The column a list is ordered by: of the row, of a row it points to, or computed beside it."""
    if (computed := queryset.query.annotations.get(name)) is not None:
        return computed.output_field
    model, *path = queryset.model, *name.split("__")
    for part in path[:-1]:
        model = model._meta.get_field(part).related_model
    found: models.Field[Any, Any] = model._meta.get_field(path[-1])
    return found


def unreadable() -> BadRequest:
    return BadRequest(_("This page address was cut or changed. Go back to the first page of the list."))
