"""What binds the journal: the digest of an entry and the root of a seal."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC

from journal.models import Entry

GENESIS = "0" * 64
ANCHORS = "journal-anchors.txt"  # in VAR_DIR: one head a line, `moment seal root`


def digest_of(entry: Entry) -> str:
    """SHA-256 over the entry's canonical JSON."""
    content = [
        entry.at.astimezone(UTC).isoformat(),
        entry.actor_kind,
        entry.actor_ref,
        entry.role,
        entry.action,
        entry.object_label,
        entry.object_ref,
        entry.parameters,
    ]
    return hashlib.sha256(json.dumps(content, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def root_of(previous: str, digests: list[str]) -> str:
    """The root of a seal: SHA-256 over the previous root and the digests in order."""
    return hashlib.sha256("\n".join([previous, *digests]).encode()).hexdigest()
