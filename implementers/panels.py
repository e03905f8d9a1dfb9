"""What the implementing side shows elsewhere: to-dos, figures, navigation, admitted fund holders."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.rules import near_rows, works_with
from common import clock
from common.panels import provide
from common.templatetags.ui import yuan
from common.todos import Figure, Todo
from files.gates import allow
from implementers.enums import AdmissionState, AgencyState, FundHolderState
from implementers.models import Admission, Agency, FundHolder
from implementers.queries import agency_of, fund_holder_of, fund_holders_admitted
from implementers.rules import admission_blockers, qualification_blockers
from implementers.words import level_words, next_step, rating_words

SOON = timedelta(days=60)


def agency_todos(user: Any) -> list[Todo]:
    """Papers that are missing or run out."""
    agency = agency_of(user)
    if agency is None:
        return [Todo(_("Register your agency"), reverse("implementers:start"))]
    url = reverse("implementers:home")
    todos = []
    if agency.state in {AgencyState.APPLIED, AgencyState.CHECKING}:
        todos += [Todo(one.message, url, kind=one.code) for one in admission_blockers(agency, clock.today())]
    if agency.state == AgencyState.REFUSED:
        todos.append(Todo(_("You were not admitted"), url, detail=agency.reason))
    return todos + _running_out(agency.credentials.all(), url)


def holder_todos(user: Any) -> list[Todo]:
    """Qualifications that are missing or run out."""
    holder = fund_holder_of(user)
    if holder is None:
        return [Todo(_("Register your organisation as a fund holder"), reverse("implementers:start"))]
    url = reverse("implementers:holder_home")
    todos = [Todo(one.message, url, kind=one.code) for one in qualification_blockers(holder, clock.today())]
    if holder.state == FundHolderState.ADMITTED and not holder.can_be_paid:
        todos.append(Todo(_("Put the account on file"), reverse("implementers:holder_edit"), kind="account"))
    return todos + _running_out(holder.qualifications.all(), url)


def _running_out(papers: Any, url: str) -> list[Todo]:
    today = clock.today()
    return [
        Todo(
            _("“%(paper)s” runs out") % {"paper": paper.get_kind_display()}, url, due=_end_of(paper.valid_to)
        )
        for paper in papers.in_force(today).filter(valid_to__lte=today + SOON).order_by("valid_to", "pk")
    ]


def _end_of(day: date) -> datetime:
    return datetime.combine(day, time.max, tzinfo=clock.SHANGHAI)


def agency_got(user: Any) -> list[Figure]:
    """Level and rating: what the agency's work has earned it."""
    agency = agency_of(user)
    if agency is None:
        return []
    url = reverse("implementers:home")
    ceiling = (
        _("no ceiling") if agency.ceiling is None else _("up to %(sum)s") % {"sum": yuan(agency.ceiling)}
    )
    level = Figure(
        _("Level"),
        level_words(agency.level) if agency.level else "—",
        ceiling if agency.level else next_step(agency),
        url,
    )
    return [level, Figure(_("Rating"), agency.rating_level or "—", rating_words(agency), url)]


def agency_given(user: Any) -> list[Figure]:
    """The people the agency works with."""
    agency = agency_of(user)
    if agency is None:
        return []
    staff = agency.staff.filter(left_at__isnull=True)
    licensed = staff.exclude(licence="none").count()
    detail = _("%(number)d with a licence") % {"number": licensed}
    return [Figure(_("Colleagues"), staff.count(), detail, reverse("implementers:home"))]


def holder_got(user: Any) -> list[Figure]:
    """Whether donors may name the fund holder."""
    holder = fund_holder_of(user)
    if holder is None:
        return []
    return [Figure(_("Admission"), holder.state_label, url=reverse("implementers:holder_home"))]


def desk_todos(user: Any) -> list[Todo]:
    """What waits at the desk: applications, and for supervisors the proposals of others."""
    agencies = Agency.objects.filter(
        near_rows(user.seat, organisation="organisation", area="area"),
        state__in=[AgencyState.APPLIED, AgencyState.CHECKING],
    )
    holders = FundHolder.objects.filter(
        near_rows(user.seat, organisation="organisation"),
        state__in=[FundHolderState.APPLIED, FundHolderState.CHECKING],
    )
    lines = [
        (_("Agencies to check"), agencies, "admin:implementers_agency_changelist", "?state=applied"),
        (_("Fund holders to check"), holders, "admin:implementers_fundholder_changelist", ""),
    ]
    if user.seat.role == Role.SUPERVISOR:
        proposed = Admission.objects.visible_to(user).filter(state=AdmissionState.PROPOSED)
        waiting = proposed.exclude(proposed_by=user)
        lines.append(
            (_("Admissions to decide"), waiting, "admin:implementers_admission_changelist", "?state=proposed")
        )
    found = ((title, rows.count(), reverse(name) + query) for title, rows, name, query in lines)
    return [Todo(title, url, count=count, kind="desk") for title, count, url in found if count]


def may_read_papers(model: Any) -> Any:
    """Papers are opened by the organisation's people and the workers of a place where it is registered or at work."""

    def gate(user: Any, ref: str) -> bool:
        seat = user.seat
        if seat is None:
            return False
        rows = model.objects.filter(public_id=ref)
        if seat.role in {Role.SOCIAL_WORKER, Role.SUPERVISOR}:
            found = rows.visible_to(user).select_related("organisation").first()
            return found is not None and works_with(user, found.organisation, area=getattr(found, "area", ""))
        return bool(seat.organisation_id and rows.filter(organisation_id=seat.organisation_id).exists())

    return gate


def install() -> None:
    """Register every provider; called when the apps are ready."""
    provide("fund_holders.admitted", fund_holders_admitted)
    provide("start.none", lambda _user: [Todo(_("Register as an agency"), reverse("implementers:start"))])
    provide("todo.agency", agency_todos)
    provide("given.agency", agency_given)
    provide("got.agency", agency_got)
    provide("todo.fund_holder", holder_todos)
    provide("got.fund_holder", holder_got)
    for role in (Role.SOCIAL_WORKER, Role.SUPERVISOR):
        provide(f"todo.{role}", desk_todos, order=75)
    provide("nav.agency", lambda _user: [(20, gettext_lazy("Our agency"), "implementers:home")])
    provide(
        "nav.fund_holder", lambda _user: [(20, gettext_lazy("Our organisation"), "implementers:holder_home")]
    )
    allow("implementers.agency", may_read_papers(Agency))
    allow("implementers.fundholder", may_read_papers(FundHolder))
