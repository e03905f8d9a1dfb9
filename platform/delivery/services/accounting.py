"""After a payment: received, vouchered, reconciled; or returned, disputed, recovered."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import F, Q, Sum
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.rules import acts_by_rule
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock, lock_all
from common.recording import record
from common.states import move
from delivery.enums import DeliveryState, DisbursementState
from delivery.models import Disbursement, Voucher
from delivery.rules import refuse_unless_of_agency, refuse_unless_of_fund_holder
from delivery.services.telling import tell, with_reason
from files.models import Attachment


@transaction.atomic
def confirm_payment_received(*, disbursement: Disbursement, by: User, at: datetime) -> Disbursement:
    """The agency has the money."""
    disbursement = lock(disbursement)
    refuse_unless_of_agency(disbursement.project, by)
    if disbursement.state != DisbursementState.PAID:
        raise Refused("not_paid", _("No payment is waiting for this answer. Reload the page."))
    return tell(
        move(disbursement, DisbursementState.RECEIVED, by=by, at=at, also={"received_at": at}), by, at
    )


@transaction.atomic
def record_voucher(
    *,
    disbursement: Disbursement,
    issuer: str,
    number: str,
    amount: int,
    dated: date,
    purpose: str,
    attachment: Attachment,
    by: User,
    at: datetime,
) -> Voucher:
    """An invoice for what was spent; when vouchers cover the payment it is vouchered. A number is used once."""
    disbursement = lock(disbursement)
    refuse_unless_of_agency(disbursement.project, by)
    if disbursement.state not in {DisbursementState.RECEIVED, DisbursementState.VOUCHERED}:
        raise Refused("not_received", _("Vouchers belong to a payment that was received."))
    if not issuer.strip() or not number.strip():
        raise Refused("number_missing", _("Copy issuer and number from the voucher."), field="number")
    if dated > day_of(at):
        raise Refused("in_the_future", _("This day is still to come."), field="dated")
    _count_voucher(disbursement, amount)
    try:
        with transaction.atomic():
            voucher = Voucher.objects.create(
                disbursement=disbursement,
                issuer=issuer.strip(),
                number=number.strip(),
                amount=amount,
                dated=dated,
                purpose=purpose,
                attachment=attachment,
                recorded_by=by,
                at=at,
            )
    except IntegrityError:
        raise Refused(
            "voucher_known", _("This voucher number of this issuer was used before."), field="number"
        ) from None
    record("voucher.recorded", voucher, by=by, at=at, amount=amount, disbursement=disbursement.public_id)
    disbursement.refresh_from_db(fields=["vouchered"])
    if disbursement.vouchered == disbursement.amount and disbursement.state == DisbursementState.RECEIVED:
        tell(move(disbursement, DisbursementState.VOUCHERED, by=by, at=at), by, at)
    return voucher


@transaction.atomic
def reconcile(*, disbursement: Disbursement, by: User, at: datetime) -> Disbursement:
    """The fund holder compared vouchers and payment."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    return tell(move(disbursement, DisbursementState.RECONCILED, by=by, at=at), by, at)


@transaction.atomic
def close_disbursement(*, disbursement: Disbursement, by: Actor, at: datetime) -> Disbursement:
    """Nothing more to do."""
    disbursement = lock(disbursement)
    if not acts_by_rule(by):
        refuse_unless_of_fund_holder(disbursement.project, by)
    return tell(move(disbursement, DisbursementState.CLOSED, by=by, at=at), by, at)


@transaction.atomic
def return_disbursement(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """The agency sent the money back."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    if disbursement.deliveries.exclude(state=DeliveryState.CANCELLED).exists():
        raise Refused(
            "handed_on",
            _("Part of this payment was handed on to families. Dispute it, or cancel that first."),
        )
    return with_reason(disbursement, DisbursementState.RETURNED, reason, by, at)


@transaction.atomic
def dispute_disbursement(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """The fund holder doubts a payment or its vouchers."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    return with_reason(disbursement, DisbursementState.DISPUTED, reason, by, at)


@transaction.atomic
def clear_dispute(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """The doubt was answered: the payment is again where it was."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    if disbursement.state != DisbursementState.DISPUTED:
        raise Refused("not_disputed", _("Nobody doubts this payment. Reload the page."))
    if disbursement.received_at is None:
        back = DisbursementState.PAID
    elif disbursement.vouchered == disbursement.amount:
        back = DisbursementState.VOUCHERED
    else:
        back = DisbursementState.RECEIVED
    return with_reason(disbursement, back, reason, by, at)


@transaction.atomic
def recover_disbursement(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """Disputed money came back, except what families have said they got: that stays drawn from the agreement.

    What was not handed over, or not as agreed, is called off with it.
    """
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    if disbursement.state != DisbursementState.DISPUTED:
        raise Refused("not_disputed", _("Nobody doubts this payment. Reload the page."))
    handed = disbursement.deliveries.all()
    unsaid = Q(state=DeliveryState.DELIVERED) | Q(state=DeliveryState.CONFIRMED, settled_at__isnull=True)
    if handed.filter(unsaid).exists():
        raise Refused(
            "answer_missing",
            _("A family has still to say whether its part of this payment arrived. Wait for its answer."),
        )
    kept = handed.filter(state=DeliveryState.CONFIRMED).aggregate(total=Sum("amount"))["total"] or 0
    if kept >= disbursement.amount:
        raise Refused(
            "nothing_to_recover",
            _("Families have confirmed all of this payment, so nothing of it can have come back."),
        )
    for delivery in lock_all(handed.filter(state__in=[DeliveryState.PLANNED, DeliveryState.DISPUTED])):
        move(delivery, DeliveryState.CANCELLED, by=by, at=at, reason="payment_recovered")
    return with_reason(disbursement, DisbursementState.RECOVERED, reason, by, at, kept=kept)


def _count_voucher(disbursement: Disbursement, amount: int) -> None:
    """One UPDATE under a CHECK: the vouchers together are never more than the payment."""
    try:
        with transaction.atomic():
            counted = amount > 0 and Disbursement.objects.filter(pk=disbursement.pk).update(
                vouchered=F("vouchered") + amount
            )
    except IntegrityError:
        counted = 0
    if not counted:
        raise Refused("voucher_amount", _("The vouchers together are more than the payment."), field="amount")
