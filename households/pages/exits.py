"""Whether the support may end: the household says yes or no, and can think again for ten minutes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.forms import ConfirmForm, Form
from common.pages import page, submit
from files.services import keep
from households import access, services
from households.access import held, household_page
from households.enums import HouseholdState
from households.forms.public import OwnWordForm
from households.models import Household
from households.services.exits import SCOPE

STATUS = "households:status"


@household_page(needs=SCOPE)
def yes(request: HttpRequest) -> HttpResponse:
    """We agree; a delegate shows the family's own word."""
    household = _asked(request, HouseholdState.EXIT_PROPOSED)
    delegated = held(request).delegation is not None
    form: Form = (OwnWordForm if delegated else ConfirmForm)(request.POST or None, request.FILES or None)

    def act(data: Mapping[str, Any]) -> Household:
        by, at, upload = access.actor(request), clock.now(), data.get("upload")
        kept = upload and keep(upload=upload, purpose="confirmation_evidence", owner=household, by=by, at=at)
        return services.confirm_exit(household=household, evidence=kept or None, by=by, at=at)

    answer = submit(request, form, act, to=STATUS)
    words = {"title": _("Can you manage without support from now on?"), "button": _("Yes, we agree")}
    return answer or _page(request, household, form, words | {"ask": True})


@household_page(needs=SCOPE)
def no(request: HttpRequest) -> HttpResponse:
    """We still need support; nobody asks why."""
    household = _asked(request, HouseholdState.EXIT_PROPOSED, HouseholdState.EXIT_AGREED)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: services.dispute_exit(household=household, by=access.actor(request), at=clock.now()),
        to=STATUS,
    )
    words = {"title": _("You still need support?"), "button": _("Yes, go on supporting us")}
    return answer or _page(request, household, form, words)


@household_page(needs=SCOPE)
def undo(request: HttpRequest) -> HttpResponse:
    """Ten minutes to think again."""
    household = _asked(request, HouseholdState.EXIT_AGREED)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: services.undo_exit_answer(
            household=household, by=access.actor(request), at=clock.now()
        ),
        to=STATUS,
    )
    words = {"title": _("Think again?"), "button": _("Take our answer back")}
    return answer or _page(request, household, form, words)


def _asked(request: HttpRequest, *states: str) -> Household:
    household = held(request).application.household
    if household.state not in states and request.method == "GET":
        raise Http404(_("Nothing is being asked here now. Go back to your application."))
    return household


def _page(request: HttpRequest, household: Household, form: Form, words: dict[str, Any]) -> HttpResponse:
    proposal = household.exits.filter(ended_at__isnull=True).first()
    context = {"form": form, "proposal": proposal, **words}
    return page(request, "households/public/exit.html", context, form=form)
