"""Ending an entrustment in force: by everybody's yes, for a breach that was heard, for force majeure (domain §10.6)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.models import User
from accounts.rules import refuse_own_employer, refuse_unless_by_rule
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from delivery import signals
from delivery.enums import (
    ENDING_GROUNDS,
    ENTRUSTMENT_PARTS,
    AgreementKind,
    AgreementState,
    EndGround,
    EndingAnswer,
    EndingState,
    Party,
    Signer,
)
from delivery.models import Agreement, Ending, EndingWord
from delivery.queries import spoken
from delivery.rules import PAPERS_OF_ENDINGS, asked_of, refuse_unless_party
from delivery.services.ending import end_agreement
from files.models import Attachment
from projects.rules import party_organisations
from reference.queries import add_working_days


@transaction.atomic
def ask_ending(
    *,
    agreement: Agreement,
    ground: str,
    reason: str,
    by: User,
    at: datetime,
    clause: str = "",
    against: str = "",
    evidence: Attachment | None = None,
) -> Ending:
    """A party asks to end an entrustment in force; a breach names the clause and who broke it, and both it and force
    majeure come with a paper. The others have ten working days to speak."""
    agreement = lock(agreement)
    party = _signing_party(agreement, by)
    if agreement.kind != AgreementKind.ENTRUSTMENT or agreement.state != AgreementState.EFFECTIVE:
        raise Refused("not_effective", _("Only an entrustment in force is ended this way."))
    if ground not in ENDING_GROUNDS:
        raise Refused("ground", _("Choose on which ground it ends."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the agreement ends."), field="reason")
    if ground == EndGround.BREACH:
        _refuse_vague(agreement, party, clause, against)
    if ground != EndGround.MUTUAL:
        _refuse_unshown(agreement, evidence)
    is_mutual, is_breach = ground == EndGround.MUTUAL, ground == EndGround.BREACH
    ending = Ending(
        agreement=agreement,
        ground=ground,
        asked_by=party,
        reason=reason.strip(),
        clause=clause if is_breach else "",
        against=against if is_breach else "",
        evidence=None if is_mutual else evidence,
        asked_at=at,
        due=None if is_mutual else add_working_days(day_of(at), settings.ENDING_HEARING_DAYS),
        state=EndingState.OPEN,
        state_since=at,
    )
    try:
        with transaction.atomic():
            ending.save(force_insert=True)
    except IntegrityError:
        raise Refused(
            "ending_open", _("A party has asked to end this agreement. That has to be settled first.")
        ) from None
    _say(ending, party, EndingAnswer.ASKED, "", by, at)
    record(
        "agreement.ending_asked", agreement, by=by, at=at, ground=ground, party=party, clause=ending.clause
    )
    signals.ending_asked.send(sender=Ending, ending=ending, by=by, at=at)
    return ending


@transaction.atomic
def answer_ending(*, ending: Ending, answer: str, text: str, by: User, at: datetime) -> Ending:
    """Each party speaks for itself, no person for two: yes or no to a mutual end, its statement on a breach, that it
    has read of force majeure. The last yes starts the ten minutes to undo; a no leaves the agreement in force."""
    ending = lock(ending)
    party = _signing_party(ending.agreement, by)
    if ending.state != EndingState.OPEN:
        raise Refused("ending_closed", _("This is settled already. Reload the page."))
    if party not in asked_of(ending):
        raise Refused("not_asked", _("Another party is asked here."))
    if answer not in ANSWERS[EndGround(ending.ground)]:
        raise Refused("answer", _("Choose one of the answers on the page."))
    if answer == EndingAnswer.STATED and not text.strip():
        raise Refused("text_missing", _("Write your statement."), field="text")
    _say(ending, party, EndingAnswer(answer), text, by, at)
    record("agreement.ending_answered", ending.agreement, by=by, at=at, party=party, answer=answer)
    if answer == EndingAnswer.NO:
        move(ending, EndingState.DECLINED, by=by, at=at)
    elif ending.ground == EndGround.MUTUAL and not unheard(ending):
        move(ending, EndingState.SETTLED, by=by, at=at, also={"settled_at": at})
    signals.ending_moved.send(sender=Ending, ending=ending, by=by, at=at)
    return ending


@transaction.atomic
def undo_ending_answer(*, ending: Ending, by: User, at: datetime) -> Ending:
    """Ten minutes to think again about a yes."""
    ending = lock(ending)
    word = spoken(ending).get(_signing_party(ending.agreement, by))
    if ending.state not in {EndingState.OPEN, EndingState.SETTLED} or word is None:
        raise Refused("ending_closed", _("This is settled already. Reload the page."))
    if word.answer != EndingAnswer.YES or word.undo_until is None or at >= word.undo_until:
        raise Refused("too_late_to_undo", _("The ten minutes are over. Please call us."))
    word.undone_at = at
    word.save(update_fields=["undone_at"])
    record("agreement.ending_answer_undone", ending.agreement, by=by, at=at, party=word.party)
    if ending.state == EndingState.SETTLED:
        move(ending, EndingState.OPEN, by=by, at=at, also={"settled_at": None})
    return ending


@transaction.atomic
def withdraw_ending(*, ending: Ending, by: User, at: datetime) -> Ending:
    """Whoever asked may take it back until the agreement has ended."""
    ending = lock(ending)
    if _signing_party(ending.agreement, by) != ending.asked_by:
        raise Refused("not_asked_by_you", _("Only the party that asked for the end can take it back."))
    move(ending, EndingState.WITHDRAWN, by=by, at=at)
    signals.ending_moved.send(sender=Ending, ending=ending, by=by, at=at)
    return ending


@transaction.atomic
def decide_ending(*, ending: Ending, ends: bool, reason: str, by: User, at: datetime) -> Ending:
    """A supervisor of the area who has said nothing in the matter decides about a breach or force majeure, once the
    others were heard or their time is over."""
    ending = lock(ending)
    agreement = lock(ending.agreement)
    project, seat = agreement.project, getattr(by, "seat", None)
    if seat is None or seat.role != Role.SUPERVISOR or not project.place.startswith(seat.prefix):
        raise Refused("supervisor_needed", _("A supervisor of this area decides this."))
    refuse_own_employer(by=by, organisation_ids=party_organisations(project))
    if ending.state != EndingState.OPEN or ending.ground == EndGround.MUTUAL:
        raise Refused("nothing_to_decide", _("Nothing is to be decided here. Reload the page."))
    if ending.words.filter(by_ref=by.actor_ref).exists():
        raise Refused("spoke_already", _("You spoke for the platform here. A colleague has to decide."))
    if unheard(ending) and (ending.due is None or day_of(at) <= ending.due):
        raise Refused("not_heard", _("The other party has not spoken and its time is not over. Wait for it."))
    if not reason.strip():
        raise Refused("reason_missing", _("Say why you decide so."), field="reason")
    state = EndingState.DONE if ends else EndingState.DECLINED
    move(ending, state, by=by, at=at, also={"decided_by": by, "decision": reason.strip()})
    if ends:
        end_agreement(
            agreement, AgreementState.TERMINATED, by, at, reason=ending.reason[:300], ground=ending.ground
        )
    signals.ending_moved.send(sender=Ending, ending=ending, by=by, at=at)
    return ending


@transaction.atomic
def settle_due_endings(*, by: Actor, at: datetime) -> int:
    """Ends everybody agreed to, once nobody can take the yes back any more."""
    refuse_unless_by_rule(by)
    limit = at - timedelta(minutes=settings.UNDO_MINUTES)
    due = Ending.objects.filter(state=EndingState.SETTLED, settled_at__lte=limit).order_by("pk")
    for ending in list(due):
        agreement = lock(ending.agreement)
        move(lock(ending), EndingState.DONE, by=by, at=at)
        reason = ending.reason[:300]
        end_agreement(agreement, AgreementState.TERMINATED, by, at, reason=reason, ground=ending.ground)
    return len(due)


def unheard(ending: Ending) -> frozenset[Signer]:
    """Who is asked and has not spoken."""
    return asked_of(ending) - {Signer(party) for party in spoken(ending)}


ANSWERS = {
    EndGround.MUTUAL: frozenset({EndingAnswer.YES, EndingAnswer.NO}),
    EndGround.BREACH: frozenset({EndingAnswer.STATED}),
    EndGround.FORCE_MAJEURE: frozenset({EndingAnswer.READ}),
}


def _signing_party(agreement: Agreement, by: User) -> Signer:
    party = refuse_unless_party(agreement, by)
    if party == Party.DONOR:
        raise Refused("no_party", _("You do not speak for a party of this agreement."))
    return Signer(party)


def _refuse_vague(agreement: Agreement, party: Signer, clause: str, against: str) -> None:
    if clause not in ENTRUSTMENT_PARTS or not agreement.content.get(clause):
        raise Refused("clause_missing", _("Name the clause that was broken."), field="clause")
    if against not in {Signer.AGENCY, Signer.FUND_HOLDER} - {party}:
        raise Refused("against_missing", _("Name the other party that broke it."), field="against")


def _refuse_unshown(agreement: Agreement, evidence: Attachment | None) -> None:
    owner = (PAPERS_OF_ENDINGS, agreement.public_id)
    if evidence is None or (evidence.owner_label, evidence.owner_ref) != owner:
        raise Refused("evidence_missing", _("Add the paper that shows what happened."), field="upload")


def _say(ending: Ending, party: Signer, answer: EndingAnswer, text: str, by: User, at: datetime) -> None:
    """One word a party, one party a person; both held by the database."""
    undo = at + timedelta(minutes=settings.UNDO_MINUTES) if answer == EndingAnswer.YES else None
    try:
        with transaction.atomic():
            EndingWord.objects.create(
                ending=ending, party=party, answer=answer, text=text.strip(), by_ref=by.actor_ref, at=at,
                undo_until=undo,
            )  # fmt: skip
    except IntegrityError:
        raise Refused(
            "spoke_already",
            _("Your party has spoken already, or you spoke for another one. Reload the page."),
        ) from None
