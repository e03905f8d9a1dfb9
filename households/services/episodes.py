"""Follow-up, return, pause: a household's episodes after filing (domain §2.8)."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from households.enums import ApplicationState, HouseholdState, VisitKind, VisitState
from households.models import Application, Household
from households.rules import UNDER_CHECK, assessed_anew, refuse_unless_case_role, refuse_unless_supervisor
from reference.queries import add_working_days, working_days_between

ENDED = (ApplicationState.REJECTED, ApplicationState.WITHDRAWN)


@transaction.atomic
def close_household(*, household: Household, by: User, at: datetime) -> Household:
    """The follow-up year ended well: its visits are made and the risk is gone, which the worker sees (domain §10.1)."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    if household.visits.filter(kind=VisitKind.FOLLOW_UP, state="planned").exists():
        raise Refused("visits_open", _("Follow-up visits are still to be made."))
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    return move(household, HouseholdState.CLOSED, by=by, at=at)


@transaction.atomic
def return_household(*, household: Household, reason: str, by: User, at: datetime) -> Household:
    """The household fell back: a new episode begins and the old one stays readable."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    if household.state not in {HouseholdState.TRACKING, HouseholdState.CLOSED}:
        raise Refused("not_exited", _("Only a family that left support can return to it."))
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    also = {"episode": household.episode + 1}
    return move(household, HouseholdState.ACTIVE, by=by, at=at, reason=reason, also=also)


@transaction.atomic
def suspend_household(*, household: Household, reason: str, by: User, at: datetime) -> Household:
    """A supervisor pauses a file: death, move, investigation. Its clocks stand still (domain §10.1)."""
    household = lock(household)
    refuse_unless_supervisor(by, household)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    also = {"before_suspension": household.state}
    return move(household, HouseholdState.SUSPENDED, by=by, at=at, reason=reason, also=also)


@transaction.atomic
def resume_household(*, household: Household, by: User, at: datetime) -> Household:
    """The file goes on where it stood, and every day to keep moves on by the working days it rested."""
    household = lock(household)
    refuse_unless_supervisor(by, household)
    if household.state != HouseholdState.SUSPENDED:
        raise Refused("not_suspended", _("This file is not paused."))
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    paused = household.state_since or at
    for application in household.applications.exclude(state__in=ENDED):
        if application.state != ApplicationState.APPROVED or assessed_anew(application):
            _move_days(application, paused, at)
    for visit in household.visits.filter(state=VisitState.PLANNED):
        visit.due = _moved(visit.due, max(paused, visit.created_at), at)
        visit.save(update_fields=["due"])
    ahead = household.needs.filter(assess_by__isnull=False, application__state__in=UNDER_CHECK)
    ahead.update(assess_by=F("assess_by") + (at - paused))
    also = {"before_suspension": ""}
    return move(household, household.before_suspension, by=by, at=at, also=also, days=_rested(paused, at))


def _move_days(application: Application, paused: datetime, at: datetime) -> None:
    """Accepting has a day of its own where the family brought something meanwhile."""
    received = max(paused, application.state_since or paused)
    application.accept_due = _moved(application.accept_due, received, at)
    application.decide_due = _moved(application.decide_due, paused, at)
    if application.visit_due is not None:
        application.visit_due = _moved(application.visit_due, paused, at)
    application.save(update_fields=["accept_due", "visit_due", "decide_due"])


def _moved(due: date, since: datetime, at: datetime) -> date:
    return add_working_days(due, _rested(since, at))


def _rested(since: datetime, at: datetime) -> int:
    return working_days_between(day_of(since), day_of(at))
