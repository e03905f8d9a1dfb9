"""The worker's decision: the lot, the need and the project are held in the same transaction, or nothing is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import PLATFORM_STAFF, Duty, Role
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.recording import record
from common.states import move
from donors.models import Lot
from donors.services import release_lot, reserve_lot
from households.models import Need
from households.services import release_need, reserve_need
from matching import signals
from matching.enums import LIVE, DecisionKind, LiftReason, Origin, ProposalState
from matching.models import Ban, Decision, Proposal
from matching.rules import refuse_unfit_decider, refuse_unfit_pair, refuse_unfit_project, warnings_for
from matching.services.answers import ask_next, cancel_questions
from matching.services.pinning import drop_pin
from projects.models import Project
from projects.services import release_capacity, reserve_capacity


@transaction.atomic
def decide(
    *,
    proposal: Proposal,
    project: Project,
    amount: int,
    by: User,
    at: datetime,
    reason: str = "",
    second_person: User | None = None,
) -> Proposal:
    """Take a suggestion, perhaps with another amount, and name the project; the agency is asked first.

    A warning (help with the same item from elsewhere) needs a reason and a second person, a supervisor of the area.
    """
    proposal = lock(proposal)
    if proposal.state != ProposalState.SUGGESTED:
        raise Refused("decided_already", _("A colleague decided this already. Reload the list."))
    refuse_unfit_decider(by, proposal, project)
    on = day_of(at)
    refuse_unfit_pair(proposal.need, proposal.lot, amount, on)
    refuse_unfit_project(project, proposal, amount, on)
    warnings = warnings_for(proposal.need, on)
    kind = DecisionKind.ACCEPT if amount == proposal.amount else DecisionKind.CHANGE_AMOUNT
    if warnings:
        _second_person(proposal, by, second_person, reason, at)
        kind = DecisionKind.OVERRIDE
    register_involvement(file=proposal, duty=Duty.MATCHER, by=by, at=at)
    changed = amount != proposal.amount
    proposal.project, proposal.amount = project, amount
    reserve_need(need=proposal.need, amount=amount, by=by, at=at)
    reserve_lot(lot=proposal.lot, amount=amount, cause=proposal, by=by, at=at)
    reserve_capacity(project=project, item=proposal.need.item, amount=amount, by=by, at=at)
    Decision.objects.create(
        proposal=proposal,
        kind=kind,
        amount=amount,
        reason=reason,
        warnings=warnings,
        decided_by=by,
        second_person=second_person if warnings else None,
        at=at,
    )
    drop_pin(need=proposal.need, lot=proposal.lot, reason=LiftReason.DECIDED, by=by, at=at)
    also = {"project": project, "amount": amount}
    move(proposal, ProposalState.PROPOSED, by=by, at=at, also=also, kind=kind, amount=amount, changed=changed)
    ask_next(proposal=proposal, by=by, at=at)
    return proposal


@transaction.atomic
def ban(*, proposal: Proposal, reason: str, by: User, at: datetime) -> Proposal:
    """Not this pair: the reason is kept and no run brings it again."""
    proposal = lock(proposal)
    refuse_unfit_decider(by, proposal, None)
    if not reason.strip():
        raise Refused(
            "reason_missing",
            _("Say why this does not fit, so that the next run can do better."),
            field="reason",
        )
    Ban.objects.in_force().get_or_create(
        need=proposal.need, lot=proposal.lot, defaults={"reason": reason, "by": by, "at": at}
    )
    drop_pin(need=proposal.need, lot=proposal.lot, reason=LiftReason.EXCLUDED, by=by, at=at)
    Decision.objects.create(proposal=proposal, kind=DecisionKind.DECLINE, reason=reason, decided_by=by, at=at)
    return move(proposal, ProposalState.DECLINED, by=by, at=at, reason="declined_by_worker")


@transaction.atomic
def propose_by_hand(*, need: Need, lot: Lot, amount: int, by: User, at: datetime) -> Proposal:
    """A worker may propose another resource than the run did; it is decided like any other."""
    refuse_unfit_pair(need, lot, amount, day_of(at))
    proposal = Proposal(
        number=next_number("M", need.area, at),
        need=need,
        lot=lot,
        amount=amount,
        origin=Origin.WORKER,
        created_at=at,
        state=ProposalState.SUGGESTED,
        state_since=at,
    )
    refuse_unfit_decider(by, proposal, None)
    earlier: Proposal | None = Proposal.objects.filter(
        need=need, lot=lot, state=ProposalState.SUGGESTED
    ).first()
    if earlier is not None:
        return earlier
    if Proposal.objects.filter(need=need, lot=lot, state=ProposalState.PROPOSED).exists():
        raise Refused("already_proposed", _("This pair is already waiting for its answers."))
    proposal.save(force_insert=True)
    record(
        "matching.proposed_by_hand",
        proposal,
        by=by,
        at=at,
        need=need.public_id,
        lot=lot.public_id,
        amount=amount,
    )
    return proposal


@transaction.atomic
def release(*, proposal: Proposal, reason: str, by: Actor, at: datetime) -> Proposal:
    """A live match ends before delivery: need, lot and project get back what was held, the reason is kept."""
    proposal = lock(proposal)
    if isinstance(by, User) and by.seat is not None and by.seat.role in PLATFORM_STAFF:
        refuse_unfit_decider(by, proposal, proposal.project)
    if proposal.state not in LIVE:
        raise Refused("not_live", _("This match holds nothing any more."))
    give_back(proposal, by=by, at=at)
    move(
        proposal, ProposalState.RELEASED, by=by, at=at, reason=reason, also={"released_reason": reason[:200]}
    )
    cancel_questions(proposal, by=by, at=at)
    signals.released.send(sender=Proposal, proposal=proposal, by=by, at=at)
    return proposal


def give_back(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Undo the three reservations of a match."""
    release_need(need=proposal.need, amount=proposal.amount, by=by, at=at)
    release_lot(lot=proposal.lot, amount=proposal.amount, cause=proposal, by=by, at=at)
    if proposal.project is not None:
        release_capacity(
            project=proposal.project, item=proposal.need.item, amount=proposal.amount, by=by, at=at
        )


def _second_person(proposal: Proposal, by: User, second: User | None, reason: str, at: datetime) -> None:
    if second is None or second.pk == by.pk or not reason.strip():
        raise Refused(
            "second_person_needed",
            _(
                "The family already gets help of this kind. Say why more is right, and name a supervisor who agrees."
            ),
            field="reason",
        )
    seats = second.memberships.in_force().filter(role=Role.SUPERVISOR)
    if not any(proposal.need.area.startswith(seat.prefix) for seat in seats):
        raise Refused(
            "second_person_unfit",
            _("The second person must be a supervisor of the area."),
            field="second_person",
        )
    register_involvement(file=proposal, duty=Duty.OVERRIDER, by=second, at=at)
