"""What a household reads about itself: where the application stands, what happened, what waits, who looked."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import F, Q, QuerySet

from accounts.enums import Role
from common import panels
from common.clock import day_of
from households.enums import APPLICATION_MOVES, Channel, FlagState, HouseholdState, NeedState, VisitState
from households.enums import ApplicationState as S
from households.models import Application, Household, Need, QualityFlag
from households.queries.words import (
    ACTS,
    CHANGED,
    FOUND,
    FOUND_IN_PART,
    NEED_STATES,
    NOT_APPROVED,
    OPENED,
    REST_COMING,
    REVEALED,
    TO_FAMILY,
    Told,
)
from households.rules import assessed_anew
from journal.models import Entry

LOOKED_LIMIT = 60
STEPS = {action: place for place, action in enumerate(ACTS)}


@dataclass(frozen=True)
class Line:
    """One line of the timeline, in the shape the component reads."""

    at: datetime | None
    title: Any
    by: str = ""
    detail: Any = ""
    ahead: bool = False


@dataclass(frozen=True)
class Looked:
    """That somebody in this role opened or changed something on a day; never who."""

    day: date
    role: Any
    what: Any


def standing(application: Application, told: Told = TO_FAMILY) -> tuple[Any, Any, date | None]:
    """(where it stands, what happens next, by when) in plain words."""
    state = S(application.state)
    if application.household.state == HouseholdState.SUSPENDED and state not in {S.REJECTED, S.WITHDRAWN}:
        paused = HouseholdState.SUSPENDED
        return told.stands_on_file[paused], told.following_on_file[paused], None
    if state == S.APPROVED:
        on_file = HouseholdState(application.household.state)
        if on_file == HouseholdState.ACTIVE and assessed_anew(application):
            stands = told.stands_on_file.get(on_file, told.stands[state])
            return stands, told.anew, _visit_day(application)
        found = on_file == HouseholdState.ACTIVE and _nothing_missing(application.household)
        following = told.found if found else told.following_on_file.get(on_file, told.following[state])
        return told.stands_on_file.get(on_file, told.stands[state]), following, None
    due = {
        S.SUBMITTED: application.accept_due,
        S.ACCEPTED: application.visit_due,
        S.VERIFYING: _visit_day(application) or application.visit_due,
        S.ASSESSED: application.decide_due,
        S.REVIEWING: application.decide_due,
    }.get(state)
    return told.stands[state], told.following[state], due


def _nothing_missing(household: Household) -> bool:
    """Needs are open, and all of each is promised or has arrived."""
    needs = household.needs.filter(state=NeedState.OPEN)
    return needs.exists() and not needs.filter(requested__gt=F("reserved") + F("delivered")).exists()


def _visit_day(application: Application) -> date | None:
    planned = application.household.visits.filter(state=VisitState.PLANNED).order_by("due").first()
    return planned.due if planned else None


def timeline(application: Application, *, with_objections: bool = True, told: Told = TO_FAMILY) -> list[Line]:
    """What happened to the application and its needs, newest first, in the household's words.

    What one act brought about at the same moment stands in the order of the steps.
    Upper apps name their rows about the family (`household.happened`): help is found once all have said yes.
    Whoever filed for the household does not see its objections: one may be about the filer.
    """
    household = application.household
    applications = household.applications.values_list("public_id", flat=True)
    refs = Q(object_label="households.application", object_ref__in=list(applications))
    needs = household.needs.values_list("public_id", flat=True)
    refs |= Q(object_label="households.need", object_ref__in=list(needs))
    if with_objections:
        labels = ["households.objection", "households.remedy"]
        refs |= Q(object_label__in=labels, parameters__household=household.public_id)
    for label, rows in panels.collect("household.happened", household):
        refs |= Q(object_label=label, object_ref__in=rows)
    entries = Entry.objects.filter(refs, action__in=list(ACTS)).order_by("-id")[:LOOKED_LIMIT]
    ordered = sorted(entries, key=lambda entry: (entry.at, STEPS[entry.action], entry.pk), reverse=True)
    lines = [Line(entry.at, told.acts[entry.action]) for entry in ordered]
    return [line for place, line in enumerate(lines) if not place or lines[place - 1].title != line.title]


def questions_to_answer(household: Household) -> QuerySet[QualityFlag]:
    """What a worker asked the household about and is waiting to hear."""
    return household.flags.filter(state=FlagState.ASKED).select_related("member").order_by("raised_at")


def needs_said(application: Application) -> list[Need]:
    """What the family asked for, then and since, as it reads it."""
    return list(application.household.needs.select_related("item", "application").order_by("pk"))


def needs_in_words(application: Application, told: Told = TO_FAMILY) -> list[tuple[Need, Any]]:
    """Each need with where it stands; a helper who is still being asked is no help found."""
    return [(need, need_in_words(need, told)) for need in with_asking(needs_said(application))]


def with_asking(needs: Iterable[Need]) -> list[Need]:
    """The needs, each knowing whether somebody is still asked about it, and who: one question for a whole list."""
    needs = list(needs)
    asking = panels.collect("household.asking", {need.household_id for need in needs})
    anybody, family = {pk for pk, _own in asking}, {pk for pk, own in asking if own}
    for need in needs:
        need.asking, need.family_asked = need.pk in anybody, need.pk in family
    return needs


def need_in_words(need: Need, told: Told = TO_FAMILY) -> Any:
    """Where it stands; what was refused with its application was not taken back by the family."""
    if need.refused:
        return NOT_APPROVED
    if need.state == NeedState.OPEN and (need.reserved or need.delivered):
        return _promised_in_words(need, told)
    return NEED_STATES[need.state]


def _promised_in_words(need: Need, told: Told) -> Any:
    if need.family_asked:
        return told.awaited
    if need.asking:
        return NEED_STATES[need.state] if need.remaining else told.suggested
    if need.remaining:
        return FOUND_IN_PART
    return REST_COMING if need.delivered else FOUND


def refused_further(application: Application) -> list[Application]:
    """What the family asked for since and was refused, newest first: the page says why."""
    later = application.household.applications.filter(state=S.REJECTED).exclude(pk=application.pk)
    return list(later.order_by("-pk"))


def further_on_the_way(household: Household) -> set[int]:
    """The applications after the one the family was filed for that can still be taken back."""
    rows = list(household.applications.order_by("pk").values_list("pk", "state"))
    filed = next((place for place, (_pk, state) in enumerate(rows) if state == S.APPROVED), len(rows))
    later = rows if household.channel == Channel.BATCH else rows[filed + 1 :]
    return {pk for pk, state in later if S.WITHDRAWN in APPLICATION_MOVES.get(S(state), ())}


def needs_idle(household: Household) -> set[int]:
    """Open needs, and those past their day, for which nothing is on its way: the family may take them back."""
    idle = household.needs.filter(state__in=[NeedState.OPEN, NeedState.EXPIRED], reserved=0)
    return set(idle.values_list("pk", flat=True))


def returned_to(application: Application) -> Application | None:
    """The application, or what the family asked for since, that waits for something missing."""
    waiting = application.household.applications.filter(state=S.RETURNED)
    return waiting.select_related("household").order_by("pk").first()


def who_looked(household: Household) -> list[Looked]:
    """By role and day: every act of an account on the file; the household itself and its own filer are left out."""
    refs = _file_refs(household)
    entries = (
        Entry.objects.filter(refs, actor_kind="user")
        .exclude(role=Role.VILLAGE_WORKER)
        .order_by("-id")
        .values_list("at", "role", "action")[: LOOKED_LIMIT * 5]
    )
    labels = dict(Role.choices)
    seen: dict[tuple[date, str, str], Looked] = {}
    for at, role, action in entries:
        what = _kind_of_look(action)
        key = (day_of(at), role, str(what))
        seen.setdefault(key, Looked(day_of(at), labels.get(role, role), what))
    return list(seen.values())[:LOOKED_LIMIT]


def _file_refs(household: Household) -> Q:
    refs = Q(object_label="households.household", object_ref=household.public_id)
    for label, rows in (
        ("households.application", household.applications),
        ("households.member", household.members),
        ("households.need", household.needs),
        ("households.visit", household.visits),
        ("households.assessment", household.assessments),
    ):
        found: Iterable[str] = rows.values_list("public_id", flat=True)
        refs |= Q(object_label=label, object_ref__in=list(found))
    return refs


def _kind_of_look(action: str) -> Any:
    if action == "identity.revealed":
        return REVEALED
    return OPENED if action.endswith((".opened", ".viewed")) else CHANGED
