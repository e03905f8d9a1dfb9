"""What the agreements mean for the matches they carry."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, Q, QuerySet

from common.actors import Actor
from common.locking import lock
from common.states import move
from delivery.enums import AgreementKind, AgreementState, DeliveryState, DisbursementState
from delivery.models import Agreement, Delivery
from matching.enums import ProposalState
from matching.models import Proposal
from matching.services import close_proposal, mark_agreed
from matching.services.decision import end_match

SETTLED = [DisbursementState.RECONCILED, DisbursementState.CLOSED, DisbursementState.RECOVERED]


@transaction.atomic
def agree_due_matches(*, by: Actor, at: datetime) -> int:
    """A confirmed match is under agreement once the household's and the project's agreements are both in force
    and nobody can take the yes back any more (design §4.9)."""
    return len([mark_agreed(proposal=one, by=by, at=at) for one in due_matches(at)])


def due_matches(at: datetime) -> QuerySet[Proposal]:
    """Confirmed for good, both agreements in force."""
    in_force = Agreement.objects.filter(project=OuterRef("project"), state=AgreementState.EFFECTIVE)
    service = in_force.filter(kind=AgreementKind.SERVICE, household=OuterRef("need__household"))
    entrustment = in_force.filter(kind=AgreementKind.ENTRUSTMENT)
    return (  # type: ignore[no-any-return]
        Proposal.objects.filter(Exists(service), Exists(entrustment), state=ProposalState.CONFIRMED)
        .annotate(last=Max("confirmations__undo_until"))
        .filter(Q(last__isnull=True) | Q(last__lte=at))
        .order_by("pk")
    )


@transaction.atomic
def close_settled_matches(*, matches: QuerySet[Proposal], by: Actor, at: datetime) -> int:
    """A match the donor was told of is over once the accounts of every payment it came from agree (domain §10.4)."""
    unsettled = (
        Delivery.objects.filter(proposal=OuterRef("pk"), disbursement__isnull=False)
        .exclude(state=DeliveryState.CANCELLED)
        .exclude(disbursement__state__in=SETTLED)
    )
    over = matches.filter(~Exists(unsettled), state=ProposalState.FED_BACK)
    return len([close_proposal(proposal=one, by=by, at=at) for one in over.order_by("pk")])


@transaction.atomic
def release_undelivered(*, agreement: Agreement, by: Actor, at: datetime) -> int:
    """The family left: what is not on its way goes back to the pool; what was handed over is seen through."""
    live = [ProposalState.CONFIRMED, ProposalState.AGREED, ProposalState.EXECUTING]
    released = 0
    rows = Proposal.objects.filter(
        project=agreement.project, need__household=agreement.household, state__in=live
    ).order_by("pk")
    for proposal in rows:
        call_off_planned(proposal=proposal, reason="agreement_ended", by=by, at=at)
        if not proposal.deliveries.exclude(state=DeliveryState.CANCELLED).exists():
            end_match(proposal=proposal, reason="agreement_ended", by=by, at=at)
            released += 1
    return released


@transaction.atomic
def call_off_planned(*, proposal: Proposal, reason: str, by: Actor, at: datetime) -> None:
    """What is not on its way will not be brought."""
    for planned in proposal.deliveries.filter(state=DeliveryState.PLANNED):
        move(lock(planned), DeliveryState.CANCELLED, by=by, at=at, reason=reason)
