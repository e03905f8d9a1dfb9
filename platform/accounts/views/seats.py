"""My seats and my account."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.views.decorators.http import require_POST

from accounts import second_factor
from accounts.forms import AccountForm
from accounts.middleware import SEAT
from accounts.models import Membership
from accounts.requests import SignedRequest
from accounts.services import edit_account, end_sessions, switch_seat
from common import clock
from common.exceptions import Refused
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import page, signed_in_page, submit


@signed_in_page
def seats(request: SignedRequest) -> HttpResponse:
    """The seats this person holds or is offered; one of them is acted in."""
    mine = request.user.memberships.exclude(state="ended").select_related("organisation").order_by("pk")
    return page(request, "accounts/seats.html", {"memberships": list(mine), "form": ConfirmForm()})


@signed_in_page
@require_POST
def switch(request: SignedRequest) -> HttpResponse:
    """The switch in the header: the next page is the home of that seat."""
    membership = get_visible(Membership, request.user, request.POST.get("seat", ""))
    try:
        taken = switch_seat(membership=membership, by=request.user, at=clock.now())
    except Refused as refused:
        return page(
            request,
            "accounts/seats.html",
            {"memberships": request.user.seats, "refused": refused},
            status=409,
        )
    request.session[SEAT] = taken.pk
    return HttpResponseRedirect(resolve_url(settings.LOGIN_REDIRECT_URL))


@signed_in_page
def account(request: SignedRequest) -> HttpResponse:
    """Name and phone; language, password and the second step stand beside them."""
    form = AccountForm(request.POST or None, user=request.user)
    answer = submit(
        request,
        form,
        lambda data: edit_account(
            user=request.user, name=data["name"], phone=form.new_phone, by=request.user, at=clock.now()
        ),
        to="accounts:account",
    )
    context = {"form": form, "has_totp": second_factor.has_totp(request.user)}
    return answer or page(request, "accounts/account.html", context, form=form)


@signed_in_page
@require_POST
def leave_everywhere(request: SignedRequest) -> HttpResponse:
    """End every other session of the own account; this one stays."""
    form = ConfirmForm(request.POST)

    def act(_data: object) -> None:
        user = end_sessions(user=request.user, by=request.user, at=clock.now())
        update_session_auth_hash(request, user)

    return submit(request, form, act, to="accounts:account") or HttpResponseRedirect(
        resolve_url("accounts:account")
    )
