"""Keeping files: inspected, encrypted for their own row, and erased without a trace of their content."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction

from common.actors import Actor
from common.crypto import Unreadable
from common.locking import lock
from common.recording import record
from common.rotation import Chunk, newest
from files import storage
from files.enums import PURPOSES
from files.inspection import inspect
from files.models import Attachment
from files.refusals import LARGEST_MB, MOST_FILES, refuse

LIMIT = LARGEST_MB * 1024 * 1024


@transaction.atomic
def keep(
    *, upload: UploadedFile[Any] | None, purpose: str, owner: Any, by: Actor, at: datetime
) -> Attachment:
    """Inspect one upload by its content and keep it encrypted; `owner` is the row (or label and ref) it belongs to."""
    if upload is None:
        refuse("no_file")
    if not upload.size:
        refuse("empty_file")
    if upload.size > LIMIT:
        refuse("too_big", mb=LARGEST_MB)
    allowed = PURPOSES[purpose]
    upload.seek(0)
    content, kind = inspect(upload.read(), allowed)
    return keep_content(
        content=content,
        content_type=kind,
        purpose=purpose,
        owner=owner,
        by=by,
        at=at,
        data_class=allowed.data_class,
    )


@transaction.atomic
def keep_all(
    *,
    uploads: Sequence[UploadedFile[Any]],
    purpose: str,
    owner: Any,
    by: Actor,
    at: datetime,
    most: int = MOST_FILES,
) -> list[Attachment]:
    """Several files for one question: all of them or none."""
    if not uploads:
        refuse("no_file")
    if len(uploads) > most:
        refuse("too_many_files", most=most)
    return [keep(upload=upload, purpose=purpose, owner=owner, by=by, at=at) for upload in uploads]


@transaction.atomic
def keep_content(
    *, content: bytes, content_type: str, purpose: str, owner: Any, by: Actor, at: datetime, data_class: str
) -> Attachment:
    """Keep bytes the platform itself made (a report, an annotated copy)."""
    label, ref = owner if isinstance(owner, tuple) else (owner._meta.label_lower, owner.public_id)
    attachment = Attachment(
        sha256=hashlib.sha256(content).hexdigest(),
        content_type=content_type,
        size=len(content),
        purpose=purpose,
        data_class=data_class,
        owner_label=label,
        owner_ref=ref,
        by_kind=by.actor_kind,
        by_ref=by.actor_ref,
        at=at,
    )
    attachment.save(force_insert=True)
    storage.write(attachment.public_id, content)
    record("file.kept", attachment, by=by, at=at, purpose=purpose, size=attachment.size, owner=ref)
    return attachment


def content_of(attachment: Attachment) -> bytes:
    """The plain content; only after the gate has been passed."""
    return storage.read(attachment.public_id)


@transaction.atomic
def erase(*, attachment: Attachment, by: Actor, at: datetime) -> Attachment:
    """The content and its fingerprint go, the row stays as a tombstone (design §4.16)."""
    attachment = lock(attachment)
    if attachment.erased_at is not None:
        return attachment
    attachment.erased_at = at
    attachment.sha256 = ""
    attachment.save(update_fields=["erased_at", "sha256"])
    record("file.erased", attachment, by=by, at=at, purpose=attachment.purpose)
    transaction.on_commit(lambda: storage.remove(attachment.public_id))
    return attachment


def reseal(attachment: Attachment) -> None:
    """Encrypt the same content with today's key."""
    storage.write(attachment.public_id, storage.read(attachment.public_id))


def renew_files(write: bool) -> Iterator[Chunk]:
    """Key rotation: every file that is not erased lies under the newest key; each is replaced as a whole."""
    for attachment in Attachment.objects.filter(erased_at=None).order_by("pk").iterator(chunk_size=500):
        chunk = Chunk("files")
        try:
            if storage.version(attachment.public_id) != newest(settings.FIELD_KEYS):
                chunk.renewed = 1
                if write:
                    reseal(attachment)
        except (Unreadable, FileNotFoundError):
            if not Attachment.objects.filter(pk=attachment.pk, erased_at=None).exists():
                continue  # erased meanwhile
            chunk.failed = [f"files.attachment {attachment.public_id}: does not open"]
        yield chunk


def remove_strays(folder: str, *, before: datetime) -> int:
    """Remove ciphertext that no row speaks of, or whose row is erased: what a refused or killed act left behind."""
    names = storage.names_in(folder, before=before)
    known = set(
        Attachment.objects.filter(public_id__in=names, erased_at=None).values_list("public_id", flat=True)
    )
    strays = [name for name in names if name not in known]
    for name in strays:
        storage.remove(name)
    return len(strays)
