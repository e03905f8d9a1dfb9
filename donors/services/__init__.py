"""Writing the donor side."""

from donors.services.counters import (
    Cause,
    disburse_lot,
    release_lot,
    reserve_lot,
    return_to_lot,
    write_off,
)
from donors.services.ending import close_lot, default_lot, expire_lot, freeze_lot, unfreeze_lot, withdraw_lot
from donors.services.feedback import ask_for_progress, give_feedback, note_overdue_feedback, open_feedback
from donors.services.lots import draft_lot, edit_lot, reopen_lot, state_conditions, submit_lot, undo_lot
from donors.services.papers import add_donor_paper
from donors.services.parties import (
    edit_donor,
    refuse_donor,
    register_donor,
    resume_donor,
    set_donor_standing,
    start_checking_donor,
    suspend_donor,
    verify_donor,
)
from donors.services.pledges import make_pledge, settle_pledges, withdraw_pledge
from donors.services.public_fund import register_public_fund
from donors.services.review import list_lot, reject_lot, review_lot

__all__ = [
    "Cause",
    "add_donor_paper",
    "ask_for_progress",
    "close_lot",
    "default_lot",
    "disburse_lot",
    "draft_lot",
    "edit_donor",
    "edit_lot",
    "expire_lot",
    "freeze_lot",
    "give_feedback",
    "list_lot",
    "make_pledge",
    "note_overdue_feedback",
    "open_feedback",
    "refuse_donor",
    "register_donor",
    "register_public_fund",
    "reject_lot",
    "release_lot",
    "reopen_lot",
    "reserve_lot",
    "resume_donor",
    "return_to_lot",
    "review_lot",
    "set_donor_standing",
    "settle_pledges",
    "start_checking_donor",
    "state_conditions",
    "submit_lot",
    "suspend_donor",
    "undo_lot",
    "unfreeze_lot",
    "verify_donor",
    "withdraw_lot",
    "withdraw_pledge",
    "write_off",
]
