"""What the layers below hear of: matches under agreement, case access, gates of the project's course, told donors."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from accounts.models import User
from common.actors import SYSTEM, Actor, CodeHolder
from delivery import signals
from delivery.enums import AgreementKind, AgreementState, Signer
from delivery.models import Agreement, Delivery, Disbursement
from delivery.services import (
    agree_due_matches,
    call_off_planned,
    close_settled_matches,
    release_undelivered,
)
from delivery.services.matches import SETTLED
from donors.models import FeedbackDue
from donors.signals import feedback_given
from households.models import CaseAccess
from households.services import close_case_access, grant_case_access, note_consent
from matching.enums import ProposalState
from matching.models import Proposal
from matching.services import mark_fed_back
from matching.signals import confirmed, released
from projects.enums import ProjectState
from projects.models import Project
from projects.queries import is_matched
from projects.services import mark_agreed, mark_funded

SHARED = ("contact", "address", "needs")
PURPOSE = "share_implementer"


@receiver(signals.agreement_effective)
def open_access(*, agreement: Agreement, by: Actor, at: datetime, **_: Any) -> None:
    """The family's signature is also its consent that the agency sees how to reach it and what it needs (PIPL §23)."""
    if agreement.kind != AgreementKind.SERVICE or agreement.household is None:
        return
    signature = agreement.signatures.get(signer=Signer.HOUSEHOLD, undone_at__isnull=True)
    organisation = agreement.project.agency.organisation
    consent = note_consent(
        household=agreement.household,
        purpose=PURPOSE,
        data_classes=list(SHARED),
        receiver=organisation,
        method="click" if signature.method == "web" else "signature",
        evidence=signature.evidence,
        by=_signer(signature.by_ref, signature.method),
        at=at,
    )
    grant_case_access(
        household=agreement.household,
        organisation=organisation,
        fields=list(SHARED),
        purpose=PURPOSE,
        consent=consent,
        cause_ref=agreement.number,
        by=by,
        at=at,
    )


@receiver(signals.agreement_effective)
def agree_matches(*, by: Actor, at: datetime, **_: Any) -> None:
    """With both agreements in force the confirmed matches are under agreement."""
    agree_due_matches(by=by, at=at)


@receiver(signals.agreement_ended)
def close_access(*, agreement: Agreement, by: Actor, at: datetime, **_: Any) -> None:
    """An agreement that ended shares nothing; a family that left keeps what it has and gets nothing more this way."""
    if agreement.kind != AgreementKind.SERVICE:
        return
    for access in CaseAccess.objects.filter(cause_ref=agreement.number, closed_at__isnull=True):
        close_case_access(access=access, by=by, at=at)
    if agreement.state == AgreementState.TERMINATED and agreement.effective_at is not None:
        release_undelivered(agreement=agreement, by=by, at=at)


@receiver(released)
def call_off(*, proposal: Proposal, by: Actor, at: datetime, **_: Any) -> None:
    """A match that ended brings nothing any more."""
    call_off_planned(proposal=proposal, reason="match_released", by=by, at=at)


@receiver(confirmed)
def fund_project(*, proposal: Proposal, at: datetime, **_: Any) -> None:
    """An approved project is funded once its matches are enough; an agreement already in force carries it on."""
    project = proposal.project
    if project is None or Project.objects.get(pk=project.pk).state != ProjectState.APPROVED:
        return
    if not is_matched(project):
        return
    funded = mark_funded(project=project, by=SYSTEM, at=at)
    in_force = Agreement.objects.filter(
        project=funded, kind=AgreementKind.ENTRUSTMENT, state=AgreementState.EFFECTIVE
    )
    if in_force.exists():
        mark_agreed(project=funded, by=SYSTEM, at=at)


@receiver(feedback_given)
def close_circle(*, feedback: FeedbackDue, by: Actor, at: datetime, **_: Any) -> None:
    """A completed match is reported once the donor has been told of every part that was handed over."""
    if feedback.cause_label != Delivery._meta.label_lower:
        return
    delivery = Delivery.objects.select_related("proposal").get(public_id=feedback.cause_ref)
    proposal = delivery.proposal
    parts = proposal.deliveries.values("public_id")
    owed = FeedbackDue.objects.filter(cause_ref__in=parts, done_at__isnull=True)
    if proposal.state == ProposalState.COMPLETED and not owed.exists():
        mark_fed_back(proposal=proposal, by=by, at=at)
        close_settled_matches(matches=Proposal.objects.filter(pk=proposal.pk), by=by, at=at)


@receiver(signals.disbursement_moved)
def close_accounted(*, disbursement: Disbursement, by: Actor, at: datetime, **_: Any) -> None:
    """The accounts of a payment agree: what the donors were told of already is over."""
    if disbursement.state in SETTLED:
        matches = Proposal.objects.filter(pk__in=disbursement.deliveries.values("proposal"))
        close_settled_matches(matches=matches, by=by, at=at)


def _signer(ref: str, method: str) -> Actor:
    """Who signed for the family, as the journal knows them."""
    user: User | None = User.objects.filter(public_id=ref).first()
    if user is not None:
        return user
    return CodeHolder(ref, "delegate" if method == "delegate" else "household")
