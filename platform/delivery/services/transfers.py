"""The donor's money on its way to the named fund holder; the platform records proofs and holds nothing (R31)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import TransferState
from delivery.models import Transfer
from donors.enums import UNLISTED, LotKind, LotOrigin
from donors.models import Lot
from donors.rules import is_own_donor
from donors.services import open_feedback
from files.models import Attachment
from implementers.models import FundHolder


@transaction.atomic
def declare_transfer(
    *, lot: Lot, amount: int, sent_on: date, bank_reference: str, proof: Attachment, by: User, at: datetime
) -> Transfer:
    """The donor says what was sent to the lot's fund holder, with the bank slip; never more than the lot."""
    lot = lock(lot)
    if not is_own_donor(lot.donor, by):
        raise Refused("not_your_lot", _("This offer belongs to another donor."))
    holder = FundHolder.objects.filter(organisation=lot.fund_holder).first() if lot.fund_holder else None
    if lot.kind != LotKind.MONEY or holder is None:
        raise Refused(
            "not_money", _("Only money is transferred. Goods and time are handed over by the project.")
        )
    if lot.state in UNLISTED:
        raise Refused("not_listed", _("This offer is not listed yet. Wait until it is, then send the money."))
    if not bank_reference.strip():
        raise Refused(
            "reference_missing", _("Copy the reference from the bank slip."), field="bank_reference"
        )
    if amount < 1:
        raise Refused("amount", _("How much did you send?"), field="amount")
    if sent_on > day_of(at):
        raise Refused("in_the_future", _("This day is still to come. When was it sent?"), field="sent_on")
    sent = lot.transfers.exclude(state=TransferState.REJECTED).aggregate(total=Sum("amount"))["total"] or 0
    if sent + amount > lot.quantity - lot.returned:
        raise Refused(
            "more_than_offered",
            _("This is more than you offered here. Look at the sum again."),
            field="amount",
        )
    transfer = Transfer(
        lot=lot,
        fund_holder=holder,
        amount=amount,
        sent_on=sent_on,
        bank_reference=bank_reference.strip(),
        proof=proof,
        declared_at=at,
        state=TransferState.DECLARED,
        state_since=at,
    )
    try:
        with transaction.atomic():
            transfer.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "reference_known",
            _("A transfer with this bank reference is on record already."),
            field="bank_reference",
        ) from None
    record(
        "transfer.declared", transfer, by=by, at=at, lot=lot.public_id, amount=amount, holder=holder.public_id
    )
    signals.transfer_declared.send(sender=Transfer, transfer=transfer, by=by, at=at)
    return transfer


@transaction.atomic
def confirm_arrival(
    *, transfer: Transfer, arrived_on: date, receipt_no: str, proof: Attachment | None, by: User, at: datetime
) -> Transfer:
    """The fund holder confirms with its own donation receipt number and shows that the money came (design §5); the
    platform issues no receipt (finance rule 2024-1). Public money carries none, but a budget or transfer document."""
    transfer = lock(transfer)
    _refuse_other_holder(transfer, by)
    if not receipt_no.strip():
        raise Refused(
            "receipt_missing",
            _("Enter the number of the budget or transfer document by which the money came.")
            if transfer.lot.origin == LotOrigin.PUBLIC_FUND
            else _("Enter the number of the donation receipt you issued."),
            field="receipt_no",
        )
    if not transfer.sent_on <= arrived_on <= day_of(at):
        raise Refused(
            "arrival_day",
            _("The day of arrival does not fit. Look at the bank statement."),
            field="arrived_on",
        )
    if proof is None:
        raise Refused(
            "proof_missing",
            _("Add the bank statement or receipt that shows that the money arrived."),
            field="upload",
        )
    also = {
        "arrived_on": arrived_on,
        "receipt_no": receipt_no.strip(),
        "arrival_proof": proof,
        "arrived_by": by,
    }
    try:
        with transaction.atomic():
            move(transfer, TransferState.ARRIVED, by=by, at=at, also=also, amount=transfer.amount)
    except IntegrityError:
        raise Refused(
            "receipt_known", _("This receipt number was used before."), field="receipt_no"
        ) from None
    open_feedback(
        lot=transfer.lot,
        kind="receipt",
        cause=transfer,
        responsible=transfer.fund_holder.organisation,
        by=by,
        at=at,
    )
    signals.transfer_arrived.send(sender=Transfer, transfer=transfer, by=by, at=at)
    return transfer


@transaction.atomic
def reject_transfer(*, transfer: Transfer, reason: str, by: User, at: datetime) -> Transfer:
    """The fund holder did not find it; the donor is told why and may declare it again."""
    transfer = lock(transfer)
    _refuse_other_holder(transfer, by)
    if not reason.strip():
        raise Refused(
            "reason_missing", _("Tell the donor what you looked for and did not find."), field="reason"
        )
    move(transfer, TransferState.REJECTED, by=by, at=at, also={"reason": reason}, reason="not_found")
    signals.transfer_rejected.send(sender=Transfer, transfer=transfer, by=by, at=at)
    return transfer


def _refuse_other_holder(transfer: Transfer, by: User) -> None:
    seat = getattr(by, "seat", None)
    holder = transfer.fund_holder.organisation_id
    if seat is None or seat.role != Role.FUND_HOLDER or seat.organisation_id != holder:
        raise Refused("not_your_money", _("This money goes to another fund holder."))
