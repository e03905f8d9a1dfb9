"""A donor's money on its way to the fund holder."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from delivery.enums import (
    TRANSFER_MOVES,
    TransferState,
)
from delivery.models.agreements import STAFF
from donors.models.lot import lot_rule


class TransferQuerySet(GatedQuerySet):
    """The giver, the fund holder named, and the staff of the places the lot may serve."""

    def seen_by(self, user: Any, seat: Seat | None) -> TransferQuerySet:
        if seat is None:
            return self.none()
        if seat.role == Role.FUND_HOLDER:
            return self.filter(fund_holder__organisation_id=seat.organisation_id)
        if seat.role in STAFF | {Role.DONOR, Role.OFFICER}:
            rule = lot_rule(user, seat, "lot__")
            return self.none() if rule is None else self.filter(rule)
        return self.none()


class Transfer(Record, StatefulModel):
    """A donor's money on its way to the named fund holder, with proof; the fund holder alone confirms arrival."""

    TITLE = ("fund_holder.name", "bank_reference", "sent_on")

    STATES = TransferState
    MOVES = TRANSFER_MOVES

    lot = models.ForeignKey(
        "donors.Lot", verbose_name=_("offer"), on_delete=models.PROTECT, related_name="transfers"
    )
    fund_holder = models.ForeignKey(
        "implementers.FundHolder",
        verbose_name=_("fund holder"),
        on_delete=models.PROTECT,
        related_name="transfers",
    )
    amount = models.BigIntegerField(_("amount (fen)"))
    sent_on = models.DateField(_("sent on"))
    bank_reference = models.CharField(_("reference on the bank slip"), max_length=60)
    proof = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    arrived_on = models.DateField(_("arrived on"), null=True)
    receipt_no = models.CharField(_("donation receipt number"), max_length=60, blank=True)
    arrival_proof = models.ForeignKey(
        "files.Attachment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    arrived_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar = TransferQuerySet.as_manager()

    class Meta:
        verbose_name = _("transfer")
        verbose_name_plural = _("transfers")
        constraints = [
            state_check(TransferState, "transfer_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="transfer_amount"),
            models.CheckConstraint(
                condition=~Q(state="arrived")
                | (Q(arrived_on__isnull=False, arrived_by__isnull=False) & ~Q(receipt_no="")),
                name="transfer_arrived_complete",
            ),
            models.UniqueConstraint(
                fields=["fund_holder", "receipt_no"], condition=~Q(receipt_no=""), name="receipt_number_once"
            ),
            models.UniqueConstraint(
                fields=["fund_holder", "bank_reference"],
                condition=~Q(state="rejected"),
                name="transfer_reference_once",
            ),
        ]
