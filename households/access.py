"""Who looks at a household's own page: the browser that proved itself by code and number, for half an hour.

Apps above use `@household_page` on their views, `holder(request)` for the application and `actor(request)` for the
journal. A delegate is let in within the scope given, as long as the delegation is in force.
"""

from __future__ import annotations

import functools
import time
from collections.abc import Callable
from typing import Any, overload

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from common import clock
from common.actors import CodeHolder
from common.pages import View, public_page
from households.models import Application
from households.queries import Holder, delegations_in_force

SESSION = "household"
SECONDS = (
    30 * 60
)  # real time without a request, not the product's clock: a demonstration day later is no absence
OWN = "own"  # what nobody can entrust: consents, delegations, withdrawing


def grant(request: HttpRequest, found: Holder) -> None:
    """This browser holds the application from now on.

    The session keeps its key: a second click of the same send arrives with it and must find its own answer.
    """
    request.session[SESSION] = {
        "application": found.application.public_id,
        "delegation": found.delegation.public_id if found.delegation else "",
        "code": found.application.code_index,
        "seen": time.time(),
    }


def leave(request: HttpRequest) -> None:
    """Close the page on this device."""
    request.session.pop(SESSION, None)


def current(request: HttpRequest) -> Holder | None:
    """The holder while the half hour runs, the code is the same and, for a delegate, the delegation is in force."""
    cached: Holder | None = getattr(request, "_household_holder", None)
    return cached if cached is not None else _read(request)


def _read(request: HttpRequest) -> Holder | None:
    kept = request.session.get(SESSION)
    if not kept or time.time() - kept["seen"] > SECONDS:
        return None
    application = (
        Application.objects.filter(public_id=kept["application"]).select_related("household").first()
    )
    if application is None:
        return None
    if (
        kept.get("code", application.code_index) != application.code_index
    ):  # another code was handed out since
        return None
    delegation = None
    if kept["delegation"]:
        in_force = delegations_in_force(application, clock.today())
        delegation = in_force.filter(public_id=kept["delegation"]).first()
        if delegation is None:
            return None
    request.session[SESSION] = {**kept, "seen": time.time()}
    found = Holder(application, delegation)
    request._household_holder = found  # type: ignore[attr-defined]
    return found


def holder(request: HttpRequest) -> Application | None:
    """The application this browser may follow and answer, or None."""
    found = current(request)
    return found.application if found else None


def held(request: HttpRequest) -> Holder:
    """Who looks, inside a `household_page`."""
    found = current(request)
    if found is None:
        raise Http404
    return found


def own_row(rows: Any, public_id: str) -> Any:
    """One of the household's own rows, or a 404 in its words."""
    found = rows.filter(public_id=public_id).first()
    if found is None:
        raise Http404(_("We did not find this. Go back to your application."))
    return found


def actor(request: HttpRequest) -> CodeHolder:
    """Who acts, for the journal, inside a `household_page`."""
    return held(request).actor


@overload
def household_page(view: View) -> View: ...
@overload
def household_page(*, needs: str = ...) -> Callable[[View], View]: ...
def household_page(view: View | None = None, *, needs: str = "receive_notice") -> Any:
    """Open to whoever holds the code; `needs` is what a delegate's scope must name, `OWN` what none can."""

    def decorate(inner: View) -> View:
        @functools.wraps(inner)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            found = current(request)
            if found is None:
                back = request.get_full_path() if request.method == "GET" else reverse("households:status")
                return HttpResponseRedirect(f"{reverse('households:enter')}?{urlencode({'next': back})}")
            if not found.may(needs):
                raise Http404(
                    _("The family did not entrust this to you. They can do it themselves, or ask us.")
                )
            return inner(request, *args, **kwargs)

        return public_page(guarded)

    return decorate(view) if view is not None else decorate
