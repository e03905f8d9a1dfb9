"""Keeping a paper's picture, in the same transaction as the paper."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.files.uploadedfile import UploadedFile

from common.actors import Actor
from common.exceptions import Refused
from files.models import Attachment
from files.services import keep


def kept(
    *, proof: UploadedFile[bytes] | Attachment | None, owner: Any, by: Actor, at: datetime
) -> Attachment:
    """The attachment of an upload; one kept before is taken as it is. A refusal lands beside the proof's field."""
    if isinstance(proof, Attachment):
        return proof
    try:
        return keep(upload=proof, purpose="qualification", owner=owner, by=by, at=at)
    except Refused as refused:
        raise Refused(refused.code, refused.message, field="proof") from None
