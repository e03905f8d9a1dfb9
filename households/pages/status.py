"""The household's own page: opened with code and number, and everything about the application in plain words."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from common import clock, panels
from common.exceptions import Refused
from common.forms import ConfirmForm
from common.pages import page, public_page, submit, submitter
from common.todos import by_urgency
from households import access, services
from households.access import held, household_page
from households.cards.reading import card_for
from households.enums import ENDED, ApplicationState, DelegationState
from households.forms.public import CodeForm
from households.queries import Holder
from households.queries import page as reading
from households.queries.decisions import decisions_named
from households.queries.said import said_in
from households.queries.words import QUESTIONS, TO_FAMILY, TO_FILER
from households.rules import ON_FILE
from households.services.further import SCOPE

GONE = frozenset({ApplicationState.REJECTED, ApplicationState.WITHDRAWN})


@public_page
def enter(request: HttpRequest) -> HttpResponse:
    """Query code and the last four of a number; five wrong tries, then a pause."""
    form = CodeForm(request.POST or None)
    to = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(to, allowed_hosts=None):
        to = reverse("households:status")
    if request.method == "POST" and form.is_valid():
        try:
            found = services.open_application(
                code=form.cleaned_data["code"],
                tail=form.cleaned_data["tail"],
                browser=submitter(request),
                at=clock.now(),
            )
        except Refused as refused:
            form.refuse(refused)
        else:
            request.session.cycle_key()
            access.grant(request, found)
            return HttpResponseRedirect(to)
    return page(request, "households/public/enter.html", {"form": form}, form=form)


@household_page
def status(request: HttpRequest) -> HttpResponse:
    """Where it stands, what comes next and by when, what waits for the household, and its rights."""
    return page(request, "households/public/status.html", status_context(held(request)))


def status_context(found: Holder) -> dict[str, Any]:
    application, household = found.application, found.application.household
    own = found.delegation is None
    told = TO_FAMILY if own else TO_FILER
    stands, following, due = reading.standing(application, told)
    objections = household.objections.select_related("remedy", "household").order_by("-received_at")
    if not own:
        objections = objections.filter(channel="delegate")
    named = decisions_named(list(objections))
    flags = [(flag, QUESTIONS.get(flag.rule, "")) for flag in reading.questions_to_answer(household)]
    return {
        "application": application,
        "household": household,
        "delegation": found.delegation,
        "own": own,
        "may_update": found.may("update"),
        "may_read": found.may("apply"),
        "has_points": found.may("apply") and card_for(household.area) is not None,
        "returned": reading.returned_to(application),
        "may_ask_more": household.state in ON_FILE and found.may(SCOPE),
        "stands": stands,
        "next": following,
        "due": due,
        "flags": flags,
        "needs": reading.needs_in_words(application, told),
        "refused": reading.refused_further(application),
        "takeable": reading.further_on_the_way(household) if found.may(SCOPE) else set(),
        "idle": reading.needs_idle(household) if found.may(SCOPE) else set(),
        "asked": by_urgency(panels.collect("application.asked", found)),
        "panels": panels.collect("application.status", application),
        "lines": reading.timeline(application, with_objections=own, told=told),
        "objections": [(objection, named[objection.pk]) for objection in objections],
        "consents_open": household.consents.filter(withdrawn_at__isnull=True).count(),
        "delegates": household.delegations.filter(state=DelegationState.GIVEN).count(),
        "may_apply_again": application.state in GONE or household.state in ENDED,
        "may_leave": household.state in ON_FILE,
        "may_withdraw": application.may_become("withdrawn"),
    }


@public_page
def leave(request: HttpRequest) -> HttpResponse:
    """Close the page on a shared device."""
    form = ConfirmForm(request.POST or None)
    answer = submit(request, form, lambda data: access.leave(request), to="households:start")
    return answer or page(request, "households/public/leave.html", {"form": form}, form=form)


@household_page
def looked(request: HttpRequest) -> HttpResponse:
    """Who saw the file: by role and day, no names."""
    rows = reading.who_looked(held(request).application.household)
    return page(request, "households/public/looked.html", {"rows": rows})


@household_page(needs="apply")
def copy(request: HttpRequest) -> HttpResponse:
    """What the household said when it applied: its own copy, to read and to print."""
    application = held(request).application
    context = {"application": application, "parts": said_in(application)}
    return page(request, "households/public/copy.html", context)
