"""Every write on matches."""

from matching.services.answers import ask_next, confirm, decline, time_out, undo_confirmation
from matching.services.course import (
    close_proposal,
    mark_agreed,
    mark_completed,
    mark_executing,
    mark_fed_back,
)
from matching.services.decision import ban, decide, propose_by_hand, release, take_other_lot
from matching.services.lapsing import lapse_stale_overrides
from matching.services.override import ask_override, confirm_override, decline_override, withdraw_override
from matching.services.pinning import lift_ban, pin_pair, unpin_pair
from matching.services.pledge import pledge_to_need
from matching.services.run import cancel_run, start_run
from matching.services.storing import expire_suggestions

__all__ = [
    "ask_next",
    "ask_override",
    "ban",
    "cancel_run",
    "close_proposal",
    "confirm",
    "confirm_override",
    "decide",
    "decline",
    "decline_override",
    "expire_suggestions",
    "lapse_stale_overrides",
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
    "take_other_lot",
    "time_out",
    "undo_confirmation",
    "unpin_pair",
    "withdraw_override",
]
