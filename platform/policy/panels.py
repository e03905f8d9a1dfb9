"""Where the header leads officers and everybody else, and what waits for an officer."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF
from accounts.models import User
from common import clock
from common.panels import collect, provide
from common.templatetags.ui import number
from common.todos import Figure, Panel, Todo
from policy.enums import PolicyState, Subject
from policy.models import Policy
from policy.queries import hints_for

SHOWN = 10


def install() -> None:
    """Called once, when the applications are ready."""
    provide("nav.officer", lambda user: [(40, _("Policies"), "policy:desk")])
    provide("nav.viewer", lambda user: [(40, _("Policies"), "policy:list")])
    provide("todo.officer", officer_todos)
    provide("given.officer", published, order=60)
    provide("household.file", hints_about, order=40)
    provide("act.application", hints_for_decision)


def hints_for_decision(application: Any, user: User) -> list[Panel]:
    """Beside a decision: the programmes the family seems to come under."""
    return hints_about(application.household, user) if application.household else []


def hints_about(household: Any, user: User) -> list[Panel]:
    """For the station: which published rules of the place a family seems to meet, and why; never a decision."""
    if user.seat is None or user.seat.role not in PLATFORM_STAFF:
        return []
    today = clock.today()
    newest = household.years.visible_to(user).filter(per_capita__isnull=False).order_by("-year").first()
    facts = {
        "category": household.category,
        "cause_main": household.cause_main,
        "size": household.members.filter(live=True).count() or None,
        "per_capita": newest.per_capita if newest else None,
        "group": frozenset(collect("household.groups", household, today)),
    }
    hints = hints_for(subject=Subject.HOUSEHOLD, area=household.area, facts=facts, on=today)
    if not hints:
        return []
    return [
        Panel(_("Policies this family may come under"), "policy/panels/hints.html", {"hints": hints[:SHOWN]})
    ]


def officer_todos(user: User) -> list[Todo]:
    """Drafts a colleague sent, reviewed ones to be published, own drafts that came back."""
    own = Policy.objects.visible_to(user).filter(area__startswith=user.seat.prefix if user.seat else "-")
    sent = own.filter(state=PolicyState.DRAFT, sent_at__isnull=False).exclude(drafter=user)
    back = own.filter(state=PolicyState.DRAFT, drafter=user).exclude(sent_back_reason="")
    reviewed = own.filter(state=PolicyState.REVIEWED).exclude(drafter=user)
    found: list[tuple[Any, Any]] = [(row, _("Review a policy: %(title)s")) for row in sent[:SHOWN]]
    found += [(row, _("Your draft came back: %(title)s")) for row in back[:SHOWN]]
    found += [(row, _("Publish a reviewed policy: %(title)s")) for row in reviewed[:SHOWN]]
    return [
        Todo(
            title=words % {"title": row.title},
            url=reverse("policy:work", args=[row.public_id]),
            detail=row.doc_no,
            kind="policy",
        )
        for row, words in found
    ]


def published(user: User) -> list[Figure]:
    """How many policies this office has put before the people."""
    if user.seat is None or user.seat.organisation_id is None:
        return []
    colleagues = User.objects.filter(memberships__organisation_id=user.seat.organisation_id)
    count = Policy.objects.filter(published_at__isnull=False, drafter__in=colleagues).count()
    return [Figure(_("Policies published"), number(count), url=reverse("policy:desk"))]
