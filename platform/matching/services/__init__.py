"""Every write on matches."""

from matching.services.answers import ask_next, confirm, decline, time_out, undo_confirmation
from matching.services.course import (
    close_proposal,
    mark_agreed,
    mark_completed,
    mark_executing,
    mark_fed_back,
)
from matching.services.decision import ban, decide, propose_by_hand, release
from matching.services.pinning import lift_ban, pin_pair, unpin_pair
from matching.services.pledge import pledge_to_need
from matching.services.run import cancel_run, start_run
from matching.services.storing import expire_suggestions

__all__ = [
    "ask_next",
    "ban",
    "cancel_run",
    "close_proposal",
    "confirm",
    "decide",
    "decline",
    "expire_suggestions",
    "lift_ban",
    "mark_agreed",
    "mark_completed",
    "mark_executing",
    "mark_fed_back",
    "pin_pair",
    "pledge_to_need",
    "propose_by_hand",
    "release",
    "start_run",
    "time_out",
    "undo_confirmation",
    "unpin_pair",
]
