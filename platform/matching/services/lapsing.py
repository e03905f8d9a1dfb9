"""A question to a supervisor that was overtaken: decided otherwise, or nothing is left to decide."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q

from common.actors import Actor
from common.locking import lock_all
from common.states import move
from households.enums import NeedState
from matching.enums import OverrideState, ProposalState
from matching.models import Override, Proposal


@transaction.atomic
def lapse_overrides(*, proposal: Proposal, by: Actor, at: datetime) -> int:
    """Nobody needs to answer for this match any more."""
    waiting = lock_all(proposal.overrides.waiting())
    return len([move(one, OverrideState.LAPSED, by=by, at=at, reason="overtaken") for one in waiting])


@transaction.atomic
def lapse_stale_overrides(*, by: Actor, at: datetime) -> int:
    """The need was closed or the resource went while a supervisor was asked."""
    gone = (
        ~Q(proposal__state=ProposalState.SUGGESTED)
        | ~Q(proposal__need__state=NeedState.OPEN)
        | Q(proposal__lot__available__lt=F("amount"))
    )
    waiting = lock_all(Override.objects.waiting().filter(gone))
    return len([move(one, OverrideState.LAPSED, by=by, at=at, reason="overtaken") for one in waiting])
