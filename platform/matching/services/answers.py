"""Answers in their order: the agency, the donor if it asked to, the household last; silence has its own rules."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import PLATFORM_STAFF, Duty, Role
from accounts.models import User
from accounts.rules import refuse_own_employer
from accounts.services import register_involvement
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from files.models import Attachment
from households.enums import VisitKind
from households.queries import delegation_in_force
from households.services import open_visit_task
from households.services.news import tell_of_delegate
from matching import signals
from matching.enums import ConfirmationState, Party, ProposalState
from matching.models import Confirmation, Proposal
from matching.rules import answer_scope
from projects.rules import party_organisations

ANSWER_DAYS = {Party.AGENCY: 7, Party.DONOR: 7, Party.HOUSEHOLD: 14}
VISIT_DAYS = 3


@transaction.atomic
def ask_next(*, proposal: Proposal, by: Actor, at: datetime) -> Confirmation | None:
    """Ask the next party; when everybody has said yes the match is confirmed."""
    given = set(proposal.confirmations.filter(state=ConfirmationState.GIVEN).values_list("party", flat=True))
    for party in order_of(proposal):
        if party in given:
            continue
        due = day_of(at) + timedelta(days=ANSWER_DAYS[party])
        question, created = Confirmation.objects.get_or_create(
            proposal=proposal,
            party=party,
            defaults={"asked_at": at, "due": due, "state": ConfirmationState.ASKED, "state_since": at},
        )
        if question.state == ConfirmationState.CANCELLED:
            again = {"asked_at": at, "due": due}
            question, created = move(question, ConfirmationState.ASKED, by=by, at=at, also=again), True
        if created:
            record("matching.asked", proposal, by=by, at=at, party=party, due=due)
            signals.asked.send(sender=Confirmation, confirmation=question, by=by, at=at)
        return question
    move(proposal, ProposalState.CONFIRMED, by=by, at=at)
    signals.confirmed.send(sender=Proposal, proposal=proposal, by=by, at=at)
    return None


def order_of(proposal: Proposal) -> list[Party]:
    """Met conditions are the donor's consent unless the lot asks for each match; the household is always asked."""
    return [Party.AGENCY, *([Party.DONOR] if proposal.lot.confirm_each else []), Party.HOUSEHOLD]


@transaction.atomic
def confirm(
    *, proposal: Proposal, party: str, method: str, evidence: Attachment | None, by: Actor, at: datetime
) -> Confirmation:
    """One party says yes; a household's yes through a worker or a delegate carries its evidence (step 1)."""
    proposal = lock(proposal)
    question = _question(proposal, party, by, at)
    _refuse_without_evidence(party, evidence, by)
    _note_spokesperson(proposal, party, by, at)
    also = {
        "answered_at": at,
        "undo_until": at + timedelta(minutes=settings.UNDO_MINUTES),
        "method": method,
        "by_ref": by.actor_ref,
        "evidence": evidence,
    }
    move(question, ConfirmationState.GIVEN, by=by, at=at, also=also, party=party, method=method)
    ask_next(proposal=proposal, by=by, at=at)
    return question


@transaction.atomic
def decline(
    *,
    proposal: Proposal,
    party: str,
    reason: str,
    method: str,
    by: Actor,
    at: datetime,
    evidence: Attachment | None = None,
) -> Confirmation:
    """One party says no: everything held is given back and the reason is kept.

    A household needs no reason; whoever brings its no shows it, so that nobody gives its help away for it.
    """
    from matching.services.decision import end_match  # noqa: PLC0415 — decision asks, answers end

    proposal = lock(proposal)
    question = _question(proposal, party, by, at)
    if party != Party.HOUSEHOLD and not reason.strip():
        raise Refused("reason_missing", _("Say why, so that the next match can be better."), field="reason")
    _refuse_without_evidence(party, evidence, by)
    _note_spokesperson(proposal, party, by, at)
    also = {
        "answered_at": at,
        "method": method,
        "by_ref": by.actor_ref,
        "reason": reason,
        "evidence": evidence,
    }
    move(question, ConfirmationState.DECLINED, by=by, at=at, also=also, party=party)
    end_match(proposal=proposal, reason=f"declined_by_{party}", by=by, at=at)
    return question


def _refuse_without_evidence(party: str, evidence: Attachment | None, by: Actor) -> None:
    """Only whoever holds the household's own code needs nothing that shows its answer."""
    if party == Party.HOUSEHOLD and by.actor_kind != "household" and evidence is None:
        raise Refused(
            "evidence_missing",
            _("Add the photo or recording that shows the family's own answer."),
            field="evidence",
        )


@transaction.atomic
def undo_confirmation(*, proposal: Proposal, party: str, by: Actor, at: datetime) -> Confirmation:
    """Ten minutes to think again, as long as nothing was built upon the answer."""
    proposal = lock(proposal)
    _refuse_stranger(proposal, party, by, at)
    question: Confirmation | None = proposal.confirmations.filter(
        party=party, state=ConfirmationState.GIVEN
    ).first()
    if question is None or proposal.state not in {ProposalState.PROPOSED, ProposalState.CONFIRMED}:
        raise Refused("nothing_to_undo", _("There is no answer that can be taken back now. Reload the page."))
    question = lock(question)
    order = order_of(proposal)
    later = order[order.index(Party(party)) + 1 :]
    if question.undo_until is None or at >= question.undo_until:
        raise Refused("too_late_to_undo", _("The ten minutes are over. Please call us."))
    if proposal.confirmations.filter(party__in=later, state=ConfirmationState.GIVEN).exists():
        raise Refused("answered_since", _("The next party has answered already. Please call us."))
    if proposal.state == ProposalState.CONFIRMED:
        move(proposal, ProposalState.PROPOSED, by=by, at=at, reason="undone")
    cancel_questions(proposal, by=by, at=at)
    if party == Party.HOUSEHOLD:
        tell_of_delegate(proposal.need.household, by=by, at=at)
    cleared = {"answered_at": None, "undo_until": None, "method": "", "by_ref": "", "evidence": None}
    return move(question, ConfirmationState.ASKED, by=by, at=at, also=cleared, party=party)


@transaction.atomic
def time_out(*, question: Confirmation, by: Actor, at: datetime) -> str:
    """A late agency or donor releases the match; a household's silence opens a visit task and releases nothing."""
    from matching.services.decision import end_match  # noqa: PLC0415 — decision asks, answers end

    proposal = lock(question.proposal)
    question = lock(question)
    if (
        proposal.state != ProposalState.PROPOSED
        or question.state != ConfirmationState.ASKED
        or question.due >= day_of(at)
    ):
        return ""
    if question.party == Party.HOUSEHOLD:
        open_visit_task(
            household=proposal.need.household,
            kind=VisitKind.CONFIRMATION,
            due=day_of(at) + timedelta(days=VISIT_DAYS),
            cause_ref=proposal.public_id,
            by=by,
            at=at,
        )
        return "visit"
    move(question, ConfirmationState.TIMED_OUT, by=by, at=at, party=question.party)
    end_match(proposal=proposal, reason=f"no_answer_{question.party}", by=by, at=at)
    return "released"


def cancel_questions(proposal: Proposal, *, by: Actor, at: datetime) -> None:
    """Nobody needs to answer any more."""
    for question in proposal.confirmations.filter(state=ConfirmationState.ASKED):
        move(lock(question), ConfirmationState.CANCELLED, by=by, at=at, party=question.party)


def _note_spokesperson(proposal: Proposal, party: str, by: Actor, at: datetime) -> None:
    """Who takes down the family's answer had a part in it; of its delegate's the family hears."""
    if party == Party.HOUSEHOLD:
        register_involvement(file=proposal.need.household, duty=Duty.SPOKESPERSON, by=by, at=at)
        tell_of_delegate(proposal.need.household, by=by, at=at)


def _question(proposal: Proposal, party: str, by: Actor, at: datetime) -> Confirmation:
    _refuse_stranger(proposal, party, by, at)
    question: Confirmation | None = proposal.confirmations.filter(
        party=party, state=ConfirmationState.ASKED
    ).first()
    if question is None or proposal.state != ProposalState.PROPOSED:
        raise Refused("not_asked", _("Nothing is waiting for this answer now. Reload the page."))
    return lock(question)


def _refuse_stranger(proposal: Proposal, party: str, by: Actor, at: datetime) -> None:
    """Each party answers for itself; for the household its code holder, its worker or its delegate."""
    if isinstance(by, User):
        known = _user_answers(proposal, party, by, at)
    else:
        known = party == Party.HOUSEHOLD and _holder_answers(proposal, by, at)
    if not known:
        raise Refused("not_yours", _("This answer belongs to somebody else."))
    if party == Party.HOUSEHOLD and proposal.project is not None:
        refuse_own_employer(by=by, organisation_ids=party_organisations(proposal.project))


def _holder_answers(proposal: Proposal, by: Actor, at: datetime) -> bool:
    """Whoever holds the household's own code, or a delegate in force whose scope names what is brought."""
    household = proposal.need.household
    if by.actor_kind == "household":
        return household.applications.filter(public_id=by.actor_ref).exists()
    given = household.delegations.filter(public_id=by.actor_ref, state="given", valid_to__gte=day_of(at))
    scope = answer_scope(proposal.need.item)
    return by.actor_kind == "delegate" and any(scope in delegation.scope for delegation in given)


def _user_answers(proposal: Proposal, party: str, by: User, at: datetime) -> bool:
    seat = by.seat
    if party == Party.AGENCY:
        agency = proposal.project.agency.organisation_id if proposal.project else None
        return seat is not None and seat.role == Role.AGENCY and seat.organisation_id == agency
    if party == Party.DONOR:
        return _is_donor(proposal, by)
    need = proposal.need
    if seat is not None and seat.role in PLATFORM_STAFF and need.area.startswith(seat.prefix):
        return True
    scope = answer_scope(need.item)
    return delegation_in_force(need.household, user=by, scope=scope, on=day_of(at)) is not None


def _is_donor(proposal: Proposal, by: User) -> bool:
    donor = proposal.lot.donor
    seat = by.seat
    return donor.user_id == by.pk or (
        seat is not None
        and donor.organisation_id is not None
        and donor.organisation_id == seat.organisation_id
    )
