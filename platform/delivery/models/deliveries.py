"""What is handed to a family."""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from delivery.enums import (
    DELIVERY_MOVES,
    DeliveryState,
    Way,
)
from delivery.models.disbursements import Disbursement
from matching.models import Proposal


class DeliveryQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> DeliveryQuerySet:
        return self.filter(proposal__in=Proposal.objects.visible_to(user))


class Delivery(Record, StatefulModel):
    """What was handed over for one match, and the household's own word that it arrived."""

    TITLE = ("proposal.number", "planned_on")

    STATES = DeliveryState
    MOVES = DELIVERY_MOVES

    proposal = models.ForeignKey(
        Proposal, verbose_name=_("match"), on_delete=models.PROTECT, related_name="deliveries"
    )
    disbursement = models.ForeignKey(
        Disbursement, on_delete=models.PROTECT, null=True, related_name="deliveries"
    )
    amount = models.BigIntegerField(_("amount"))
    planned_on = models.DateField(_("planned for"))
    delivered_at = models.DateTimeField(_("handed over on"), null=True)
    delivered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    proof = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(_("confirmed on"), null=True)
    undo_until = models.DateTimeField(null=True)
    settled_at = models.DateTimeField(null=True)
    confirm_method = models.CharField(_("way"), max_length=12, choices=Way, blank=True)
    confirmed_by_ref = models.CharField(max_length=40, blank=True)
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    created_at = models.DateTimeField()
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar = DeliveryQuerySet.as_manager()

    class Meta:
        verbose_name = _("delivery")
        verbose_name_plural = _("deliveries")
        constraints = [
            state_check(DeliveryState, "delivery_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="delivery_amount"),
            models.CheckConstraint(
                condition=~Q(state="confirmed")
                | (Q(confirmed_at__isnull=False, delivered_at__isnull=False) & ~Q(confirmed_by_ref="")),
                name="delivery_confirmed_complete",
            ),
            models.CheckConstraint(
                condition=Q(settled_at__isnull=True)
                | Q(state="confirmed", undo_until__isnull=False, settled_at__gte=F("undo_until")),
                name="delivery_settled_after_undo",
            ),
        ]

    def may_undo(self, at: datetime) -> bool:
        """Whether the household can still take its word back."""
        return self.settled_at is None and self.undo_until is not None and at < self.undo_until
