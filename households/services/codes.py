"""Opening with a code: five wrong tries per code and per browser, then a quarter of an hour's pause.

A try is written down and committed before it is looked at, so that guesses made at the same moment count each other
and never more than five are answered. An address is never counted: a village shares one.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from common.actors import CodeHolder
from common.clock import day_of
from common.crypto import blind_index
from common.exceptions import Refused
from common.models import ALPHABET
from common.recording import record
from households.models import CodeTry, Draft
from households.queries import Holder, draft_by_code, holder_by_code

CODE_LENGTH = 10
TRIES = 5
PAUSE = timedelta(minutes=15)
KEPT = timedelta(days=1)
T = TypeVar("T")


def new_code() -> str:
    """Ten characters nobody can guess, without those that are easily mistaken."""
    return "".join(secrets.choice(ALPHABET) for _ in range(CODE_LENGTH))


def open_application(*, code: str, tail: str, browser: str, at: datetime) -> Holder:
    """Whoever knows the code and the last four of a phone or identity number may see and answer."""
    holder = _tried(
        ("code", code),
        browser,
        at,
        lambda: holder_by_code(code, tail, on=day_of(at)),
        _("Code and number do not go together. Look at your slip once more."),
    )
    record("application.opened_by_code", holder.application, by=holder.actor, at=at)
    return holder


def open_draft(*, code: str, browser: str, at: datetime) -> Draft:
    """Whoever knows the code goes on writing, on this or another device."""
    draft = _tried(
        ("resume", code),
        browser,
        at,
        lambda: draft_by_code(code),
        _("We do not find anything begun with this code. Look at it once more."),
    )
    if draft.used_at is not None:
        raise Refused("already_sent", _("This application was sent already. Follow it with your query code."))
    record("draft.resumed", draft, by=CodeHolder(draft.public_id), at=at)
    return draft


def _tried(what: tuple[str, str], browser: str, at: datetime, find: Callable[[], T | None], wrong: str) -> T:
    kind, code = what
    subjects = [f"{kind}:{blind_index('query_code', code)}"[:80], f"browser:{browser}"]
    own = _written_down(subjects, at)
    counts = [CodeTry.objects.filter(subject=subject, at__gt=at - PAUSE).count() for subject in subjects]
    if max(counts) > TRIES:
        own.delete()  # a try during the pause is not answered and does not make it longer
        raise Refused(
            "paused",
            _("That was five times. Wait a quarter of an hour, or call us; your details are safe meanwhile."),
        )
    found = find()
    if found is None:
        raise Refused("code_unknown", wrong)
    own.delete()
    return found


def _written_down(subjects: list[str], at: datetime) -> QuerySet[CodeTry]:
    """One try per subject, committed."""
    with transaction.atomic():
        CodeTry.objects.filter(at__lt=at - KEPT).delete()
        tries = [CodeTry(subject=subject, at=at) for subject in subjects]
        CodeTry.objects.bulk_create(tries)
    return CodeTry.objects.filter(public_id__in=[one.public_id for one in tries])
