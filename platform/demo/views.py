"""One-click sign-in and "a day later": installed by the local and test profiles alone."""

from __future__ import annotations

import time
from datetime import timedelta

from django.contrib.auth import login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from accounts import kept, second_factor
from accounts.middleware import LAST_SEEN, LOCKED, always_open
from accounts.models import User
from common import clock
from common.pages import public_page
from demo.people import SIGN_INS, USERNAMES
from demo.queries import family_codes, is_built
from demo.story.world import PASSWORD
from jobs.services import enqueue_due

BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@always_open
@public_page
@require_safe
def people(request: HttpRequest) -> HttpResponse:
    """Everybody one can be, the day it is in the story, and query codes to look up an application with."""
    codes = family_codes(3) if is_built() else []
    context = {"people": SIGN_INS, "codes": codes, "now": clock.now(), "password": PASSWORD}
    return render(request, "demo/people.html", context)


@always_open
@public_page
@require_POST
def become(request: HttpRequest, username: str) -> HttpResponse:
    """Sign in as an invented person, or go on as the same one; their second factor counts as shown."""
    user = User.objects.filter(username=username).first() if username in USERNAMES else None
    if user is None:
        raise Http404(_("This person is not part of the demonstration."))
    login(request, user, backend=BACKEND)
    second_factor.note(request, "mfa")
    request.session[LOCKED] = False
    request.session[LAST_SEEN] = time.time()
    if kept.kept_form(request) is not None:
        return redirect("accounts:again")
    return redirect(_wanted(request) or "portal:party_home")


@public_page
@require_POST
def a_day_later(request: HttpRequest) -> HttpResponse:
    """Move the clock and ring what is due."""
    clock.advance(timedelta(days=1))
    enqueue_due(at=clock.now())
    return redirect(_wanted(request) or "demo:people")


def _wanted(request: HttpRequest) -> str:
    """Where the page that asked wants to go on, if that is a page of ours."""
    wanted = request.POST.get("next", "")
    inside = url_has_allowed_host_and_scheme(wanted, {request.get_host()}, require_https=request.is_secure())
    return wanted if inside else ""
