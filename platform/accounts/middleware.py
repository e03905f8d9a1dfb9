"""Language, acting seat, idle lock and second factor: what every request passes before its page."""

from __future__ import annotations

import time
from collections.abc import Callable
from http import HTTPStatus
from typing import Any, TypeVar

from django.conf import settings
from django.contrib.auth import logout
from django.contrib.auth.middleware import get_user
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import translation
from django.utils.cache import patch_vary_headers
from django.utils.http import urlencode

from accounts import kept, second_factor
from accounts.models import User

Next = Callable[[HttpRequest], HttpResponse]
V = TypeVar("V", bound=Callable[..., HttpResponseBase])
SEAT = "seat"
LAST_SEEN = "last_seen"
SINCE = "signed_in_since"
LOCKED = "locked"
REFRESH_SECONDS = 30
# Open while locked or before the second factor exists: a way out, a way on, and the language.
ALWAYS_OPEN = frozenset({"account_logout", "set_language", "accounts:unlock", "portal:view_mode"})
SETTING_UP = frozenset(
    {
        "mfa_activate_totp",
        "mfa_generate_recovery_codes",
        "mfa_view_recovery_codes",
        "mfa_download_recovery_codes",
        "account_reauthenticate",
        "mfa_reauthenticate",
        "accounts:confirm",
    }
)


def always_open(view: V) -> V:
    """A page that also opens while locked, or before the second factor exists."""
    view.always_open = True  # type: ignore[attr-defined]
    return view


class ChosenLanguageMiddleware:
    """Chinese unless the reader chose otherwise; what the browser prefers says nothing about a shared computer."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
        language = chosen if chosen in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        patch_vary_headers(response, ("Cookie",))
        return response


class SeatMiddleware:
    """The user acts in the seat chosen in the header, as long as that seat is in force (design §2).

    `request.user` becomes the User itself instead of Django's lazy stand-in, which services could not lock.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        user = get_user(request)
        request.user = user
        if isinstance(user, User):
            chosen = request.session.get(SEAT)
            seats = user.seats
            user.take(next((seat for seat in seats if seat.pk == chosen), seats[0] if seats else None))
        return self.get_response(request)


class IdleLockMiddleware:
    """After a quarter of an hour without a request the page asks for the password again; after twelve hours the
    session ends. It measures real time, not the product's clock: a demonstration day later is no absence.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.user.is_authenticated:
            _look_at_the_watch(request)
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Any, args: Any, kwargs: Any
    ) -> HttpResponse | None:  # after CsrfViewMiddleware's: a forged form is never kept to be sent again
        if not request.user.is_authenticated or _is_always_open(request, view):
            return None
        if request.session.get(LOCKED):
            return _ask_first(request, "accounts:unlock")
        if request.method == "POST":
            kept.settle(request)
        return None


class RefusedFormMiddleware:
    """A form of the sign-in pages that was not accepted answers 422, as every other form here."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_template_response(self, request: HttpRequest, response: Any) -> Any:
        form = (response.context_data or {}).get("form")
        if (
            request.method == "POST"
            and response.status_code == HTTPStatus.OK
            and getattr(form, "errors", None)
        ):
            response.status_code = HTTPStatus.UNPROCESSABLE_ENTITY
        return response


class SecondFactorMiddleware:
    """Whoever handles other people's data has a second factor before opening anything else (quality S)."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(self, request: HttpRequest, view: Any, args: Any, kwargs: Any) -> HttpResponse | None:
        if (
            not request.user.is_authenticated
            or _is_always_open(request, view)
            or _name(request) in SETTING_UP
        ):
            return None
        if not second_factor.required(request.user) or second_factor.satisfied(request):
            return None
        if second_factor.has_totp(request.user):
            return _ask_first(request, "accounts:confirm")
        return HttpResponseRedirect(reverse("mfa_activate_totp"))


def _look_at_the_watch(request: HttpRequest) -> None:
    moment = time.time()
    session = request.session
    if moment - session.setdefault(SINCE, moment) > settings.SESSION_COOKIE_AGE:
        logout(request)
        return
    away = moment - session.setdefault(LAST_SEEN, moment)
    if away > settings.IDLE_LOCK_MINUTES * 60:
        session[LOCKED] = True
    elif away > REFRESH_SECONDS and _is_a_person(request) and not session.get(LOCKED):
        session[LAST_SEEN] = moment


def _is_a_person(request: HttpRequest) -> bool:
    """A page that refreshes a progress bar by itself does not keep an abandoned desk open."""
    fetched = request.headers.get("Sec-Fetch-Mode", "navigate") != "navigate"
    return not (fetched and request.method == "GET")


def _ask_first(request: HttpRequest, page: str) -> HttpResponse:
    if request.path.startswith("/api/"):
        return JsonResponse({"code": page.removeprefix("accounts:")}, status=403)
    if request.method == "POST":
        kept.keep(request)
    return HttpResponseRedirect(f"{reverse(page)}?{urlencode({'next': request.get_full_path()})}")


def _is_always_open(request: HttpRequest, view: Any) -> bool:
    return _name(request) in ALWAYS_OPEN or getattr(view, "always_open", False)


def _name(request: HttpRequest) -> str:
    return request.resolver_match.view_name if request.resolver_match else ""
