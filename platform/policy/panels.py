"""Where the header leads officers and everybody else, and what waits for an officer."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.panels import provide
from common.todos import Todo
from policy.enums import PolicyState
from policy.models import Policy

SHOWN = 10


def install() -> None:
    """Called once, when the applications are ready."""
    provide("nav.officer", lambda user: [(40, _("Policies"), "policy:desk")])
    provide("nav.viewer", lambda user: [(40, _("Policies"), "policy:list")])
    provide("todo.officer", officer_todos)


def officer_todos(user: User) -> list[Todo]:
    """Drafts a colleague sent, reviewed ones to be published, own drafts that came back."""
    own = Policy.objects.visible_to(user).filter(area__startswith=user.seat.prefix if user.seat else "-")
    sent = own.filter(state=PolicyState.DRAFT, sent_at__isnull=False).exclude(drafter=user)
    back = own.filter(state=PolicyState.DRAFT, drafter=user).exclude(sent_back_reason="")
    reviewed = own.filter(state=PolicyState.REVIEWED).exclude(drafter=user)
    found: list[tuple[Any, Any]] = [(row, _("Review a policy: %(title)s")) for row in sent[:SHOWN]]
    found += [(row, _("Your draft came back: %(title)s")) for row in back[:SHOWN]]
    found += [(row, _("Publish a reviewed policy: %(title)s")) for row in reviewed[:SHOWN]]
    return [
        Todo(
            title=words % {"title": row.title},
            url=reverse("policy:work", args=[row.public_id]),
            detail=row.doc_no,
            kind="policy",
        )
        for row, words in found
    ]
