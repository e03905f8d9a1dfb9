"""Articles waiting for a second or third pair of eyes."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from common.todos import Todo
from knowledge.enums import SHOWN, ArticleState
from knowledge.models import Article


def waiting(user: User) -> list[Todo]:
    """Own texts that came back, what others wrote and this person may read or publish, consents taken back."""
    rows = Article.objects.worked_on_by(user, user.seat)
    others = rows.exclude(author=user).exclude(peer=user)
    steps = [
        (_("Your article came back"), rows.filter(state=ArticleState.DRAFT, author=user).exclude(reason="")),
        (_("Read an article"), others.filter(state=ArticleState.PEER_REVIEW)),
    ]
    if user.seat is not None and user.seat.role == "supervisor":
        withdrawn = rows.filter(state__in=SHOWN, pk__in=Article.objects.without_consent().values("pk"))
        steps += [
            (_("Check and publish an article"), others.filter(state=ArticleState.COMPLIANCE_REVIEW)),
            (_("A family took its consent back: take the article down"), withdrawn),
        ]
    return [
        Todo(title, reverse("knowledge:article", args=[row.public_id]), detail=row.title)
        for title, found in steps
        for row in found.order_by("pk")[:5]
    ]
