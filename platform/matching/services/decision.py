"""The worker's decision: the lot, the need and the project are held in the same transaction, or nothing is."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from common.panels import collect
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
from matching.services.duties import note_decider
from matching.services.lapsing import lapse_overrides
from matching.services.pinning import drop_pin
from projects.models import Project
from projects.services import release_capacity, reserve_capacity


@transaction.atomic
def decide(*, proposal: Proposal, project: Project, amount: int, by: User, at: datetime) -> Proposal:
    """Take a suggestion, perhaps with another amount, and name the project; the agency is asked first.

    With a warning (help with the same item from elsewhere) a supervisor is asked instead: `ask_override`.
    """
    proposal = lock(proposal)
    refuse_undecidable(proposal, project, amount, by, at)
    if warnings_for(proposal.need, day_of(at)):
        raise Refused(
            "second_person_needed",
            _("The family already gets help of this kind. Say why more is right, and a supervisor is asked."),
            field="reason",
        )
    note_decider(proposal=proposal, project=project, by=by, at=at)
    kind = DecisionKind.ACCEPT if amount == proposal.amount else DecisionKind.CHANGE_AMOUNT
    Decision.objects.create(proposal=proposal, kind=kind, amount=amount, decided_by=by, at=at)
    return take(proposal=proposal, project=project, amount=amount, kind=kind, by=by, at=at)


def refuse_undecidable(proposal: Proposal, project: Project, amount: int, by: User, at: datetime) -> None:
    """Everything that holds at a decision, looked at on its own day."""
    if proposal.state != ProposalState.SUGGESTED:
        raise Refused("decided_already", _("A colleague decided this already. Reload the list."))
    refuse_unfit_decider(by, proposal, project)
    refuse_unfit_pair(proposal.need, proposal.lot, amount, day_of(at))
    refuse_unfit_project(project, proposal, amount, day_of(at))


@transaction.atomic
def take(*, proposal: Proposal, project: Project, amount: int, kind: str, by: User, at: datetime) -> Proposal:
    """What was decided is held on need, lot and project, and the first party is asked."""
    changed = amount != proposal.amount
    proposal.project, proposal.amount = project, amount
    reserve_need(need=proposal.need, amount=amount, by=by, at=at)
    reserve_lot(lot=proposal.lot, amount=amount, cause=proposal, by=by, at=at)
    reserve_capacity(project=project, item=proposal.need.item, amount=amount, by=by, at=at)
    drop_pin(need=proposal.need, lot=proposal.lot, reason=LiftReason.DECIDED, by=by, at=at)
    lapse_overrides(proposal=proposal, by=by, at=at)
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
    note_decider(proposal=proposal, project=None, by=by, at=at)
    Ban.objects.in_force().get_or_create(
        need=proposal.need, lot=proposal.lot, defaults={"reason": reason, "by": by, "at": at}
    )
    drop_pin(need=proposal.need, lot=proposal.lot, reason=LiftReason.EXCLUDED, by=by, at=at)
    Decision.objects.create(proposal=proposal, kind=DecisionKind.DECLINE, reason=reason, decided_by=by, at=at)
    lapse_overrides(proposal=proposal, by=by, at=at)
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
def take_other_lot(*, proposal: Proposal, lot: Lot, amount: int, by: User, at: datetime) -> Proposal:
    """Another resource instead of the one suggested: the new suggestion is decided like any other, the old one goes.

    No run is kept from bringing the old one again, and a donor's own pledge stays until it is decided itself.
    """
    proposal = lock(proposal)
    if proposal.state != ProposalState.SUGGESTED:
        raise Refused("decided_already", _("A colleague decided this already. Reload the list."))
    if lot.pk == proposal.lot_id:
        raise Refused("same_lot", _("This is the resource suggested already. Choose another."), field="lot")
    other = propose_by_hand(need=proposal.need, lot=lot, amount=amount, by=by, at=at)
    note_decider(proposal=proposal, project=None, by=by, at=at)
    Decision.objects.create(
        proposal=proposal, kind=DecisionKind.OTHER_LOT, amount=amount, decided_by=by, at=at
    )
    if proposal.origin != Origin.DONOR:
        lapse_overrides(proposal=proposal, by=by, at=at)
        move(proposal, ProposalState.DECLINED, by=by, at=at, reason="other_lot", other=other.public_id)
    return other


@transaction.atomic
def release(*, proposal: Proposal, reason: str, by: User, at: datetime) -> Proposal:
    """A worker ends a live match before delivery."""
    proposal = lock(proposal)
    refuse_unfit_decider(by, proposal, proposal.project)
    register_involvement(file=proposal.need.household, duty=Duty.MATCHER, by=by, at=at)
    return end_match(proposal=proposal, reason=reason, by=by, at=at)


@transaction.atomic
def end_match(*, proposal: Proposal, reason: str, by: Actor, at: datetime) -> Proposal:
    """Need, lot and project get back what was held, whoever ended it; the reason is kept."""
    proposal = lock(proposal)
    if proposal.state not in LIVE:
        raise Refused("not_live", _("This match holds nothing any more."))
    if collect("match.handed_over", proposal):
        raise Refused(
            "handed_over",
            _(
                "Part of this help has reached the family. See the delivery through instead of ending the match."
            ),
        )
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
