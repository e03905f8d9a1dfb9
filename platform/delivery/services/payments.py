"""Payments in tranches: agreement in force, gate passed, money arrived, two people of the fund holder."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import BINDING, AgreementKind, AgreementState, DisbursementState, TransferState
from delivery.models import Agreement, Disbursement, Transfer, Voucher
from delivery.rules import refuse_unless_of_agency, refuse_unless_of_fund_holder
from files.models import Attachment
from projects.enums import ProjectState, Stage
from projects.models import Project, StageGate

WORKING = frozenset({ProjectState.AGREED, ProjectState.IN_PROGRESS})


@transaction.atomic
def request_disbursement(
    *, agreement: Agreement, amount: int, purpose: str, by: User, at: datetime
) -> Disbursement:
    """The agency asks for the next tranche; the second and later ones need the gate midway."""
    agreement = lock(agreement)
    project = lock(agreement.project)
    refuse_unless_of_agency(project, by)
    if agreement.kind != AgreementKind.ENTRUSTMENT or agreement.state != AgreementState.EFFECTIVE:
        raise Refused("no_agreement", _("Nothing is paid without an entrustment agreement in force."))
    if project.state not in WORKING:
        raise Refused(
            "project_state",
            _("The project is “%(state)s” now; payments rest.") % {"state": project.state_label},
        )
    if amount < 1:
        raise Refused("amount", _("How much is asked for?"), field="amount")
    tranche = _next_tranche(agreement)
    gate = _gate_for(project, tranche)
    bound = _bound(agreement)
    if bound + amount > agreement.amount:
        raise Refused("more_than_agreed", _("This is more than the agreement still allows."), field="amount")
    if bound + amount > arrived(project):
        raise Refused(
            "money_not_there", _("That much has not arrived at the fund holder yet."), field="amount"
        )
    disbursement = Disbursement(
        number=next_number("D", project.place, at),
        agreement=agreement,
        project=project,
        gate=gate,
        tranche=tranche,
        amount=amount,
        purpose=purpose,
        requested_by=by,
        created_at=at,
        state=DisbursementState.REQUESTED,
        state_since=at,
    )
    disbursement.save(force_insert=True)
    record("disbursement.requested", disbursement, by=by, at=at, amount=amount, tranche=tranche)
    return _tell(disbursement, by, at)


@transaction.atomic
def check_disbursement(*, disbursement: Disbursement, by: User, at: datetime) -> Disbursement:
    """Somebody of the fund holder checks the papers."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    register_involvement(file=disbursement, duty=Duty.PREPARER, by=by, at=at)
    return _tell(move(disbursement, DisbursementState.CHECKED, by=by, at=at, also={"checked_by": by}), by, at)


@transaction.atomic
def approve_disbursement(*, disbursement: Disbursement, by: User, at: datetime) -> Disbursement:
    """Two different people of the fund holder approve; who checked may not."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    if disbursement.state != DisbursementState.CHECKED:
        raise Refused("not_checked", _("The papers have not been checked yet."))
    if disbursement.first_approver_id is None:
        register_involvement(file=disbursement, duty=Duty.FIRST_APPROVER, by=by, at=at)
        disbursement.first_approver = by
        disbursement.save(update_fields=["first_approver"])
        record("disbursement.first_approval", disbursement, by=by, at=at, amount=disbursement.amount)
        return _tell(disbursement, by, at)
    if disbursement.first_approver_id == by.pk:
        raise Refused("second_person_needed", _("You approved already. A second colleague must look at it."))
    register_involvement(file=disbursement, duty=Duty.SECOND_APPROVER, by=by, at=at)
    return _tell(
        move(disbursement, DisbursementState.APPROVED, by=by, at=at, also={"second_approver": by}), by, at
    )


@transaction.atomic
def reject_disbursement(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """Not paid, with the reason; the sum is free again."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    return _with_reason(disbursement, DisbursementState.REJECTED, reason, by, at)


@transaction.atomic
def record_payment(
    *,
    disbursement: Disbursement,
    paid_on: date,
    reference: str,
    proof: Attachment | None,
    by: User,
    at: datetime,
) -> Disbursement:
    """The fund holder paid outside the platform and puts the proof on record."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    if not reference.strip() or proof is None:
        raise Refused("proof_missing", _("Enter the bank reference and add the slip."), field="reference")
    if paid_on > day_of(at):
        raise Refused("in_the_future", _("This day is still to come."), field="paid_on")
    also = {"paid_on": paid_on, "payment_reference": reference.strip(), "payment_proof": proof}
    return _tell(
        move(disbursement, DisbursementState.PAID, by=by, at=at, also=also, amount=disbursement.amount),
        by,
        at,
    )


@transaction.atomic
def confirm_payment_received(*, disbursement: Disbursement, by: User, at: datetime) -> Disbursement:
    """The agency has the money."""
    disbursement = lock(disbursement)
    refuse_unless_of_agency(disbursement.project, by)
    return _tell(
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
    spent = disbursement.vouchers.aggregate(total=Sum("amount"))["total"] or 0
    if amount < 1 or spent + amount > disbursement.amount:
        raise Refused("voucher_amount", _("The vouchers together are more than the payment."), field="amount")
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
    if spent + amount == disbursement.amount and disbursement.state == DisbursementState.RECEIVED:
        _tell(move(disbursement, DisbursementState.VOUCHERED, by=by, at=at), by, at)
    return voucher


@transaction.atomic
def reconcile(*, disbursement: Disbursement, by: User, at: datetime) -> Disbursement:
    """The fund holder compared vouchers and payment."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    return _tell(move(disbursement, DisbursementState.RECONCILED, by=by, at=at), by, at)


@transaction.atomic
def close_disbursement(*, disbursement: Disbursement, by: Actor, at: datetime) -> Disbursement:
    """Nothing more to do."""
    return _tell(move(lock(disbursement), DisbursementState.CLOSED, by=by, at=at), by, at)


@transaction.atomic
def return_disbursement(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """The agency sent the money back."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    return _with_reason(disbursement, DisbursementState.RETURNED, reason, by, at)


@transaction.atomic
def dispute_disbursement(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """The fund holder doubts a payment or its vouchers."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    return _with_reason(disbursement, DisbursementState.DISPUTED, reason, by, at)


@transaction.atomic
def recover_disbursement(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """Disputed money came back."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    return _with_reason(disbursement, DisbursementState.RECOVERED, reason, by, at)


def arrived(project: Project) -> int:
    """Money that arrived at the fund holder for lots matched to this project, in fen."""
    rows = Transfer.objects.filter(
        state=TransferState.ARRIVED,
        fund_holder=project.fund_holder,
        lot__proposals__project=project,
        lot__proposals__state__in=["confirmed", "agreed", "executing", "completed", "fed_back", "closed"],
    ).distinct()
    return sum(rows.values_list("amount", flat=True))


def _bound(agreement: Agreement) -> int:
    rows = Disbursement.objects.filter(agreement__number=agreement.number, state__in=BINDING)
    return rows.aggregate(total=Sum("amount"))["total"] or 0


def _next_tranche(agreement: Agreement) -> int:
    rows = Disbursement.objects.filter(agreement__number=agreement.number, state__in=BINDING)
    return 1 + rows.count()


def _gate_for(project: Project, tranche: int) -> StageGate:
    stage = Stage.EX_ANTE if tranche == 1 else Stage.MID_TERM
    gate = project.gates.filter(stage=stage).first()
    if gate is None:
        raise Refused(
            "gate_missing",
            _("This payment waits for the evaluation “%(stage)s” to be passed.") % {"stage": stage.label},
        )
    return gate


def _with_reason(
    row: Disbursement, state: DisbursementState, reason: str, by: Actor, at: datetime
) -> Disbursement:
    if not reason.strip():
        raise Refused("reason_missing", _("Say why, in a sentence."), field="reason")
    also: dict[str, Any] = {"reason": reason}
    return _tell(move(row, state, by=by, at=at, also=also), by, at)


def _tell(disbursement: Disbursement, by: Actor, at: datetime) -> Disbursement:
    signals.disbursement_moved.send(sender=Disbursement, disbursement=disbursement, by=by, at=at)
    return disbursement
