"""Who decided on a match, noted on every file where another duty of the same person would not go with it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from matching.models import Proposal
from projects.models import Project


@transaction.atomic
def note_decider(
    *, proposal: Proposal, project: Project | None, by: User, at: datetime, duty: Duty = Duty.MATCHER
) -> None:
    """Who gave is known on the lot, who carries out on the project, who decides objections on the family's file.

    Who asked and who agreed are told apart on the match alone: the other files carry many matches, and on them
    both decided.
    """
    register_involvement(file=proposal, duty=duty, by=by, at=at)
    for file in (proposal.need.household, proposal.lot, project):
        if file is not None:
            register_involvement(file=file, duty=Duty.MATCHER, by=by, at=at)
