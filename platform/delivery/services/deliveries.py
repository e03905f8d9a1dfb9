"""Handing over: planned, brought, put right when the household says that something is wrong."""

from __future__ import annotations

from datetime import date, datetime, time

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import SHANGHAI, day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import AgreementKind, AgreementState, DeliveryState, DisbursementState
from delivery.models import Agreement, Delivery, Disbursement
from delivery.rules import refuse_unless_of_agency, refuse_unless_receiver
from files.models import Attachment
from households.services.news import tell_of_delegate
from matching.enums import ProposalState
from matching.models import Proposal
from matching.services import mark_executing

PAID_OUT = frozenset(
    {
        DisbursementState.RECEIVED,
        DisbursementState.VOUCHERED,
        DisbursementState.RECONCILED,
        DisbursementState.CLOSED,
    }
)


@transaction.atomic
def plan_delivery(
    *,
    proposal: Proposal,
    amount: int,
    planned_on: date,
    disbursement: Disbursement | None,
    by: User,
    at: datetime,
) -> Delivery:
    """The agency plans to hand over part or all of a match that is under agreement; money needs a received payment."""
    proposal = lock(proposal)
    if proposal.project is None:
        raise Refused("no_project", _("This match names no project."))
    refuse_unless_of_agency(proposal.project, by)
    if proposal.state not in {ProposalState.AGREED, ProposalState.EXECUTING}:
        raise Refused("not_agreed", _("The agreements for this match are not in force yet."))
    service = Agreement.objects.filter(
        project=proposal.project,
        household=proposal.need.household,
        kind=AgreementKind.SERVICE,
        state=AgreementState.EFFECTIVE,
    )
    if not service.exists():
        raise Refused("no_service_agreement", _("There is no agreement with this family in force."))
    if proposal.need.item.is_money:
        disbursement = lock(disbursement) if disbursement is not None else None
        if (
            disbursement is None
            or disbursement.project_id != proposal.project_id
            or disbursement.state not in PAID_OUT
        ):
            raise Refused(
                "no_payment",
                _("Choose the payment this comes from; it must have been received."),
                field="disbursement",
            )
        used = (
            disbursement.deliveries.exclude(state=DeliveryState.CANCELLED).aggregate(total=Sum("amount"))[
                "total"
            ]
            or 0
        )
        if used + amount > disbursement.amount:
            raise Refused("more_than_paid", _("This is more than the payment holds."), field="amount")
    planned = (
        proposal.deliveries.exclude(state=DeliveryState.CANCELLED).aggregate(total=Sum("amount"))["total"]
        or 0
    )
    if amount < 1 or planned + amount > proposal.amount:
        raise Refused("more_than_matched", _("This is more than the match holds."), field="amount")
    delivery = Delivery(
        proposal=proposal,
        disbursement=disbursement,
        amount=amount,
        planned_on=planned_on,
        created_at=at,
        state=DeliveryState.PLANNED,
        state_since=at,
    )
    delivery.save(force_insert=True)
    record("delivery.planned", delivery, by=by, at=at, amount=amount, proposal=proposal.public_id)
    if proposal.state == ProposalState.AGREED:
        mark_executing(proposal=proposal, by=by, at=at)
    return delivery


@transaction.atomic
def record_delivery(
    *, delivery: Delivery, delivered_on: date, proof: Attachment | None, by: User, at: datetime
) -> Delivery:
    """Handed over; now the household is asked whether it arrived."""
    delivery = lock(delivery)
    _refuse_other_agency(delivery, by)
    if delivery.state != DeliveryState.PLANNED:
        raise Refused("not_planned", _("This was handed over already. Reload the page."))
    if delivered_on > day_of(at):
        raise Refused("in_the_future", _("This day is still to come."), field="delivered_on")
    move(
        delivery,
        DeliveryState.DELIVERED,
        by=by,
        at=at,
        also={"delivered_at": _moment(delivered_on, at), "delivered_by": by, "proof": proof},
    )
    signals.delivery_recorded.send(sender=Delivery, delivery=delivery, by=by, at=at)
    return delivery


@transaction.atomic
def dispute_delivery(*, delivery: Delivery, reason: str, by: Actor, at: datetime) -> Delivery:
    """The household says it did not arrive, or not as agreed; staff look into it."""
    delivery = lock(delivery)
    refuse_unless_receiver(delivery, by, at)
    if not reason.strip():
        raise Refused("reason_missing", _("Tell us in a few words what is not right."), field="reason")
    note_spokesperson(delivery, by, at)
    move(delivery, DeliveryState.DISPUTED, by=by, at=at, also={"reason": reason.strip()})
    signals.delivery_disputed.send(sender=Delivery, delivery=delivery, by=by, at=at)
    return delivery


@transaction.atomic
def resolve_dispute(*, delivery: Delivery, reason: str, by: User, at: datetime) -> Delivery:
    """The agency handed it over again; the household is asked once more."""
    delivery = lock(delivery)
    _refuse_other_agency(delivery, by)
    if not reason.strip():
        raise Refused("reason_missing", _("Say what was put right."), field="reason")
    if delivery.state != DeliveryState.DISPUTED:
        raise Refused("not_disputed", _("Nobody has said that something is wrong here."))
    also = {"delivered_at": at, "delivered_by": by, "reason": reason.strip()}
    move(delivery, DeliveryState.DELIVERED, by=by, at=at, reason="put_right", also=also)
    signals.delivery_recorded.send(sender=Delivery, delivery=delivery, by=by, at=at)
    return delivery


@transaction.atomic
def cancel_delivery(*, delivery: Delivery, reason: str, by: User, at: datetime) -> Delivery:
    """It will not be handed over; its amount can be planned anew."""
    delivery = lock(delivery)
    _refuse_other_agency(delivery, by)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why it will not be handed over."), field="reason")
    return move(delivery, DeliveryState.CANCELLED, by=by, at=at, also={"reason": reason.strip()})


def note_spokesperson(delivery: Delivery, by: Actor, at: datetime) -> None:
    """Who takes down the family's word had a part in it; of its delegate's the family hears."""
    household = delivery.proposal.need.household
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    tell_of_delegate(household, by=by, at=at)


def _refuse_other_agency(delivery: Delivery, by: User) -> None:
    project = delivery.proposal.project
    if project is None:
        raise Refused("no_project", _("This match names no project."))
    refuse_unless_of_agency(project, by)


def _moment(delivered_on: date, at: datetime) -> datetime:
    """Today is now; an earlier day is its noon in Shanghai."""
    return at if delivered_on == day_of(at) else datetime.combine(delivered_on, time(12), SHANGHAI)
