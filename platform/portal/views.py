"""Pages that show what all the apps know, and own nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST, require_safe

from accounts.enums import DESK_ROLES, Role
from accounts.requests import SignedRequest, acting_seat
from common import clock, panels
from common.gate import get_visible
from common.pages import for_roles, keyset, page, public_page, signed_in_page
from common.todos import by_urgency
from donors.models import Lot
from portal.figures import national_figures
from portal.tracing import READERS, trace_of
from portal.work import find

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise

YEAR = 365 * 24 * 3600
TITLES: dict[str, _StrPromise] = {
    Role.VILLAGE_WORKER: _("Families of my village"),
    Role.DONOR: _("My help"),
    Role.AGENCY: _("Our work"),
    Role.FUND_HOLDER: _("Money in our care"),
    Role.EVALUATOR: _("My evaluations"),
    Role.OFFICER: _("Support in our area"),
    Role.VIEWER: _("Support in our area"),
}


@public_page
@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What this place is, and the three things people come for: ask for help, help, see what came of it."""
    sections = panels.collect("front", request)
    return render(request, "portal/front.html", {"figures": national_figures(), "sections": sections})


@signed_in_page
@require_safe
def party_home(request: SignedRequest) -> HttpResponse:
    """What waits for me, what I gave, what I got (R5); workers find theirs at the desk."""
    seat = request.user.seat
    if seat is not None and seat.role in DESK_ROLES:
        return redirect("admin:index")
    role = seat.role if seat is not None else "none"
    context = {
        "title": TITLES.get(role, _("Welcome")),
        "todos": by_urgency(panels.collect(f"todo.{role}", request.user)),
        "given": panels.collect(f"given.{role}", request.user),
        "got": panels.collect(f"got.{role}", request.user),
        "starts": panels.collect(f"start.{role}", request.user),
        "sections": panels.collect(f"home.{role}", request.user),
    }
    return render(request, "portal/home.html", context)


@for_roles(Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.EVALUATOR)
@require_safe
def work_list(request: SignedRequest, slug: str) -> HttpResponse:
    """The rows behind one number of the own home."""
    counted = find(acting_seat(request).role, slug)
    if counted is None:
        raise Http404(gettext("This list belongs to another role. Switch your role at the top of the page."))
    rows = keyset(request, counted.of(request.user))
    context = {"counted": counted, "page": rows, "lines": [counted.line(row) for row in rows]}
    return page(request, "portal/work.html", context)


@for_roles(*READERS)
@require_safe
def trace(request: SignedRequest, public_id: str) -> HttpResponse:
    """Every unit of a lot to its result: match, project, agreement, payment, delivery, evaluation (U30)."""
    lot = get_visible(Lot, request.user, public_id)
    return render(request, "portal/trace.html", {"lot": lot, "trace": trace_of(lot, request.user)})


@public_page
@require_safe
def about(request: HttpRequest) -> HttpResponse:
    """Who stands behind this and by which rules."""
    return render(request, "portal/about.html")


@public_page
@require_safe
def statistics(request: HttpRequest) -> HttpResponse:
    """Totals for everybody; a cell of fewer than five families is not shown."""
    return render(request, "portal/statistics.html", {"figures": national_figures(), "as_of": clock.today()})


@public_page
@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What we do so that everybody can use these pages, and whom to tell when something does not work."""
    return render(request, "portal/accessibility.html")


@public_page
@require_safe
def components(request: HttpRequest) -> HttpResponse:
    """Every component in every state."""
    return render(request, "pages/components.html")


@public_page
@require_POST
def view_mode(request: HttpRequest) -> HttpResponse:
    """Large print or the standard view, kept for a year on this device."""
    target = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/"
    response = redirect(target)
    mode = "elder" if request.POST.get("view") == "elder" else "standard"
    response.set_cookie("view", mode, max_age=YEAR, samesite="Lax", secure=settings.SESSION_COOKIE_SECURE)
    return response
