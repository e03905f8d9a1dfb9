"""Pairs a worker keeps or excludes."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from households.models import Household, Need


class PairQuerySet(GatedQuerySet):
    """Workers and supervisors, by household."""

    def seen_by(self, user: Any, seat: Seat | None) -> PairQuerySet:
        if seat is None or seat.role not in {Role.SOCIAL_WORKER, Role.SUPERVISOR}:
            return self.none()
        return self.filter(need__household__in=Household.objects.visible_to(user))

    def in_force(self) -> PairQuerySet:
        return self.filter(lifted_at__isnull=True)


class Pair(Record):
    """What a worker said about one need and one resource, for the runs to come; lifted ones stay on record."""

    TITLE = ("need.number", "at")

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey("donors.Lot", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("since"))
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lift_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar = PairQuerySet.as_manager()

    class Meta:
        abstract = True


class Ban(Pair):
    """A declined pair: the engine does not bring it again."""

    reason = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("excluded pair")
        verbose_name_plural = _("excluded pairs")
        constraints = [
            models.UniqueConstraint(
                fields=["need", "lot"], condition=Q(lifted_at__isnull=True), name="ban_once"
            )
        ]


class Pin(Pair):
    """A pair a worker wants kept in the next run."""

    amount = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("kept pair")
        verbose_name_plural = _("Kept for the next run")
        constraints = [
            models.UniqueConstraint(
                fields=["need", "lot"], condition=Q(lifted_at__isnull=True), name="pin_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="pin_amount"),
        ]
