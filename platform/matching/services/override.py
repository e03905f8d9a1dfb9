"""A match in spite of a warning: one person asks with a reason, a supervisor answers in the own session."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty, Role
from accounts.models import User
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from households.enums import NeedState
from matching import signals
from matching.enums import DecisionKind, OverrideState
from matching.models import Decision, Override, Proposal
from matching.rules import refuse_unfit_decider, warnings_for
from matching.services.decision import refuse_undecidable, take
from matching.services.duties import note_decider
from projects.models import Project


@transaction.atomic
def ask_override(
    *, proposal: Proposal, project: Project, amount: int, reason: str, by: User, at: datetime
) -> Override:
    """Help with an item the family already gets from elsewhere waits for a supervisor; nothing is set aside."""
    proposal = lock(proposal)
    refuse_undecidable(proposal, project, amount, by, at)
    _refuse_closed(proposal)
    warnings = warnings_for(proposal.need, day_of(at))
    if not warnings:
        raise Refused(
            "nothing_to_override",
            _("Nothing stands against this match any more. Reload the page and accept it as usual."),
        )
    if not reason.strip():
        raise Refused("reason_missing", _("Say why more is right."), field="reason")
    if amount > min(proposal.need.remaining, proposal.lot.available):
        raise Refused(
            "more_than_there_is",
            _("This is more than the family still needs or than is free of this resource. Take less."),
            field="amount",
        )
    if proposal.overrides.waiting().exists():
        raise Refused("asked_already", _("A supervisor has been asked about this match already."))
    note_decider(proposal=proposal, project=project, by=by, at=at)
    override = Override.objects.create(
        proposal=proposal,
        project=project,
        amount=amount,
        reason=reason.strip(),
        warnings=warnings,
        asked_by=by,
        asked_at=at,
        state=OverrideState.ASKED,
        state_since=at,
    )
    record("matching.override.asked", override, by=by, at=at, proposal=proposal.public_id, amount=amount)
    signals.override_asked.send(sender=Override, override=override, by=by, at=at)
    return override


@transaction.atomic
def confirm_override(*, override: Override, by: User, at: datetime) -> Proposal:
    """The supervisor agrees: everything is looked at again on this day, then held as at any decision."""
    proposal = lock(override.proposal)
    override = lock(override)
    _refuse_unfit_second(override, proposal, by)
    _refuse_closed(proposal)
    refuse_undecidable(proposal, override.project, override.amount, by, at)
    note_decider(proposal=proposal, project=override.project, duty=Duty.OVERRIDER, by=by, at=at)
    move(override, OverrideState.CONFIRMED, by=by, at=at, also={"answered_by": by, "answered_at": at})
    Decision.objects.create(
        proposal=proposal,
        kind=DecisionKind.OVERRIDE,
        amount=override.amount,
        reason=override.reason,
        warnings=override.warnings,
        decided_by=override.asked_by,
        second_person=by,
        at=at,
    )
    taken = take(
        proposal=proposal,
        project=override.project,
        amount=override.amount,
        kind=DecisionKind.OVERRIDE,
        by=by,
        at=at,
    )
    signals.override_answered.send(sender=Override, override=override, by=by, at=at)
    return taken


@transaction.atomic
def decline_override(*, override: Override, reason: str, by: User, at: datetime) -> Override:
    """The supervisor does not agree and says why; the suggestion stays on the desk."""
    proposal = lock(override.proposal)
    override = lock(override)
    _refuse_unfit_second(override, proposal, by)
    if not reason.strip():
        raise Refused(
            "reason_missing", _("Say why, so that your colleague can look further."), field="reason"
        )
    register_involvement(file=proposal.need.household, duty=Duty.MATCHER, by=by, at=at)
    also = {"answered_by": by, "answered_at": at, "answer": reason.strip()}
    move(override, OverrideState.DECLINED, by=by, at=at, also=also)
    signals.override_answered.send(sender=Override, override=override, by=by, at=at)
    return override


@transaction.atomic
def withdraw_override(*, override: Override, by: User, at: datetime) -> Override:
    """Who asked may take the question back as long as nobody has answered."""
    override = lock(override)
    if override.asked_by_id != by.pk:
        raise Refused("not_yours", _("A colleague asked this. Speak with each other."))
    _refuse_answered(override)
    return move(override, OverrideState.LAPSED, by=by, at=at, reason="withdrawn")


def _refuse_unfit_second(override: Override, proposal: Proposal, by: User) -> None:
    """A supervisor of the area without a tie to a party, and never who asked (docs/who-decides.md)."""
    _refuse_answered(override)
    if by.seat is None or by.seat.role != Role.SUPERVISOR:
        raise Refused(
            "supervisor_needed", _("A supervisor of this area decides here. Hand it over on the worklist.")
        )
    if override.asked_by_id == by.pk:
        raise Refused(
            "second_person_needed", _("You asked this yourself, so another supervisor has to answer.")
        )
    refuse_unfit_decider(by, proposal, override.project)


def _refuse_answered(override: Override) -> None:
    if override.state != OverrideState.ASKED:
        raise Refused("answered_already", _("This question is not open any more. Reload the list."))


def _refuse_closed(proposal: Proposal) -> None:
    if proposal.need.state != NeedState.OPEN:
        raise Refused("need_closed", _("This need is covered or closed by now; nothing is left to decide."))
