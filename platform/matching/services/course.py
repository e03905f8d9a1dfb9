"""The course of a confirmed match, moved by what delivery writes down."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common.actors import Actor
from common.locking import lock
from common.states import move
from matching import signals
from matching.enums import ProposalState
from matching.models import Proposal


@transaction.atomic
def mark_agreed(*, proposal: Proposal, by: Actor, at: datetime) -> Proposal:
    """The agreements that carry this match are in force."""
    return move(lock(proposal), ProposalState.AGREED, by=by, at=at)


@transaction.atomic
def mark_executing(*, proposal: Proposal, by: Actor, at: datetime) -> Proposal:
    """The help is on its way."""
    return move(lock(proposal), ProposalState.EXECUTING, by=by, at=at)


@transaction.atomic
def mark_completed(*, proposal: Proposal, by: Actor, at: datetime) -> Proposal:
    """The household has everything of this match."""
    proposal = move(lock(proposal), ProposalState.COMPLETED, by=by, at=at)
    signals.completed.send(sender=Proposal, proposal=proposal, by=by, at=at)
    return proposal


@transaction.atomic
def mark_fed_back(*, proposal: Proposal, by: Actor, at: datetime) -> Proposal:
    """The donor has been told what came of it."""
    return move(lock(proposal), ProposalState.FED_BACK, by=by, at=at)


@transaction.atomic
def close_proposal(*, proposal: Proposal, by: Actor, at: datetime) -> Proposal:
    """Nothing more to do."""
    return move(lock(proposal), ProposalState.CLOSED, by=by, at=at)
