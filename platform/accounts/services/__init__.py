"""Writing accounts: organisations, seats, people, duties, revealed values."""

from accounts.services.duties import load_duties, register_involvement
from accounts.services.organisations import create_organisation, edit_organisation
from accounts.services.people import (
    close_account,
    edit_account,
    end_sessions,
    open_account,
    reopen_account,
    reset_second_factor,
)
from accounts.services.revealing import reveal
from accounts.services.seats import (
    accept_invitation,
    create_first_administrator,
    end_membership,
    invite_member,
    open_own_seat,
    switch_seat,
)

__all__ = [
    "accept_invitation",
    "close_account",
    "create_first_administrator",
    "create_organisation",
    "edit_account",
    "edit_organisation",
    "end_membership",
    "end_sessions",
    "invite_member",
    "load_duties",
    "open_account",
    "open_own_seat",
    "register_involvement",
    "reopen_account",
    "reset_second_factor",
    "reveal",
    "switch_seat",
]
