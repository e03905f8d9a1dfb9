"""Reading the journal: one object's timeline, and the proof that nothing was altered."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from common.actors import Actor
from journal.models import Anchor, Entry, Seal, SealedEntry
from journal.rules import ANCHORS, GENESIS, digest_of, root_of

ANCHOR = re.compile(r"\S+ (?P<seal>\d{1,18}) (?P<root>[0-9a-f]{64})")
VERIFICATION = ("journal.entry", "all")  # the object of the entries that say the journal was verified


@dataclass(frozen=True)
class Fault:
    """The first thing found altered."""

    where: str
    what: str


def timeline_of(obj: Any, *, limit: int = 200) -> list[Entry]:
    """The acts on one object, newest first; the caller has already passed the object's own gate."""
    return list(
        Entry.objects.filter(object_label=obj._meta.label_lower, object_ref=obj.public_id).order_by("-id")[
            :limit
        ]
    )


def count_acts(action: str, *, by: Actor, since: datetime) -> int:
    """How often this actor did this since a moment: quotas are counted where nobody can lower the count."""
    return Entry.objects.filter(
        actor_kind=by.actor_kind, actor_ref=by.actor_ref, action=action, at__gte=since
    ).count()


def first_fault() -> Fault | None:
    """Recompute every digest, every root and every anchor; the first contradiction, or None.

    Anchors are read first: whatever they name was committed before, while seals made meanwhile have none yet.
    """
    anchors = _anchors()
    if isinstance(anchors, Fault):
        return anchors
    for entry in Entry.objects.order_by("id").iterator(chunk_size=2000):
        if entry.digest != digest_of(entry):
            return Fault(f"entry {entry.pk}", "its content does not match its digest")
    previous = GENESIS
    roots: dict[int, str] = {}
    for seal in Seal.objects.order_by("id").iterator():
        fault = _fault_in(seal, previous)
        if fault:
            return fault
        previous = roots[seal.pk] = seal.root
    for number, root in anchors:
        if roots.get(number) != root:
            return Fault(f"seal {number}", "it does not match the head written outside the database")
    return None


def last_verification() -> Entry | None:
    """When the whole journal was last recomputed, and what was found."""
    return (
        Entry.objects.filter(object_label=VERIFICATION[0], object_ref=VERIFICATION[1]).order_by("-id").first()
    )


def _fault_in(seal: Seal, previous: str) -> Fault | None:
    if seal.previous_root != previous:
        return Fault(f"seal {seal.pk}", "it does not follow the seal before it")
    rows = list(SealedEntry.objects.filter(seal=seal).order_by("position"))
    present = Entry.objects.in_bulk([row.entry_id for row in rows])
    for row in rows:
        entry = present.get(row.entry_id)
        if entry is None:
            return Fault(f"entry {row.entry_id}", "it was sealed and is gone")
        if row.digest != entry.digest:
            return Fault(f"entry {row.entry_id}", "it was changed after it was sealed")
    if len(rows) != seal.size:
        return Fault(f"seal {seal.pk}", f"it held {seal.size} entries and holds {len(rows)}")
    if root_of(previous, [row.digest for row in rows]) != seal.root:
        return Fault(f"seal {seal.pk}", "its root does not match its entries")
    return None


def _anchors() -> list[tuple[int, str]] | Fault:
    """(seal, root) of every head written outside the database, in step with the table of heads.

    The file is written before its row commits, so it may be one head ahead; a site without any head has no file.
    """
    known = list(Anchor.objects.order_by("id").values_list("seal_id", "root"))
    place = Path(settings.VAR_DIR) / ANCHORS
    if not place.exists():
        return (
            Fault(ANCHORS, f"the file is missing; {len(known)} heads were written into it") if known else []
        )
    heads: list[tuple[int, str]] = []
    for number, line in enumerate(place.read_text(encoding="utf-8", errors="replace").splitlines(), start=1):
        found = ANCHOR.fullmatch(line)
        if found is None:
            return Fault(f"{ANCHORS} line {number}", "it is not a head")
        heads.append((int(found["seal"]), found["root"]))
    for number, (row, head) in enumerate(zip(known, heads, strict=False), start=1):
        if row != head:
            return Fault(
                f"{ANCHORS} line {number}", f"the database remembers seal {row[0]} with another head"
            )
    if not 0 <= len(heads) - len(known) <= 1:
        return Fault(ANCHORS, f"it holds {len(heads)} heads, the database remembers {len(known)}")
    return heads
