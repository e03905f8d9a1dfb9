"""Points cards: fitted or written down, approved by a second person, and advice for as long as they are in use."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, PLATFORM_STAFF
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from households.enums import CARD_MOVES, CardState
from reference.coding import lineage


class PointsCardQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> PointsCardQuerySet:
        """Cards of the own area, of its parts, and of what it lies in."""
        if seat is None or seat.role not in {*PLATFORM_STAFF, *GOVERNMENT}:
            return self.none()
        return self.filter(Q(area__startswith=seat.prefix) | Q(area__in=["", *lineage(seat.prefix)]))


class PointsCard(Record, StatefulModel):
    """One version of a card for an area: its content never changes; another content is another version."""

    TITLE = ("title", "version")

    STATES = CardState
    MOVES = CARD_MOVES

    title = models.CharField(_("name of the card"), max_length=80)
    version = models.PositiveSmallIntegerField(_("version"))
    area = models.CharField(_("area code"), max_length=12, blank=True)
    content = models.JSONField(_("questions and points"))
    figures = models.JSONField(_("how well it tells"), default=dict)
    sha256 = models.CharField(max_length=64)  # of the content, so that a score can name the very card
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    created_at = models.DateTimeField(_("put up"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_at = models.DateTimeField(_("approved"), null=True)

    objects: ClassVar = PointsCardQuerySet.as_manager()

    class Meta:
        verbose_name = _("points card")
        verbose_name_plural = _("points cards")
        constraints = [
            state_check(CardState, "card_state"),
            models.UniqueConstraint(fields=["area", "title", "version"], name="card_version_once"),
            models.UniqueConstraint(fields=["area"], condition=Q(state="in_use"), name="card_in_use_once"),
            models.CheckConstraint(
                condition=~Q(state="in_use") | Q(approved_by__isnull=False, approved_at__isnull=False),
                name="card_approved_pair",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=models.F("made_by")),
                name="card_four_eyes",
            ),
        ]
