"""Row locks and the optimistic lock."""

from __future__ import annotations

from typing import Any, TypeVar

from django.db import models
from django.utils.translation import gettext as _

from common.exceptions import Difference, Stale

M = TypeVar("M", bound=models.Model)


def lock(obj: M) -> M:
    """A fresh copy of the row, locked to the end of the transaction (PostgreSQL; SQLite's are IMMEDIATE)."""
    manager = type(obj)._base_manager
    return manager.select_for_update(of=("self",)).get(pk=obj.pk)


def lock_all(queryset: models.QuerySet[M]) -> list[M]:
    """Fresh copies of the rows, locked in the order of their numbers so that two acts never wait for each other."""
    return list(queryset.select_for_update(of=("self",)).order_by("pk"))


def save_edited(obj: M, *, version: int, changes: dict[str, Any]) -> M:
    """Save an edit by hand of a Versioned row, or raise Stale with both versions when someone saved before."""
    fresh = lock(obj)
    if fresh.version != version:  # type: ignore[attr-defined]
        differences = [
            Difference(name, str(fresh._meta.get_field(name).verbose_name), theirs, yours)  # type: ignore[union-attr]
            for name, yours in changes.items()
            if (theirs := getattr(fresh, name)) != yours
        ]
        message = _(
            "Someone changed this after you opened it. Look at both versions, then decide which to keep."
        )
        raise Stale(message, differences=differences, version=fresh.version)  # type: ignore[attr-defined]
    for name, value in changes.items():
        setattr(fresh, name, value)
    fresh.version += 1  # type: ignore[attr-defined]
    fresh.save(update_fields=[*changes, *_blind_indexes(fresh, changes), "version"])
    return fresh


def _blind_indexes(obj: models.Model, changes: dict[str, Any]) -> list[str]:
    return [field.name for field in obj._meta.fields if getattr(field, "source", None) in changes]
