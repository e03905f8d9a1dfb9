"""How an agreement ends: the family leaves, the agency gives a reason, the work is done, the day is over."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from delivery import signals
from delivery.enums import AgreementState, Signer
from delivery.models import Agreement
from delivery.rules import refuse_unless_of_agency, refuse_unless_signer


@transaction.atomic
def terminate_agreement(*, agreement: Agreement, reason: str, by: Actor, at: datetime) -> Agreement:
    """Ended early; the household may leave at any time without a reason, the agency needs one."""
    agreement = lock(agreement)
    if isinstance(by, User) and by.seat is not None and by.seat.role == Role.AGENCY:
        refuse_unless_of_agency(agreement.project, by)
        if not reason.strip():
            raise Refused("reason_missing", _("Say why the agreement ends."), field="reason")
    else:
        refuse_unless_signer(agreement, Signer.HOUSEHOLD, by, at)
        register_involvement(file=agreement.household, duty=Duty.SPOKESPERSON, by=by, at=at)
    return _end(agreement, AgreementState.TERMINATED, by, at, reason=reason)


@transaction.atomic
def fulfil_agreement(*, agreement: Agreement, by: User, at: datetime) -> Agreement:
    """Everything agreed was done."""
    agreement = lock(agreement)
    refuse_unless_of_agency(agreement.project, by)
    return _end(agreement, AgreementState.FULFILLED, by, at)


@transaction.atomic
def expire_agreement(*, agreement: Agreement, by: Actor, at: datetime) -> Agreement:
    """Its last day has passed; done by the clock alone."""
    agreement = lock(agreement)
    if agreement.end >= day_of(at):
        raise Refused("not_over", _("This agreement has not come to its last day."))
    return _end(agreement, AgreementState.EXPIRED, by, at)


def _end(agreement: Agreement, state: str, by: Actor, at: datetime, *, reason: str = "") -> Agreement:
    move(agreement, state, by=by, at=at, reason="ended", also={"reason": reason.strip()})
    signals.agreement_ended.send(sender=Agreement, agreement=agreement, by=by, at=at)
    return agreement
