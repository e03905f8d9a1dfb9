"""The draft behind the one-question pages: kept sealed at every step, found again, never lost.

Only its beginning is journaled here, and its use by `submit_application`: a step in between is the writer's own
unfinished text, decides nothing and is read by nobody else, and a line for every keystroke page would bury the acts
the journal is for.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock, lock_all
from common.models import ALPHABET
from common.recording import record
from files.models import Attachment
from files.services import erase, keep
from households.models import Draft

CODE_LENGTH = 10
KEPT = timedelta(days=90)


@transaction.atomic
def start_draft(*, channel: str, scope: str = "", owner: User | None, by: Actor, at: datetime) -> Draft:
    """Begin an application; `scope` is the area a worker may file for."""
    draft = Draft(
        owner=owner,
        channel=channel,
        answers=json.dumps({"channel": channel, "scope": scope}),
        resume_code="".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH)),
        created_at=at,
        saved_at=at,
    )
    draft.save(force_insert=True)
    record("draft.started", draft, by=by, at=at, channel=channel)
    return draft


@transaction.atomic
def erase_old_drafts(*, drafts: list[Draft], by: Actor, at: datetime) -> int:
    """Begun and left for ninety days: the answers and their files go, and the journal keeps how many (domain §8.1)."""
    old = lock_all(Draft.objects.filter(pk__in=[draft.pk for draft in drafts], **left_before(at)))
    refs = [draft.public_id for draft in old]
    files = Attachment.objects.filter(owner_label=Draft._meta.label_lower, owner_ref__in=refs, erased_at=None)
    erased = [erase(attachment=attachment, by=by, at=at) for attachment in lock_all(files)]
    Draft.objects.filter(pk__in=[draft.pk for draft in old]).delete()
    if old:
        label = (Draft._meta.label_lower, "")
        record("draft.erased", label, by=by, at=at, drafts=len(old), files=len(erased))
    return len(old)


def left_before(at: datetime) -> dict[str, Any]:
    """Never sent, and not touched for as long as a draft is kept."""
    return {"used_at__isnull": True, "saved_at__lt": at - KEPT}


@transaction.atomic
def save_draft_step(
    *,
    draft: Draft,
    step: str,
    values: dict[str, Any] | None,
    at: datetime,
    drop: Iterable[str] = (),
    upload: UploadedFile[bytes] | None = None,
    by: Actor | None = None,
) -> Draft:
    """Keep one page's answers (None forgets them) beside all others; repeating it changes nothing.

    The row is locked and read afresh, so two pages saved at once both stay. A file is kept as an attachment of the
    draft, and its public_id stands among the answers.
    """
    draft = lock(draft)
    if draft.used_at is not None:
        raise Refused("already_sent", _("This application was sent already. Follow it with your query code."))
    answers: dict[str, Any] = json.loads(draft.answers)
    for key in (*drop, step):
        answers.pop(key, None)
    if values is not None:
        answers[step] = values
    if upload is not None and by is not None and values is not None:
        try:
            kept = keep(upload=upload, purpose="delegation_evidence", owner=draft, by=by, at=at)
        except Refused as refused:
            raise Refused(refused.code, refused.message, field="photo") from refused
        answers[step] = {**values, "attachment": kept.public_id}
    draft.answers = json.dumps(answers, ensure_ascii=False)
    draft.step = step[:40]
    draft.saved_at = at
    draft.save(update_fields=["answers", "step", "saved_at"])
    return draft
