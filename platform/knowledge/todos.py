"""Articles waiting for a second or third pair of eyes."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.todos import Todo
from knowledge.enums import ArticleState
from knowledge.models import Article


def waiting(user: User) -> list[Todo]:
    """What others wrote and this person may read or publish next."""
    rows = Article.objects.visible_to(user).exclude(author=user).exclude(peer=user)
    steps = [(ArticleState.PEER_REVIEW, _("Read an article"))]
    if user.seat is not None and user.seat.role == "supervisor":
        steps.append((ArticleState.COMPLIANCE_REVIEW, _("Check and publish an article")))
    return [
        Todo(title, reverse("knowledge:article", args=[row.public_id]), detail=row.title)
        for state, title in steps
        for row in rows.filter(state=state).order_by("pk")[:5]
    ]
