"""Reading notices."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from accounts.models import User
from notices.models import Notice


def unread_count(user: User) -> int:
    """How many notices a person has not opened."""
    return int(Notice.objects.visible_to(user).unread().count())


def notices_for(kind: str, ref: str) -> QuerySet[Any]:
    """Everything said to one reader, newest first; the caller has passed the reader's own gate."""
    return Notice.objects.filter(to_kind=kind, to_ref=ref).order_by("-at", "-id")
