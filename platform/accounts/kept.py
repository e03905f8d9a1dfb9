"""A form sent to a locked page is not lost: its text waits, encrypted, in the session until it is sent again."""

from __future__ import annotations

import json
from dataclasses import dataclass

from django.http import HttpRequest

from common import crypto

SESSION_KEY = "kept_form"
LIMIT = 200_000  # characters; a session is not a store
NEVER = frozenset({"csrfmiddlewaretoken"})


@dataclass(frozen=True)
class KeptForm:
    """What was sent where; uploads cannot be kept, and a text beyond the limit is not (`fields` is empty then)."""

    path: str
    fields: list[tuple[str, str]]
    had_files: bool


def keep(request: HttpRequest) -> None:
    """Keep the text of this POST for one more try."""
    fields = [
        (name, value)
        for name, values in request.POST.lists()
        if name not in NEVER and "password" not in name
        for value in values
    ]
    if sum(len(name) + len(value) for name, value in fields) > LIMIT:
        fields = []
    plain = json.dumps({"path": request.get_full_path(), "fields": fields, "had_files": bool(request.FILES)})
    request.session[SESSION_KEY] = str(crypto.seal_text(plain, context=_context(request)))


def kept_form(request: HttpRequest) -> KeptForm | None:
    """What waits, or None: nothing, or something another account left."""
    sealed = request.session.get(SESSION_KEY)
    if not sealed:
        return None
    try:
        content = json.loads(crypto.open_text(sealed, context=_context(request)))
    except crypto.Unreadable:
        return None
    return KeptForm(
        path=content["path"],
        fields=[(name, value) for name, value in content["fields"]],
        had_files=content["had_files"],
    )


def drop(request: HttpRequest) -> None:
    request.session.pop(SESSION_KEY, None)


def settle(request: HttpRequest) -> None:
    """The form is being sent again: it need not wait any longer."""
    waiting = kept_form(request)
    if waiting is not None and waiting.path == request.get_full_path():
        drop(request)


def _context(request: HttpRequest) -> str:
    return f"kept_form:{request.user.pk}"
