"""What lower pages show of matches: the family's own page, its file, the to-dos of every party."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, time
from typing import Any

from django.db.models import Exists, OuterRef, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from accounts.enums import PLATFORM_STAFF, Role
from accounts.models import User
from common import clock
from common.clock import SHANGHAI
from common.panels import provide
from common.todos import Panel, Todo
from donors.enums import LotKind
from files.gates import allow
from households.models import Application, Household, Remedy
from households.queries import Holder
from matching.enums import HELD, LIVE, ConfirmationState, Party, ProposalState
from matching.models import Confirmation, Proposal
from matching.queries import (
    asked_of,
    household_offers,
    may_undo,
    organisations_behind,
    queue,
    waiting_answers,
    waiting_overrides,
)
from matching.queries.decided import decisions_about
from matching.rules import answer_scope

SHOWN = 10


def matched_for(project: Any) -> list[tuple[int, int]]:
    """How many matches of a project everybody has confirmed, and their money in fen."""
    rows = Proposal.objects.filter(project=project, state__in=HELD - {ProposalState.PROPOSED})
    money = rows.filter(lot__kind=LotKind.MONEY).aggregate(total=Sum("amount"))["total"]
    return [(rows.count(), int(money or 0))]


def install() -> None:
    """Called once, when the applications are ready."""
    allow("matching.proposal", may_see_evidence)
    provide("application.asked", asked_of_household, order=10)
    provide("application.status", offers_of, order=20)
    provide("household.file", matches_of, order=60)
    provide("project.matched", matched_for)
    provide("act.remedy", matches_to_release)
    provide("household.parties", organisations_behind)
    provide("household.decisions", decisions_about, order=10)
    provide("household.asking", needs_asked_about)
    provide("household.happened", matches_told)
    provide("todo.social_worker", staff_todos)
    provide("todo.supervisor", supervisor_todos)
    provide("todo.agency", agency_todos)
    provide("todo.donor", donor_todos)
    provide("nav.donor", lambda user: [(10, _("I want to help"), "matching:catalogue")])
    provide("nav.agency", lambda user: [(30, _("Matches"), "matching:matches")])
    for role in (Role.SOCIAL_WORKER, Role.SUPERVISOR):
        provide(f"nav.{role}", desk_entry)


def may_see_evidence(user: User, public_id: str) -> bool:
    """What shows a family's yes is for those who work with the family."""
    seat = user.seat
    staff = seat is not None and seat.role in PLATFORM_STAFF
    return staff and Proposal.objects.visible_to(user).filter(public_id=public_id).exists()


def desk_entry(user: User) -> list[tuple[int, Any, str, str]]:
    below = reverse("admin:app_list", args=["matching"])
    return [(30, _("Matching desk"), "admin:matching_proposal_changelist", below)]


def offers_of(application: Application) -> list[Panel]:
    """On the household's own page: what is offered, who brings it, yes or no."""
    now = clock.now()
    own: Any = Proposal.objects.filter(need__household=application.household_id)
    rows = [
        {
            "proposal": row,
            "question": row.asked[0],
            "waiting": row.asked[0].state == ConfirmationState.ASKED,
            "may_undo": may_undo(row.asked[0], now),
        }
        for row in household_offers(own)[:SHOWN]
    ]
    return [Panel(_("Help on offer"), "matching/panels/offers.html", {"offers": rows})] if rows else []


def needs_asked_about(households: Collection[int]) -> list[tuple[int, bool]]:
    """Needs of these families for which somebody is still being asked, and whether it is the family's own turn."""
    own = Confirmation.objects.filter(
        proposal=OuterRef("pk"), party=Party.HOUSEHOLD, state=ConfirmationState.ASKED
    )
    asking = Proposal.objects.filter(need__household__in=households, state=ProposalState.PROPOSED)
    return list(asking.annotate(own=Exists(own)).values_list("need_id", "own"))


def matches_told(household: Household) -> list[tuple[str, list[str]]]:
    """The matches whose course the family reads on its page."""
    rows = Proposal.objects.filter(need__household=household).values_list("public_id", flat=True)
    return [(Proposal._meta.label_lower, list(rows))]


def asked_of_household(holder: Holder) -> list[Todo]:
    """What the family has still to say yes or no to; a delegate without the scope sees it and cannot answer."""
    own: Any = Proposal.objects.filter(need__household=holder.application.household_id)
    if holder.delegation is None:
        offered = _("There is help for you: %(thing)s. Do you want it?")
    else:
        offered = _("There is help for the family: %(thing)s. Does it want it?")
    return [
        Todo(
            title=offered % {"thing": row.need.item.label},
            url="#answers" if holder.may(answer_scope(row.need.item)) else "",
            due=_end_of(row.asked[0].due),
            kind="matching.household",
        )
        for row in household_offers(own)[:SHOWN]
        if row.asked[0].state == ConfirmationState.ASKED
    ]


def matches_of(household: Household, user: User) -> list[Panel]:
    """On the family's file: every match with its state."""
    rows = (
        Proposal.objects.visible_to(user)
        .filter(need__household=household)
        .select_related("need__item", "lot", "project")
        .order_by("-id")[:SHOWN]
    )
    matches = list(rows)
    return [Panel(_("Matches"), "matching/panels/matches.html", {"matches": matches})] if matches else []


def matches_to_release(remedy: Remedy, user: User) -> list[Panel]:
    """Beside an objection the family was right in: the match it named, else all that can be released."""
    rows = (
        Proposal.objects.visible_to(user)
        .filter(need__household=remedy.household_id, state__in=LIVE)
        .select_related("need__item", "lot", "project")
        .order_by("-id")
    )
    if remedy.objection.object_label == Proposal._meta.label_lower:
        rows = rows.filter(public_id=remedy.objection.object_ref)
    context = {"matches": list(rows[:SHOWN]), "release": True}
    return (
        [Panel(_("Help promised now"), "matching/panels/matches.html", context)] if context["matches"] else []
    )


def staff_todos(user: User) -> list[Todo]:
    """How many suggestions wait for a decision, and which families still have to be asked in person."""
    waiting = queue(user).count()
    decide = Todo(
        title=ngettext("Decide about a suggestion", "Decide about suggestions", waiting),
        url=reverse("admin:matching_proposal_changelist"),
        count=waiting,
        kind="matching.queue",
    )
    asked = waiting_answers(user).filter(party=Party.HOUSEHOLD).order_by("due", "id")[:SHOWN]
    hear = [
        Todo(
            title=_("Hear the family's answer: %(thing)s") % {"thing": question.proposal.need.item.label},
            url=reverse("admin:matching_confirmation_answer", args=[question.public_id]),
            due=_end_of(question.due),
            detail=question.proposal.need.household.number,
            kind="matching.household",
        )
        for question in asked
    ]
    return [decide, *hear] if waiting else hear


def supervisor_todos(user: User) -> list[Todo]:
    """What the workers do, and the questions of colleagues before everything else."""
    asked = waiting_overrides(user).exclude(asked_by=user).order_by("asked_at", "id")[:SHOWN]
    answer = [
        Todo(
            title=_("Already gets help of this kind, more? %(thing)s")
            % {"thing": row.proposal.need.item.label},
            url=reverse("admin:matching_override_answer", args=[row.public_id]),
            detail=row.proposal.need.household.number,
            kind="matching.override",
        )
        for row in asked
    ]
    return [*answer, *staff_todos(user)]


def agency_todos(user: User) -> list[Todo]:
    return _answers(user, Party.AGENCY)


def donor_todos(user: User) -> list[Todo]:
    return _answers(user, Party.DONOR)


def _answers(user: User, party: Party) -> list[Todo]:
    return [
        Todo(
            title=_("Answer a match: %(thing)s") % {"thing": row.need.item.label},
            url=reverse("matching:match", args=[row.public_id]),
            due=_end_of(row.asked[0].due),
            detail=row.number,
            kind=f"matching.{party}",
        )
        for row in asked_of(user, party).filter(waiting=1).order_by("id")[:SHOWN]
    ]


def _end_of(day: Any) -> datetime:
    """A day to answer by ends at midnight."""
    return datetime.combine(day, time.max, SHANGHAI)
