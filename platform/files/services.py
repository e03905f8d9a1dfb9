"""Keeping files: inspected, encrypted for their own row, and erased without a trace of their content."""

from __future__ import annotations

import hashlib
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.crypto import open_bytes, seal_bytes
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from files.enums import IMAGES, PURPOSES
from files.inspection import clean_image, kind_of, refuse_dangerous_pdf
from files.models import Attachment

LIMIT = 10 * 1024 * 1024


@transaction.atomic
def keep(*, upload: UploadedFile | None, purpose: str, owner: Any, by: Actor, at: datetime) -> Attachment:
    """Inspect one upload by its content and keep it encrypted; `owner` is the row (or label and ref) it belongs to."""
    if upload is None:
        raise Refused("no_file", _("Choose a file first."), field="upload")
    if upload.size == 0:
        raise Refused("empty_file", _("This file is empty. Choose another one."), field="upload")
    if (upload.size or 0) > LIMIT:
        raise Refused(
            "too_big",
            _("This file is larger than 10 MB. Take a smaller photo, or send fewer pages."),
            field="upload",
        )
    content = upload.read()
    kind = kind_of(content)
    allowed = PURPOSES[purpose]
    if not kind:
        raise Refused(
            "unknown_kind",
            _("We cannot open this kind of file. Send a photo (JPG, PNG) or a PDF."),
            field="upload",
        )
    if kind not in allowed.accepts:
        raise Refused(
            "kind_not_allowed",
            _("This kind of file does not fit here. Send a photo or a PDF."),
            field="upload",
        )
    if kind in IMAGES:
        content, kind = clean_image(content, kind)
    elif kind == "application/pdf":
        refuse_dangerous_pdf(content)
    return keep_content(content=content, content_type=kind, purpose=purpose, owner=owner, by=by, at=at,
                        data_class=allowed.data_class)  # fmt: skip


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
    path = place_of(attachment)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(seal_bytes(content, context=f"attachment:{attachment.public_id}"))
    record("file.kept", attachment, by=by, at=at, purpose=purpose, size=attachment.size, owner=ref)
    return attachment


def content_of(attachment: Attachment) -> bytes:
    """The plain content; only after the gate has been passed."""
    return open_bytes(place_of(attachment).read_bytes(), context=f"attachment:{attachment.public_id}")


@transaction.atomic
def erase(*, attachment: Attachment, by: Actor, at: datetime) -> Attachment:
    """The content goes, the row stays as a tombstone."""
    attachment = lock(attachment)
    attachment.erased_at = at
    attachment.save(update_fields=["erased_at"])
    record("file.erased", attachment, by=by, at=at)
    transaction.on_commit(lambda: place_of(attachment).unlink(missing_ok=True))
    return attachment


def place_of(attachment: Attachment) -> Path:
    """Private storage outside static and media; the name says nothing."""
    return Path(settings.PRIVATE_DIR) / attachment.public_id[:2] / attachment.public_id
