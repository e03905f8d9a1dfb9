"""A family leaves: nothing stays set aside for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock_all
from common.states import move
from households.models import Household
from matching.enums import ProposalState
from matching.models import Proposal
from matching.services.decision import end_match
from matching.services.lapsing import lapse_overrides

REASON = "family_left"
UNDER_AGREEMENT = frozenset({ProposalState.AGREED, ProposalState.EXECUTING})
WAITING = [ProposalState.SUGGESTED, ProposalState.PROPOSED, ProposalState.CONFIRMED]


@transaction.atomic
def leave_matches(*, household: Household, by: Actor, at: datetime) -> None:
    """Suggestions lapse and matches are released; help under agreement is ended with the agreement, not from here."""
    mine = Proposal.objects.filter(need__household=household)
    if mine.filter(state__in=UNDER_AGREEMENT).exists():
        raise Refused(
            "under_agreement",
            _("Help is agreed or on its way. Leave the agreement first; then the support can end."),
        )
    for proposal in lock_all(mine.filter(state__in=WAITING)):
        if proposal.state == ProposalState.SUGGESTED:
            lapse_overrides(proposal=proposal, by=by, at=at)
            move(proposal, ProposalState.EXPIRED, by=by, at=at, reason=REASON)
        else:
            end_match(proposal=proposal, reason=REASON, by=by, at=at)
