"""Recording acts, sealing them in batches, anchoring the head outside the database."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from common.actors import Actor
from common.copying import add_all, new_row
from journal.models import Anchor, Entry, Seal, SealedEntry
from journal.rules import ANCHORS, GENESIS, digest_of, root_of

BATCH = 1000


def record(action: str, obj: Any, *, by: Actor, at: datetime, **parameters: Any) -> Entry:
    """Write one act. Parameters are slugs, numbers, booleans and public_ids; `obj` is a row or a (label, ref) pair."""
    entry = _entry(action, obj, by, at, parameters)
    entry.save(force_insert=True)
    return entry


def record_all(action: str, acts: Sequence[tuple[Any, dict[str, Any]]], *, by: Actor, at: datetime) -> None:
    """The same act on many objects, written at once: each has its own entry, so that each can be asked about."""
    add_all(Entry, [_entry(action, obj, by, at, parameters) for obj, parameters in acts])


def _entry(action: str, obj: Any, by: Actor, at: datetime, parameters: dict[str, Any]) -> Entry:
    label, ref = (
        obj if isinstance(obj, tuple) else (obj._meta.label_lower, str(getattr(obj, "public_id", obj.pk)))
    )
    seat = getattr(by, "seat", None)
    entry: Entry = new_row(
        Entry,
        at=at,
        actor_kind=by.actor_kind,
        actor_ref=by.actor_ref,
        role=seat.role if seat else "",
        action=action,
        object_label=label,
        object_ref=ref,
        parameters=_plain(parameters),
    )
    entry.digest = digest_of(entry)
    return entry


def _plain(parameters: dict[str, Any]) -> dict[str, Any]:
    """What JSON columns of both databases give back unchanged: a fraction is kept as text."""
    plain: dict[str, Any] = json.loads(json.dumps(parameters, default=str), parse_float=str)
    return plain


@transaction.atomic
def seal_entries(*, at: datetime, limit: int = BATCH) -> Seal | None:
    """Seal the oldest unsealed entries; gaps in the numbers mean nothing, so they are found by anti-join."""
    last = _locked_head()
    entries = list(Entry.objects.filter(sealed__isnull=True).order_by("id")[:limit])
    if not entries:
        return None
    previous = last.root if last else GENESIS
    seal = Seal(
        at=at, previous_root=previous, root=root_of(previous, [e.digest for e in entries]), size=len(entries)
    )
    seal.save(force_insert=True)
    SealedEntry.objects.bulk_create(
        SealedEntry(seal=seal, position=position, entry=entry, digest=entry.digest)
        for position, entry in enumerate(entries)
    )
    return seal


def _locked_head() -> Seal | None:
    """The newest seal, locked; whoever waited for a sealer finds the head that one made."""
    while True:
        head = Seal.objects.select_for_update(of=("self",)).order_by("-id").first()
        if head is None or not Seal.objects.filter(id__gt=head.pk).exists():
            return head


@transaction.atomic
def anchor_head(*, at: datetime) -> Anchor | None:
    """Append the newest root to a file outside the database (ship that file elsewhere)."""
    seal = Seal.objects.order_by("-id").first()
    if seal is None or Anchor.objects.filter(seal=seal).exists():
        return None
    place = Path(settings.VAR_DIR) / ANCHORS
    head = f"{seal.pk} {seal.root}"
    last = place.read_text(encoding="ascii").splitlines()[-1:] if place.exists() else []
    if not (last and last[0].endswith(f" {head}")):  # left by an act whose row did not commit
        with place.open("a", encoding="ascii") as file:
            file.write(f"{at.astimezone(UTC).isoformat()} {head}\n")
    return Anchor.objects.create(at=at, seal=seal, root=seal.root, place=place.name)
