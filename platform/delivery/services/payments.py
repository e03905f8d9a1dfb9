"""Payments in tranches: agreement in force, gate passed, money arrived, two people of the fund holder."""

from __future__ import annotations

from datetime import date, datetime
from itertools import count

from django.db import IntegrityError, transaction
from django.db.models import F, Sum
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from common.states import move
from delivery.enums import BINDING, AgreementKind, AgreementState, DisbursementState
from delivery.models import Agreement, Disbursement
from delivery.queries import arrived, arrived_freely, has_held_gift, left_at
from delivery.rules import refuse_unless_of_agency, refuse_unless_of_fund_holder, refuse_while_breach
from delivery.services.telling import tell, with_reason
from delivery.services.writing import TRANCHES
from files.models import Attachment
from implementers.enums import Standing
from projects.enums import ProjectState, Stage
from projects.models import Project, StageGate

WORKING = frozenset({ProjectState.AGREED, ProjectState.IN_PROGRESS})
UNPAID = frozenset({Standing.FROZEN, Standing.ELIMINATED})


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
    refuse_while_breach(agreement)
    _refuse_resting(project)
    if amount < 1:
        raise Refused("amount", _("How much is asked for?"), field="amount")
    tranche = next_tranche(agreement)
    gate = _gate_for(project, tranche)
    _refuse_beyond_tranche(agreement, tranche, amount)
    _refuse_not_arrived(project, agreement.drawn + amount, amount)
    _refuse_held(project, agreement.drawn + amount)
    _draw(agreement, amount)
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
    try:
        with transaction.atomic():
            disbursement.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "tranche_taken", _("A colleague asked for this payment a moment ago. Reload the page.")
        ) from None
    record("disbursement.requested", disbursement, by=by, at=at, amount=amount, tranche=tranche)
    return tell(disbursement, by, at)


@transaction.atomic
def check_disbursement(*, disbursement: Disbursement, by: User, at: datetime) -> Disbursement:
    """Somebody of the fund holder checks the papers."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    _refuse_unpayable(disbursement)
    register_involvement(file=disbursement, duty=Duty.PREPARER, by=by, at=at)
    return tell(move(disbursement, DisbursementState.CHECKED, by=by, at=at, also={"checked_by": by}), by, at)


@transaction.atomic
def approve_disbursement(*, disbursement: Disbursement, by: User, at: datetime) -> Disbursement:
    """Two different people of the fund holder approve; who checked may not."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    if disbursement.state != DisbursementState.CHECKED:
        raise Refused("not_checked", _("The papers have not been checked yet."))
    refuse_while_breach(disbursement.agreement)
    _refuse_unpayable(disbursement)
    if disbursement.first_approver_id is None:
        register_involvement(file=disbursement, duty=Duty.FIRST_APPROVER, by=by, at=at)
        disbursement.first_approver = by
        disbursement.save(update_fields=["first_approver"])
        record("disbursement.first_approval", disbursement, by=by, at=at, amount=disbursement.amount)
        return tell(disbursement, by, at)
    if disbursement.first_approver_id == by.pk:
        raise Refused("second_person_needed", _("You approved already. A second colleague must look at it."))
    register_involvement(file=disbursement, duty=Duty.SECOND_APPROVER, by=by, at=at)
    return tell(
        move(disbursement, DisbursementState.APPROVED, by=by, at=at, also={"second_approver": by}), by, at
    )


@transaction.atomic
def reject_disbursement(*, disbursement: Disbursement, reason: str, by: User, at: datetime) -> Disbursement:
    """Not paid, with the reason; the sum is free again."""
    disbursement = lock(disbursement)
    refuse_unless_of_fund_holder(disbursement.project, by)
    return with_reason(disbursement, DisbursementState.REJECTED, reason, by, at)


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
    _refuse_unpayable(disbursement)
    also = {"paid_on": paid_on, "payment_reference": reference.strip(), "payment_proof": proof}
    return tell(
        move(disbursement, DisbursementState.PAID, by=by, at=at, also=also, amount=disbursement.amount),
        by,
        at,
    )


def next_tranche(agreement: Agreement) -> int:
    """The first number no payment under this agreement holds; what was returned or rejected can be asked for anew."""
    held = Disbursement.objects.filter(agreement__number=agreement.number, state__in=BINDING)
    taken = set(held.values_list("tranche", flat=True))
    return next(number for number in count(1) if number not in taken)


def _refuse_beyond_tranche(agreement: Agreement, tranche: int, amount: int) -> None:
    """No tranche is exceeded; what families kept of a payment that was recovered counts for its tranche."""
    stated = agreement.content.get(TRANCHES) or []
    limit = stated[tranche - 1] if tranche <= len(stated) else 0
    again = Disbursement.objects.filter(agreement__number=agreement.number, tranche=tranche)
    limit = max(limit - int(again.aggregate(total=Sum("kept"))["total"] or 0), 0)
    if amount > limit:
        raise Refused(
            "more_than_tranche",
            _("The agreement provides ¥ %(limit)s for this tranche.") % {"limit": f"{limit / 100:,.2f}"},
            field="amount",
        )


def _refuse_not_arrived(project: Project, whole: int, more: int) -> None:
    """Never more than arrived for the project's matches, nor more than the fund holder has in all."""
    if project.fund_holder is None:
        raise Refused("no_fund_holder", _("No fund holder keeps money for this project."))
    holder = lock(project.fund_holder)
    if whole > arrived(project) or more > left_at(holder):
        raise Refused(
            "money_not_there", _("That much has not arrived at the fund holder yet."), field="amount"
        )


def _refuse_unpayable(disbursement: Disbursement) -> None:
    """What held when it was asked for still holds: an agreement in force, a project at work, nothing frozen."""
    agreement = disbursement.agreement
    in_force = Agreement.objects.filter(
        number=agreement.number, kind=AgreementKind.ENTRUSTMENT, state=AgreementState.EFFECTIVE
    )
    if not in_force:
        raise Refused("no_agreement", _("Nothing is paid without an entrustment agreement in force."))
    project = disbursement.project
    refuse_while_breach(agreement)
    _refuse_resting(project)
    _refuse_held(project, in_force[0].drawn)


def _refuse_resting(project: Project) -> None:
    """Only a project at work is paid, and no agency that is frozen or was removed from the list (domain §10.7)."""
    if project.state not in WORKING:
        raise Refused(
            "project_state",
            _("The project is “%(state)s” now; payments rest.") % {"state": project.state_label},
        )
    if project.agency.standing in UNPAID:
        raise Refused(
            "agency_frozen",
            _("The agency is “%(standing)s” now; payments rest.")
            % {"standing": project.agency.get_standing_display()},
        )


def _refuse_held(project: Project, whole: int) -> None:
    """Nothing is paid from a gift that is held for a check; what others gave has to be enough (domain §10.7)."""
    if has_held_gift(project) and whole > arrived_freely(project):
        raise Refused(
            "gift_held",
            _("A gift this money comes from is being checked; payments from it rest until that is settled."),
        )


def _draw(agreement: Agreement, amount: int) -> None:
    """One conditional UPDATE under a CHECK: never more than agreed, even when two come at once."""
    try:
        with transaction.atomic():
            drawn = Agreement.objects.filter(pk=agreement.pk, state=AgreementState.EFFECTIVE).update(
                drawn=F("drawn") + amount
            )
    except IntegrityError:
        drawn = 0
    if not drawn:
        raise Refused("more_than_agreed", _("This is more than the agreement still allows."), field="amount")


def _gate_for(project: Project, tranche: int) -> StageGate:
    stage = Stage.EX_ANTE if tranche == 1 else Stage.MID_TERM
    gate: StageGate | None = project.gates.filter(stage=stage).first()
    if gate is None:
        raise Refused(
            "gate_missing",
            _("This payment waits for the evaluation “%(stage)s” to be passed.") % {"stage": stage.label},
        )
    return gate
