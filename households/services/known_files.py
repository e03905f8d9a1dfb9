"""Files of households are no way to try out numbers: a few a day may meet one beyond the own area (decision 0013)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.actors import Actor
from common.exceptions import Refused
from common.recording import record
from households.models import CodeTry, ImportBatch

DAY = timedelta(days=1)


def note_file(*, sender: User | None, file: str, at: datetime) -> bool:
    """Write down that a file's numbers are about to be looked up, and whether its sender may still ask today.

    Only files that found a number beyond the sender's area stay counted; what runs from the shell sees every area.
    """
    if sender is None:
        return True
    subject = _file_subject(sender, file)
    if not CodeTry.objects.filter(subject=subject).exists():
        CodeTry.objects.create(subject=subject, at=at)
    if _files(sender, at) <= settings.KNOWN_NUMBERS_FILES:
        return True
    CodeTry.objects.filter(subject=subject).delete()
    return False


def numbers_closed() -> Refused:
    """The same sentence whatever stands in the file."""
    return Refused(
        "numbers_not_looked_up",
        _(
            "Several of your files today hold numbers that have to be looked at beyond your area. Identity numbers are "
            "not looked up any more today. Send this file again tomorrow, or without the numbers."
        ),
    )


@transaction.atomic
def settle_file(*, batch: ImportBatch, sender: User | None, waiting: bool, by: Actor, at: datetime) -> None:
    """A file that found nothing beyond the area is no try; the one that reaches the limit is journaled."""
    if sender is None:
        return
    if not waiting:
        CodeTry.objects.filter(subject=_file_subject(sender, batch.public_id)).delete()
    elif _files(sender, at) == settings.KNOWN_NUMBERS_FILES:
        record("import.numbers_closed", batch, by=by, at=at, tries=settings.KNOWN_NUMBERS_FILES)


def _file_subject(sender: User, file: str) -> str:
    return f"known:file:{sender.public_id}:{file}"


def _files(sender: User, at: datetime) -> int:
    return CodeTry.objects.filter(subject__startswith=_file_subject(sender, ""), at__gt=at - DAY).count()
