"""Agreements, transfers, payments, deliveries and vouchers: proofs of what happened outside, never money itself."""

from __future__ import annotations

from datetime import datetime
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
    AGREEMENT_MOVES,
    DELIVERY_MOVES,
    DISBURSEMENT_MOVES,
    TRANSFER_MOVES,
    AgreementKind,
    AgreementState,
    DeliveryState,
    DisbursementState,
    Signer,
    TransferState,
)
from donors.models.lot import lot_rule
from households.models import Household
from matching.models import Proposal
from projects.models import JointAnalysis, Project, StageGate

STAFF = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})


class AgreementQuerySet(GatedQuerySet):
    """The parties and the staff of the place; a household's own agreement also needs the household's gate."""

    def seen_by(self, user: Any, seat: Seat | None) -> AgreementQuerySet:
        if seat is None:
            return self.none()
        if seat.role in STAFF:
            mine = Q(household__isnull=True) | Q(household__in=Household.objects.visible_to(user))
            return self.filter(mine, project__place__startswith=seat.prefix)
        if seat.role in GOVERNMENT:
            return self.filter(household__isnull=True, project__place__startswith=seat.prefix)
        if seat.role == Role.AGENCY:
            return self.filter(project__agency__organisation_id=seat.organisation_id)
        if seat.role == Role.FUND_HOLDER:
            return self.filter(
                household__isnull=True, project__fund_holder__organisation_id=seat.organisation_id
            )
        return self.none()


class Agreement(Record, StatefulModel):
    """A text with its hash, signed by its parties; in force only after the ten minutes to undo, then immutable."""

    STATES = AgreementState
    MOVES = AGREEMENT_MOVES

    number = models.CharField(_("agreement number"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    kind = models.CharField(_("kind"), max_length=12, choices=AgreementKind)
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="agreements"
    )
    household = models.ForeignKey(
        Household, verbose_name=_("household"), on_delete=models.PROTECT, null=True, related_name="agreements"
    )
    analysis = models.ForeignKey(
        JointAnalysis, on_delete=models.PROTECT, null=True, related_name="agreements"
    )
    gate = models.ForeignKey(StageGate, on_delete=models.PROTECT, null=True, related_name="agreements")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later_versions")
    content = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    amount = models.BigIntegerField(_("amount (fen)"), default=0)
    drawn = models.BigIntegerField(_("asked for so far (fen)"), default=0, editable=False)
    start = models.DateField(_("from"))
    end = models.DateField(_("until"))
    created_at = models.DateTimeField(_("written"))
    signed_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(_("effective since"), null=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            state_check(AgreementState, "agreement_state"),
            models.UniqueConstraint(fields=["number", "version"], name="agreement_version_once"),
            models.CheckConstraint(
                condition=Q(kind="entrustment", gate__isnull=False, household__isnull=True)
                | Q(kind="service", household__isnull=False, analysis__isnull=False),
                name="agreement_gate_or_analysis",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="agreement_period"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="agreement_amount"),
            models.CheckConstraint(
                condition=Q(drawn__gte=0, amount__gte=F("drawn")), name="agreement_drawn_within_amount"
            ),
            models.CheckConstraint(
                condition=~Q(state="effective") | Q(effective_at__isnull=False, signed_at__isnull=False),
                name="agreement_effective_pair",
            ),
            *(
                models.UniqueConstraint(
                    fields=fields, condition=Q(kind=kind, state__in=states), name=f"{kind}_{name}_once"
                )
                for kind, fields in (("service", ["project", "household"]), ("entrustment", ["project"]))
                for name, states in (("in_force", ["effective"]), ("written", ["draft", "signing", "signed"]))
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"


class AgreementPartQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> AgreementPartQuerySet:
        return self.filter(agreement__in=Agreement.objects.visible_to(user))


class Signature(Record):
    """One party put its name to exactly this text."""

    agreement = models.ForeignKey(
        Agreement, verbose_name=_("agreement"), on_delete=models.PROTECT, related_name="signatures"
    )
    signer = models.CharField(_("party"), max_length=12, choices=Signer)
    by_ref = models.CharField(max_length=40)
    text_hash = models.CharField(_("hash of the text"), max_length=64)
    method = models.CharField(_("way"), max_length=12)
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")
    signed_at = models.DateTimeField(_("signed on"))
    undo_until = models.DateTimeField(_("can be taken back until"))
    undone_at = models.DateTimeField(_("taken back"), null=True)

    objects: ClassVar = AgreementPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("signature")
        verbose_name_plural = _("signatures")
        constraints = [
            models.UniqueConstraint(
                fields=["agreement", "signer"], condition=Q(undone_at__isnull=True), name="signature_once"
            ),
            models.UniqueConstraint(
                fields=["agreement", "by_ref"],
                condition=Q(undone_at__isnull=True),
                name="signature_one_party_each",
            ),
        ]


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


class DeliveryQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> DeliveryQuerySet:
        return self.filter(proposal__in=Proposal.objects.visible_to(user))


class Delivery(Record, StatefulModel):
    """What was handed over for one match, and the household's own word that it arrived."""

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
    confirm_method = models.CharField(_("way"), max_length=12, blank=True)
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


class DisbursementPartQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> DisbursementPartQuerySet:
        return self.filter(disbursement__in=Disbursement.objects.visible_to(user))


class Voucher(Record):
    """An invoice or receipt for money spent; a number is used once per issuer (rule PRJ-01)."""

    disbursement = models.ForeignKey(
        Disbursement, verbose_name=_("payment"), on_delete=models.PROTECT, related_name="vouchers"
    )
    issuer = models.CharField(_("issuer"), max_length=120)
    number = models.CharField(_("voucher number"), max_length=60)
    amount = models.BigIntegerField(_("amount (fen)"))
    dated = models.DateField(_("date"))
    purpose = models.CharField(_("for what"), max_length=200)
    attachment = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, related_name="+")
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("recorded on"))

    objects: ClassVar = DisbursementPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("voucher")
        verbose_name_plural = _("vouchers")
        constraints = [
            models.UniqueConstraint(fields=["issuer", "number"], name="voucher_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="voucher_amount"),
        ]


class ProgressReport(Record):
    """What the agency did in a period, in words and figures."""

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="progress_reports"
    )
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"))
    text = models.TextField(_("what was done"))
    households_served = models.PositiveIntegerField(_("households served"))
    spent = models.BigIntegerField(_("spent (fen)"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("recorded on"))

    class Reports(GatedQuerySet):
        def seen_by(self, user: Any, seat: Seat | None) -> Any:
            if seat is None:
                return self.none()
            if seat.role in STAFF | GOVERNMENT:
                return self.filter(project__place__startswith=seat.prefix)
            if seat.role in {Role.AGENCY, Role.FUND_HOLDER}:
                own = "agency" if seat.role == Role.AGENCY else "fund_holder"
                return self.filter(**{f"project__{own}__organisation_id": seat.organisation_id})
            return self.none()

    objects: ClassVar = Reports.as_manager()

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        constraints = [
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="progress_period"),
            models.CheckConstraint(condition=Q(spent__gte=0), name="progress_spent"),
        ]
