"""Answers of a signed-in person that are not sent yet: one draft a person and series, sealed, gone once sent.

As with a household's draft only beginning and end are journaled: a step in between is the writer's own unfinished
text and decides nothing.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from common.actors import Actor
from common.crypto import Unreadable
from common.locking import lock
from common.models import UnsentAnswers
from common.recording import record

KEPT = timedelta(days=90)


def answers_of(series: str, person: Any) -> dict[str, Any]:
    """What this person has answered so far; nothing if the key it was sealed with is gone."""
    row = UnsentAnswers.objects.all().visible_to(person).filter(series=series).first()
    try:
        return json.loads(row.answers) if row is not None else {}
    except Unreadable:
        return {}


@transaction.atomic
def keep_answers(*, series: str, given: dict[str, Any], by: Actor, at: datetime) -> dict[str, Any]:
    """Put one page's answers beside all others; two pages kept at once both stay."""
    row, is_new = UnsentAnswers.objects.get_or_create(
        series=series, owner_ref=by.actor_ref, defaults={"answers": "{}", "saved_at": at}
    )
    if is_new:
        record("draft.started", row, by=by, at=at)
    row = lock(row)
    try:
        answers: dict[str, Any] = json.loads(row.answers)
    except Unreadable:
        answers = {}
    answers |= given
    row.answers = json.dumps(answers, ensure_ascii=False)
    row.saved_at = at
    row.save(update_fields=["answers", "saved_at"])
    return answers


@transaction.atomic
def forget_answers(*, series: str, by: Actor, at: datetime) -> None:
    """They were sent: the file they made holds them now."""
    for row in UnsentAnswers.objects.filter(series=series, owner_ref=by.actor_ref):
        record("draft.erased", row, by=by, at=at)
        row.delete()


@transaction.atomic
def erase_left_answers(*, by: Actor, at: datetime) -> int:
    """Begun and left for ninety days: the answers go, and the journal keeps how many (domain §8.1)."""
    done, _rows = UnsentAnswers.objects.filter(saved_at__lt=at - KEPT).delete()
    if done:
        record("draft.erased", (UnsentAnswers._meta.label_lower, ""), by=by, at=at, drafts=done)
    return done
