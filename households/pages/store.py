"""Whose draft it is: the browser's that began or resumed it, or the signed-in helper's who owns it."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest
from django.utils.translation import gettext as _

from common.actors import Actor, CodeHolder
from households.models import Application, Draft

SESSION = "drafts"
MOST = 20


def own_draft(request: HttpRequest, public_id: str) -> Draft:
    """The draft, or a 404 that does not say whether there is one."""
    draft: Draft | None = Draft.objects.filter(public_id=public_id).first()
    if draft is None or not _is_own(request, draft):
        raise Http404(
            _(
                "This application is not open on this device. Go on with the code you noted, or begin a new one."
            )
        )
    return draft


def _is_own(request: HttpRequest, draft: Draft) -> bool:
    if draft.owner_id is not None:
        return bool(request.user.is_authenticated and draft.owner_id == request.user.pk)
    return draft.public_id in request.session.get(SESSION, [])


def remember(request: HttpRequest, draft: Draft) -> None:
    """This browser may go on with the draft."""
    known = [one for one in request.session.get(SESSION, []) if one != draft.public_id]
    request.session[SESSION] = [*known, draft.public_id][-MOST:]


def forget(request: HttpRequest, draft: Draft) -> None:
    """This browser shows the draft no longer; the code still opens it."""
    request.session[SESSION] = [one for one in request.session.get(SESSION, []) if one != draft.public_id]


def open_drafts(request: HttpRequest) -> list[Draft]:
    """What was begun in this browser and not sent yet, newest first."""
    known = request.session.get(SESSION, [])
    if not known:
        return []
    return list(
        Draft.objects.filter(public_id__in=known, used_at__isnull=True, owner__isnull=True).order_by(
            "-saved_at"
        )
    )


def answers_of(draft: Draft) -> dict[str, Any]:
    return json.loads(draft.answers)  # type: ignore[no-any-return]


def writer(request: HttpRequest, draft: Draft) -> Actor:
    """Who writes: the account, or whoever holds the draft."""
    return request.user if request.user.is_authenticated else CodeHolder(draft.public_id)


def sent_application(draft: Draft) -> Application | None:
    return Application.objects.filter(draft=draft).select_related("household").first()
