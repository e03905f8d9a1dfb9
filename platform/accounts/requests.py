"""The request of a page that only opens for somebody signed in; views annotate it so that `user` is a User."""

from __future__ import annotations

from django.http import HttpRequest

from accounts.models import Membership, User


class SignedRequest(HttpRequest):
    """For annotations alone: the decorators of `common.pages` guarantee it."""

    user: User


def acting_seat(request: SignedRequest) -> Membership:
    """The seat behind a page for certain roles; `for_roles` has made sure that there is one."""
    seat = request.user.seat
    if seat is None:
        raise LookupError("a page without for_roles asked for the seat")
    return seat
