"""Payments of a fund holder, a tranche at a time."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from delivery.enums import (
    DISBURSEMENT_MOVES,
    DisbursementState,
)
from delivery.models.agreements import STAFF, Agreement
from projects.models import Project, StageGate


class DisbursementQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> DisbursementQuerySet:
        if seat is None:
            return self.none()
        if seat.role in STAFF | GOVERNMENT:
            return self.filter(project__place__startswith=seat.prefix)
        if seat.role == Role.AGENCY:
            return self.filter(project__agency__organisation_id=seat.organisation_id)
        if seat.role == Role.FUND_HOLDER:
            return self.filter(project__fund_holder__organisation_id=seat.organisation_id)
        return self.none()


class Disbursement(Record, StatefulModel):
    """A tranche of an agreement in force, approved by two people of the fund holder; the second after mid-term."""

    TITLE = ("number", "created_at")

    STATES = DisbursementState
    MOVES = DISBURSEMENT_MOVES

    number = models.CharField(_("payment number"), max_length=32, unique=True)
    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="disbursements"
    )
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="disbursements"
    )
    gate = models.ForeignKey(StageGate, on_delete=models.PROTECT, related_name="disbursements")
    tranche = models.PositiveSmallIntegerField(_("tranche"))
    amount = models.BigIntegerField(_("amount (fen)"))
    vouchered = models.BigIntegerField(_("vouchers so far (fen)"), default=0, editable=False)
    kept = models.BigIntegerField(_("stayed with families (fen)"), default=0, editable=False)
    purpose = models.CharField(_("purpose"), max_length=200)
    requested_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, verbose_name=_("requested by"), on_delete=models.PROTECT, related_name="+"
    )
    checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("papers checked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    first_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("first approver"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    second_approver = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        verbose_name=_("second approver"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    payment_reference = models.CharField(_("bank reference"), max_length=60, blank=True)
    payment_proof = models.ForeignKey(
        "files.Attachment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    paid_on = models.DateField(_("paid on"), null=True)
    received_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(_("asked for on"))
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar = DisbursementQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        constraints = [
            state_check(DisbursementState, "disbursement_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="disbursement_amount"),
            models.CheckConstraint(condition=Q(tranche__gte=1), name="disbursement_tranche"),
            models.CheckConstraint(
                condition=Q(vouchered__gte=0, amount__gte=F("vouchered")), name="disbursement_vouchers_within"
            ),
            models.CheckConstraint(
                condition=Q(kept=0) | Q(state="recovered", kept__gt=0, amount__gt=F("kept")),
                name="disbursement_kept_part",
            ),
            models.CheckConstraint(
                condition=~Q(first_approver=F("checked_by")) & ~Q(second_approver=F("checked_by")),
                name="disbursement_checker_apart",
            ),
            models.CheckConstraint(
                condition=Q(second_approver__isnull=True)
                | (Q(first_approver__isnull=False) & ~Q(second_approver=F("first_approver"))),
                name="disbursement_two_people",
            ),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "checked", "rejected"])
                | Q(first_approver__isnull=False, second_approver__isnull=False, checked_by__isnull=False),
                name="disbursement_approved_by_two",
            ),
            models.UniqueConstraint(
                fields=["agreement", "tranche"],
                condition=~Q(state__in=["rejected", "returned", "recovered"]),
                name="tranche_once",
            ),
        ]
