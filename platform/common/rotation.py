"""Rotating keys: every sealed value under the newest data key, every blind index under the newest index key.

Nothing is remembered between runs: a value says itself which version it has, so an interrupted rotation goes on where
values still carry an older one. Each chunk is one transaction.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import IntegrityError, models, transaction

from common.crypto import (
    BlindIndexField,
    EncryptedTextField,
    Unreadable,
    blind_index,
    open_text,
    seal_text,
    version_of,
)

CHUNK = 500


@dataclass
class Chunk:
    """What one transaction found: values renewed (or to be renewed), and rows that could not be."""

    what: str
    renewed: int = 0
    failed: list[str] = field(default_factory=list)


Renewer = Callable[[bool], Iterator[Chunk]]
_renewers: list[Renewer] = []


def provide(renewer: Renewer) -> None:
    """Register what is sealed outside encrypted fields; called with whether to write, or only to count."""
    if renewer not in _renewers:
        _renewers.append(renewer)


def newest(keys: dict[str, str]) -> str:
    return next(iter(keys))


def is_old(sealed: bytes | str) -> bool:
    return version_of(sealed) != newest(settings.FIELD_KEYS)


def renew_all(*, write: bool) -> Iterator[Chunk]:
    """Every table with encrypted fields or blind indexes, then what the apps registered."""
    for model in apps.get_models():
        if _sealed(model) or _indexes(model):
            yield from _renew_table(model, write)
    for renewer in _renewers:
        yield from renewer(write)


def _sealed(model: type[models.Model]) -> list[EncryptedTextField]:
    return [one for one in model._meta.local_concrete_fields if isinstance(one, EncryptedTextField)]


def _indexes(model: type[models.Model]) -> list[BlindIndexField]:
    return [one for one in model._meta.local_concrete_fields if isinstance(one, BlindIndexField)]


def _renew_table(model: type[models.Model], write: bool) -> Iterator[Chunk]:
    label = model._meta.label_lower
    names = ["public_id", *(one.name for one in [*_sealed(model), *_indexes(model)])]
    last = 0
    while True:
        with transaction.atomic():
            rows = model._base_manager.filter(pk__gt=last).order_by("pk").only(*names)
            rows = rows.select_for_update(of=("self",)) if write else rows
            found: list[Any] = list(rows[:CHUNK])
            chunk = Chunk(label)
            for row in found:
                try:
                    _renew_row(row, chunk, write)
                except (Unreadable, IntegrityError) as fault:
                    why = "same value twice" if isinstance(fault, IntegrityError) else "does not open"
                    chunk.failed.append(f"{label} {row.public_id}: {why}")
        if not found:
            return
        yield chunk
        last = found[-1].pk


def _renew_row(row: Any, chunk: Chunk, write: bool) -> None:
    changes: dict[str, Any] = {}
    for one in _sealed(type(row)):
        sealed = row.__dict__[one.attname]
        if sealed and is_old(sealed):
            context = one.context(row)
            changes[one.name] = seal_text(open_text(sealed, context=context), context=context)
    for index in _indexes(type(row)):
        stored = row.__dict__[index.attname]
        if stored and stored.partition(":")[0] != newest(settings.INDEX_KEYS):
            plain = getattr(row, index.source)
            changes[index.name] = blind_index(index.kind, plain) if plain else None
    if changes and write:
        with transaction.atomic():
            type(row)._base_manager.filter(pk=row.pk).update(**changes)
    chunk.renewed += len(changes)


def renewed_text(sealed: str, *, context: str) -> str:
    """The same text under the newest key, or as it was when it has it already."""
    return str(seal_text(open_text(sealed, context=context), context=context)) if is_old(sealed) else sealed
