"""How an agreement ends: the family leaves, the agency gives a reason, the work is done, the day is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.rules import refuse_unless_by_rule
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import RUNNING, UNFINISHED, AgreementKind, AgreementState, EndGround, EndingState, Signer
from delivery.models import Agreement
from delivery.rules import (
    refuse_unless_of_agency,
    refuse_unless_signer,
    refuse_while_ending,
    refuse_without_evidence,
)
from files.models import Attachment
from households.services.news import tell_of_delegate


@transaction.atomic
def terminate_agreement(
    *, agreement: Agreement, reason: str, by: Actor, at: datetime, evidence: Attachment | None = None
) -> Agreement:
    """The household leaves at any time without a reason; the agency needs one, and an entrustment in force a ground.

    A worker who brings the household's word shows it.
    """
    agreement = lock(agreement)
    in_force = agreement.state == AgreementState.EFFECTIVE
    if isinstance(by, User) and by.seat is not None and by.seat.role == Role.AGENCY:
        refuse_unless_of_agency(agreement.project, by)
        if in_force and agreement.kind == AgreementKind.ENTRUSTMENT:
            raise Refused(
                "ground_needed",
                _(
                    "In force it ends by mutual consent, for a breach or for force majeure. Choose one of them."
                ),
            )
        if not reason.strip():
            raise Refused("reason_missing", _("Say why the agreement ends."), field="reason")
        ground = EndGround.GIVEN_UP if in_force else EndGround.WITHDRAWN
    else:
        refuse_unless_signer(agreement, Signer.HOUSEHOLD, by, at)
        refuse_without_evidence(by, "web", evidence)
        if evidence is not None:
            record("household.word_kept", agreement.household, by=by, at=at, evidence=evidence.public_id)
        register_involvement(file=agreement.household, duty=Duty.SPOKESPERSON, by=by, at=at)
        if agreement.household is not None:
            tell_of_delegate(agreement.household, by=by, at=at)
        ground = EndGround.LEFT
    return end_agreement(agreement, AgreementState.TERMINATED, by, at, reason=reason, ground=ground)


@transaction.atomic
def fulfil_agreement(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """Everything agreed was done."""
    agreement = lock(agreement)
    refuse_unless_of_agency(agreement.project, by)
    refuse_while_ending(agreement)
    return end_agreement(agreement, AgreementState.FULFILLED, by, at)


@transaction.atomic
def expire_agreement(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """Its last day has passed; done by the clock alone."""
    refuse_unless_by_rule(by)
    agreement = lock(agreement)
    if agreement.end >= day_of(at):
        raise Refused("not_over", _("This agreement has not come to its last day."))
    return end_agreement(agreement, AgreementState.EXPIRED, by, at)


def end_agreement(
    agreement: Agreement, state: str, by: Actor, at: datetime, *, reason: str = "", ground: str = ""
) -> Agreement:
    """The locked agreement ends; what was asked about its end lapses, and so does a later version not yet in force.

    One past its last day may still be carried on by the version that is being signed.
    """
    also = {"reason": reason.strip(), "ground": ground}
    move(agreement, state, by=by, at=at, reason="ended", also=also, ground=ground)
    for ending in agreement.endings.filter(state__in=RUNNING):
        move(lock(ending), EndingState.LAPSED, by=by, at=at)
    if state != AgreementState.EXPIRED:
        for later in agreement.later_versions.filter(state__in=UNFINISHED).order_by("pk"):
            also = {"ground": EndGround.WITHDRAWN}
            move(lock(later), AgreementState.TERMINATED, by=by, at=at, reason="earlier_ended", also=also)
    signals.agreement_ended.send(sender=Agreement, agreement=agreement, by=by, at=at)
    return agreement
