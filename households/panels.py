"""What the household side shows on other pages: to-dos and figures of the village worker, entries of the header."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.db.models import Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from accounts.models import User
from common import clock, panels
from common.clock import SHANGHAI
from common.todos import Figure, Panel, Todo
from files import gates
from households import access
from households.enums import ApplicationState, HouseholdState, NeedState
from households.models import Application, Household, Need
from households.queries import Holder, decided
from households.queries.filings import drafts_of, filings_of, head_names
from households.rules import CASE_ROLES
from households.services.exits import SCOPE

MOST = 20
MISSING, QUESTION = _("Something is missing"), _("A question for the family")
MET = [NeedState.FULFILLED, NeedState.VERIFIED, NeedState.CLOSED]


def register() -> None:
    """Called once, when the applications are ready."""
    panels.provide("nav.public", lambda user: [(10, _("Ask for help"), "households:start")])
    panels.provide("nav.public", lambda user: [(20, _("Follow an application"), "households:enter")])
    panels.provide("application.asked", asked_about_exit, order=40)
    panels.provide("application.status", on_exit, order=90)
    panels.provide("household.decisions", decided.on_file, order=0)
    panels.provide("household.decisions", decided.exits, order=90)
    panels.provide("nav.village_worker", lambda user: [(10, _("Families I filed for"), "households:filings")])
    for role in (Role.SUPERVISOR, *GOVERNMENT):
        panels.provide(f"nav.{role}", lambda user: [(70, _("Try out a rule"), "households:targeting")])
    for role in CASE_ROLES:
        panels.provide(f"start.{role}", start)
    panels.provide("todo.village_worker", todos)
    panels.provide("given.village_worker", given)
    panels.provide("got.village_worker", got)
    gates.allow("households.draft", lambda user, ref: _case_worker_sees(user, draft__public_id=ref))
    gates.allow("households.application", lambda user, ref: _case_worker_sees(user, public_id=ref))
    gates.allow("households.household", _case_worker_sees_household)
    gates.allow_request("households.application", _holder_sees)


def start(_user: Any) -> list[Todo]:
    """Somebody stands at the desk, or telephones."""
    return [Todo(_("Apply with a family"), reverse("households:start_assisted"))]


def todos(user: Any) -> list[Todo]:
    """What waits on the own filings: something missing, a question for the family, a draft to finish."""
    waiting = filings_of(user).filter(Q(state=ApplicationState.RETURNED) | Q(asked=True))
    waiting = waiting.exclude(household__state=HouseholdState.SUSPENDED)
    rows = list(waiting.order_by("accept_due", "pk")[:MOST])
    names = head_names(row.household_id for row in rows)
    found = [
        Todo(
            title=names.get(row.household_id, row.number),
            url=reverse("households:filing", args=[row.public_id]),
            due=datetime.combine(row.decide_due, time.max, tzinfo=SHANGHAI),
            detail=_("Something is missing")
            if row.state == ApplicationState.RETURNED
            else _("A question for the family"),
            kind="filing",
        )
        for row in rows
    ]
    if count := len(drafts_of(user)):
        found.append(
            Todo(title=_("Applications begun and not sent"), url=reverse("households:filings"), count=count)
        )
    return found


def asked_about_exit(holder: Holder) -> list[Todo]:
    """Whether the support may end."""
    household = holder.application.household
    if household.state != HouseholdState.EXIT_PROPOSED:
        return []
    url = reverse("households:exit") if holder.may(SCOPE) else ""
    return [Todo(title=_("Can you manage without support from now on?"), url=url, kind="exit")]


def on_exit(application: Application) -> list[Panel]:
    """The family said yes to the end of support: it can think again, and say no until it is decided."""
    household = application.household
    proposal = household.exits.filter(ended_at__isnull=True, agreed_at__isnull=False).first()
    if proposal is None or household.state != HouseholdState.EXIT_AGREED:
        return []
    context = {"undo_until": proposal.undo_until if clock.now() < proposal.undo_until else None}
    return [Panel(_("The end of your support"), "households/public/exit_said.html", context)]


def given(user: Any) -> list[Figure]:
    """How many families this village worker filed for."""
    filed = Application.objects.visible_to(user).count()
    return [Figure(_("Applications filed"), filed, url=reverse("households:filings"))]


def got(user: Any) -> list[Figure]:
    """What came of it."""
    approved = Application.objects.visible_to(user).filter(state=ApplicationState.APPROVED).count()
    met = Need.objects.visible_to(user).filter(state__in=MET).count()
    return [Figure(_("Families on file"), approved), Figure(_("Needs met"), met)]


def _case_worker_sees(user: Any, **which: Any) -> bool:
    """Evidence of identity is for the case's own worker and supervisors, not for every role that sees the file."""
    seat = user.seat if isinstance(user, User) else None
    return (
        seat is not None
        and seat.role in CASE_ROLES
        and Application.objects.visible_to(user).filter(**which).exists()
    )


def _case_worker_sees_household(user: Any, ref: str) -> bool:
    seat = user.seat if isinstance(user, User) else None
    return (
        seat is not None
        and seat.role in CASE_ROLES
        and Household.objects.visible_to(user).filter(public_id=ref).exists()
    )


def _holder_sees(request: HttpRequest, ref: str) -> bool:
    application = access.holder(request)
    return application is not None and application.public_id == ref
