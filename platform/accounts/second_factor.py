"""The second factor: who must have one, whether this session proved it, and how to ask for a fresh proof."""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpRequest, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import urlencode

from accounts import kept
from accounts.enums import SECOND_FACTOR_ROLES

AnyView = Callable[..., HttpResponseBase]


def required(user: Any) -> bool:
    """One seat that handles other people's data is enough: the account can switch to it."""
    return any(seat.role in SECOND_FACTOR_ROLES for seat in user.seats)


def has_totp(user: Any) -> bool:
    return bool(Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists())


def missing(user: Any) -> bool:
    """Required, and not set up: no password stands in for it."""
    return required(user) and not has_totp(user)


def satisfied(request: HttpRequest) -> bool:
    """This session proved a second factor at sign-in or later."""
    return any(record["method"] == "mfa" for record in get_authentication_records(request, request.user))


def recent(request: HttpRequest) -> bool:
    """The last proof is at most five minutes old; an account without a second factor proves its password."""
    wanted = "mfa" if required(request.user) or has_totp(request.user) else "password"
    moments = [
        record["at"]
        for record in get_authentication_records(request, request.user)
        if record["method"] in {wanted, "mfa"}
    ]
    return _is_fresh(moments)


def signed_in_lately(request: HttpRequest) -> bool:
    """The password was typed in the last five minutes, at sign-in or later."""
    records = get_authentication_records(request, request.user)
    return _is_fresh([record["at"] for record in records if record["method"] == "password"])


def _is_fresh(moments: list[float]) -> bool:
    return bool(moments) and time.time() - max(moments) <= settings.ACCOUNT_REAUTHENTICATION_TIMEOUT


def note(request: HttpRequest, method: str, **extra: Any) -> None:
    """Write down in the session that this person just proved a password or a code."""
    record_authentication(request, request.user, method, reauthenticated=True, **extra)


def require_recent(view: AnyView) -> AnyView:
    """Exports and unmasking ask for a fresh code first; what was typed is kept and comes back (quality S)."""

    @functools.wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not request.user.is_authenticated or recent(request):
            return view(request, *args, **kwargs)
        if request.method == "POST":
            kept.keep(request)
        return ask_again(then=request.get_full_path())

    return guarded


def ask_again(*, then: str) -> HttpResponseRedirect:
    """To the page that asks for a fresh proof, and from there to the address `then`."""
    return HttpResponseRedirect(f"{reverse('accounts:confirm')}?{urlencode({'next': then})}")
