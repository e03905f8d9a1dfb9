"""Bring stored rows in line with stated rows: create what is new, change what differs, leave the rest alone."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import models

BATCH = 2000


@dataclass
class Tally:
    """What an import did; a second import of the same file only counts `unchanged`."""

    created: int = 0
    changed: int = 0
    unchanged: int = 0

    def __iadd__(self, other: Tally) -> Tally:
        self.created += other.created
        self.changed += other.changed
        self.unchanged += other.unchanged
        return self

    def as_dict(self) -> dict[str, int]:
        return {"created": self.created, "changed": self.changed, "unchanged": self.unchanged}


def upsert(
    stored: models.QuerySet[Any], stated: Iterable[Any], *, key: tuple[str, ...], fields: tuple[str, ...]
) -> Tally:
    """Compare by `key` within the scope `stored`; only `fields` are brought in line, nothing is deleted."""

    def key_of(row: Any) -> tuple[Any, ...]:
        return tuple(getattr(row, name) for name in key)

    existing = {key_of(row): row for row in stored}
    new: list[Any] = []
    changed: list[Any] = []
    tally = Tally()
    for row in stated:
        old = existing.get(key_of(row))
        if old is None:
            new.append(row)
        elif all(getattr(old, name) == getattr(row, name) for name in fields):
            tally.unchanged += 1
        else:
            for name in fields:
                setattr(old, name, getattr(row, name))
            changed.append(old)
    stored.model._default_manager.bulk_create(new, batch_size=BATCH)
    if changed:
        stored.model._default_manager.bulk_update(changed, fields, batch_size=BATCH)
    tally.created, tally.changed = len(new), len(changed)
    return tally
