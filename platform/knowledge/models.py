"""Experience that helps others: written by one, read by a second, checked by a third, then public."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from evaluation.models import Evaluation
from households.models import Consent
from knowledge.enums import ARTICLE_MOVES, SHOWN, ArticleKind, ArticleState, Grade, StoryUse

WRITERS = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})


class ArticleQuerySet(GatedQuerySet):
    """Everybody what is published; what is in work, and what was, the people of the place it is written in."""

    def seen_by(self, user: Any, seat: Seat | None) -> ArticleQuerySet:
        return self.shown() | self.worked_on_by(user, seat)

    def worked_on_by(self, user: Any, seat: Seat | None) -> ArticleQuerySet:
        """Its author and whoever read or checked it; the writers of its place; head offices all of them."""
        if seat is None or seat.role not in WRITERS:
            return self.none()
        own = Q(author=user.pk) | Q(peer=user.pk) | Q(editor=user.pk)
        around = [seat.prefix[:length] for length in range(1, len(seat.prefix) + 1)]
        return self.filter(own | Q(area__startswith=seat.prefix) | Q(area__in=around))

    def shown(self) -> ArticleQuerySet:
        """In public, from the hour a family takes its consent back no longer (PIPL §15, domain §8.1)."""
        return self.filter(state__in=SHOWN).exclude(pk__in=self.model.objects.without_consent().values("pk"))

    def without_consent(self) -> ArticleQuerySet:
        """Told after a family that has taken its consent back."""
        return self.filter(consents__withdrawn_at__isnull=False)


class Article(Record, Versioned, StatefulModel):
    """Answer first, then steps; it rests on final evaluations and names nobody."""

    STATES = ArticleState
    MOVES = ARTICLE_MOVES

    kind = models.CharField(_("kind"), max_length=12, choices=ArticleKind)
    title = models.CharField(_("title"), max_length=80)
    summary = models.CharField(_("the answer in two sentences"), max_length=300)
    body = models.TextField(_("how it was done, step by step"))
    causes = models.JSONField(_("helps with"), default=list)
    categories = models.JSONField(_("kinds of need"), default=list)
    grade = models.CharField(_("evidence"), max_length=1, choices=Grade)
    evaluations = models.ManyToManyField(
        Evaluation, verbose_name=_("evaluations it rests on"), related_name="articles"
    )
    story = models.CharField(_("stories and pictures"), max_length=12, choices=StoryUse)
    consents = models.ManyToManyField(
        Consent, verbose_name=_("consents of families"), related_name="articles"
    )
    area = models.CharField(_("area code"), max_length=12, blank=True, default="", editable=False)
    replaces = models.OneToOneField(
        "self", verbose_name=_("replaces"), on_delete=models.PROTECT, null=True, related_name="replaced_by"
    )
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("author"), on_delete=models.PROTECT, related_name="+"
    )
    peer = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("peer reviewer"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    editor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("compliance reviewer"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    checklist = models.JSONField(_("checklist"), default=list)
    reason = models.CharField(_("reason"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("created at"))
    published_at = models.DateTimeField(_("published"), null=True)

    objects: ClassVar = ArticleQuerySet.as_manager()

    class Meta:
        verbose_name = _("article")
        verbose_name_plural = _("articles")
        constraints = [
            state_check(ArticleState, "article_state"),
            models.CheckConstraint(
                condition=(Q(peer__isnull=True) | ~Q(peer=F("author")))
                & (Q(editor__isnull=True) | (~Q(editor=F("author")) & ~Q(editor=F("peer")))),
                name="article_three_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["published", "updating"])
                | Q(peer__isnull=False, editor__isnull=False, published_at__isnull=False),
                name="article_published_complete",
            ),
        ]
        indexes = [models.Index(fields=["state", "-published_at", "-id"], name="article_published")]

    def __str__(self) -> str:
        return self.title
