"""The station's people: a worker's own cases, a supervisor's area."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet
from django.db.models.functions import TruncDate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

from accounts.enums import Role
from common.clock import SHANGHAI
from common.templatetags.ui import day, number
from delivery.enums import DeliveryState
from delivery.models import Delivery
from households.desk.words import about_words, file_url, head_of
from households.desk.worklist import with_heads
from households.enums import ApplicationState, HouseholdState, NeedState, ObjectionState, VisitState
from households.models import Application, Assessment, ExitProposal, Household, Need, Objection, Visit
from matching.enums import DecisionKind
from matching.models import Decision
from portal.work.counted import YEAR, Counted, Line

HELD = [HouseholdState.TRACKING, HouseholdState.CLOSED]
MET = [NeedState.FULFILLED, NeedState.VERIFIED, NeedState.CLOSED]
TAKEN = [DecisionKind.ACCEPT, DecisionKind.CHANGE_AMOUNT, DecisionKind.OVERRIDE]


def files_of(user: Any) -> QuerySet[Any]:
    """A worker's own cases; the area of whoever answers for it."""
    files: QuerySet[Any] = Household.objects.visible_to(user)
    return files.filter(worker=user) if user.seat.role == Role.SOCIAL_WORKER else files


def of_household(
    title: Any, household: Household, at: datetime | None, tab: str = "", side: Any = ""
) -> Line:
    meta = " · ".join([household.number, head_of(household), *([day(at)] if at else [])])
    return Line(title, meta, file_url(household, tab), side)


def visits(user: Any, since: datetime) -> QuerySet[Any]:
    made = Q(visitor=user) | Q(companion=user)
    rows = Visit.objects.visible_to(user).filter(made, state=VisitState.DONE, done_at__gte=since)
    return with_heads(rows.select_related("household"))


def assessments(user: Any, since: datetime) -> QuerySet[Any]:
    rows = Assessment.objects.visible_to(user).filter(assessor=user, submitted_at__gte=since)
    return with_heads(rows.select_related("household"))


def files(user: Any, since: datetime) -> QuerySet[Any]:
    return with_heads(files_of(user).filter(filed_at__gte=since), "")


def matches(user: Any, since: datetime) -> QuerySet[Any]:
    rows = Decision.objects.visible_to(user).filter(decided_by=user, kind__in=TAKEN, at__gte=since)
    rows = rows.select_related("proposal__need__item", "proposal__need__household")
    return with_heads(rows, "proposal__need__household__")


def decisions(user: Any, since: datetime) -> QuerySet[Any]:
    ended = [ApplicationState.APPROVED, ApplicationState.REJECTED]
    rows = Application.objects.visible_to(user).filter(state__in=ended, decided_at__gte=since)
    return with_heads(rows.select_related("household"))


def objections(user: Any, since: datetime) -> QuerySet[Any]:
    rows = Objection.objects.visible_to(user).filter(state=ObjectionState.DECIDED, decided_at__gte=since)
    rows = rows.annotate(decided_on=TruncDate("decided_at", tzinfo=SHANGHAI))
    return with_heads(rows.select_related("household"))


def exits(user: Any, since: datetime) -> QuerySet[Any]:
    rows = ExitProposal.objects.visible_to(user).filter(
        household__in=files_of(user), approved=True, ended_at__gte=since
    )
    return with_heads(rows.select_related("household"))


def needs_met(user: Any, since: datetime) -> QuerySet[Any]:
    arrived = _confirmed(since).filter(proposal__need=OuterRef("pk"))
    rows = Need.objects.visible_to(user).filter(
        Exists(arrived), household__in=files_of(user), state__in=MET, delivered=F("requested")
    )
    return with_heads(rows.select_related("household", "item"))


def families_helped(user: Any, since: datetime) -> QuerySet[Any]:
    arrived = _confirmed(since).filter(proposal__need__household=OuterRef("pk"))
    rows = files_of(user).filter(Exists(arrived))
    people = Count("members", filter=Q(members__live=True), distinct=True)
    return with_heads(rows.annotate(people=people), "")


def _confirmed(since: datetime) -> QuerySet[Any]:
    rows: QuerySet[Any] = Delivery.objects.filter(state=DeliveryState.CONFIRMED, confirmed_at__gte=since)
    return rows


def _people(rows: QuerySet[Any]) -> tuple[Any, Any]:
    sizes = list(rows.values_list("people", flat=True))
    return number(sum(sizes)), _families(len(sizes))


def _families(count: int) -> str:
    return ngettext("%(count)d family", "%(count)d families", count) % {"count": count}


def _in_time(rows: QuerySet[Any]) -> tuple[Any, Any]:
    return _part(rows, Q(decided_on__lte=F("due")), _("of %(count)d in all"))


def _held(rows: QuerySet[Any]) -> tuple[Any, Any]:
    return _part(rows, Q(household__state__in=HELD), pgettext("families", "of %(count)d in all"))


def _part(rows: QuerySet[Any], which: Q, words: str) -> tuple[Any, Any]:
    counted = rows.aggregate(all=Count("pk"), part=Count("pk", filter=which))
    return number(counted["part"]), words % {"count": counted["all"]}


def _exit_line(row: ExitProposal) -> Line:
    said = {HouseholdState.TRACKING: _("Followed up after the exit"), HouseholdState.CLOSED: _("Exit holds")}
    side = said.get(HouseholdState(row.household.state), _("Supported again"))
    return of_household(row.get_reason_display(), row.household, row.ended_at, side=side)


def _objection_line(row: Any) -> Line:
    side = _("In time") if row.decided_on <= row.due else _("Late")
    title = f"{row.number} · {about_words(row)}"
    return of_household(title, row.household, row.decided_at, "rights", side)


def _need_line(row: Need) -> Line:
    return of_household(row.item.label, row.household, None, side=row.state_label)


def _match_line(row: Decision) -> Line:
    need = row.proposal.need
    title = f"{row.proposal.number} · {need.item.label}"
    return of_household(title, need.household, row.at, side=row.proposal.state_label)


def _families_size(people: int) -> str:
    return ngettext("Family of %(count)d", "Family of %(count)d", people) % {"count": people}


FILES = Counted(
    "files",
    gettext_lazy("Families taken on file"),
    files,
    lambda row: of_household(row.state_label, row, row.filed_at),
)
WORKER_GAVE = (
    Counted(
        "visits",
        gettext_lazy("Visits made"),
        visits,
        lambda row: of_household(row.get_kind_display(), row.household, row.done_at, "check"),
    ),
    Counted(
        "assessments",
        gettext_lazy("Assessments written"),
        assessments,
        lambda row: of_household(row.state_label, row.household, row.submitted_at, "check"),
    ),
    FILES,
    Counted("matches", gettext_lazy("Matches decided"), matches, _match_line),
)
SUPERVISOR_GAVE = (
    Counted(
        "decisions",
        gettext_lazy("Applications decided"),
        decisions,
        lambda row: of_household(row.number, row.household, row.decided_at, side=row.state_label),
    ),
    Counted("objections", gettext_lazy("Objections answered in time"), objections, _objection_line, _in_time),
    FILES,
)
CAME_OF_IT = (
    Counted("needs-met", gettext_lazy("Needs met"), needs_met, _need_line),
    Counted(
        "people-helped",
        gettext_lazy("People helped"),
        families_helped,
        lambda row: of_household(_families_size(row.people), row, None),
        _people,
    ),
    Counted(
        "exits",
        gettext_lazy("Exits that hold so far, the followed-up ones included"),
        exits,
        _exit_line,
        _held,
        YEAR,
    ),
)
