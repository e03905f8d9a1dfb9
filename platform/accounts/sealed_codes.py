"""Key rotation of what the second factor keeps sealed: TOTP secrets and the seeds of recovery codes."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from allauth.mfa.models import Authenticator
from django.db import transaction

from accounts.adapter import TOTP_CONTEXT
from common.crypto import Unreadable
from common.locking import lock
from common.rotation import Chunk, renewed_text

SEALED = ("secret", "seed", "migrated_codes")


def renew_second_factors(write: bool) -> Iterator[Chunk]:
    for number in Authenticator.objects.order_by("pk").values_list("pk", flat=True):
        chunk = Chunk("second_factors")
        with transaction.atomic():
            row = Authenticator.objects.filter(pk=number).first()
            if row is None:
                continue  # reset meanwhile
            row = lock(row) if write else row
            try:
                data = {
                    name: _renewed(value) if name in SEALED else value for name, value in row.data.items()
                }
            except Unreadable:
                chunk.failed = [f"mfa.authenticator {number}: does not open"]
            else:
                if data != row.data:
                    chunk.renewed = 1
                    row.data = data
                    if write:
                        row.save(update_fields=["data"])
        yield chunk


def _renewed(value: Any) -> Any:
    if isinstance(value, list):
        return [renewed_text(one, context=TOTP_CONTEXT) for one in value]
    return renewed_text(value, context=TOTP_CONTEXT)
