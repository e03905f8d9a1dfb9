"""Exit, follow-up, return, pause: a household's episodes after filing (domain §2.8)."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.actors import Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from households.enums import HouseholdState, VisitKind
from households.models import Household, HouseholdYear
from households.rules import refuse_unless_case_role, refuse_unless_supervisor
from households.services.visits import open_visit_task

FOLLOW_UP_DAYS = (90, 180, 270, 360)


@transaction.atomic
def propose_exit(*, household: Household, reason: str, by: User, at: datetime) -> Household:
    """A worker proposes the exit of a household whose latest income stands above its line."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    latest = (
        HouseholdYear.objects.filter(household=household, per_capita__isnull=False).order_by("-year").first()
    )
    if latest is None or latest.below_line is not False:
        raise Refused("income_unknown", _("The latest yearly income is not known to be above the line."))
    return move(household, HouseholdState.EXIT_PROPOSED, by=by, at=at, reason=reason, year=latest.year)


@transaction.atomic
def confirm_exit(*, household: Household, by: Actor, at: datetime) -> Household:
    """The household itself agrees; four quarterly follow-up visits are put on the list."""
    household = move(lock(household), HouseholdState.TRACKING, by=by, at=at)
    for days in FOLLOW_UP_DAYS:
        due = day_of(at) + timedelta(days=days)
        cause = f"follow-up-{household.episode}-{days}"
        open_visit_task(household=household, kind=VisitKind.FOLLOW_UP, due=due, cause_ref=cause, by=by, at=at)
    return household


@transaction.atomic
def dispute_exit(*, household: Household, by: Actor, at: datetime) -> Household:
    """The household does not agree: it stays supported."""
    return move(lock(household), HouseholdState.ACTIVE, by=by, at=at, reason="disputed")


@transaction.atomic
def close_household(*, household: Household, by: User, at: datetime) -> Household:
    """The follow-up year ended well."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    if household.visits.filter(kind=VisitKind.FOLLOW_UP, state="planned").exists():
        raise Refused("visits_open", _("Follow-up visits are still to be made."))
    return move(household, HouseholdState.CLOSED, by=by, at=at)


@transaction.atomic
def return_household(*, household: Household, reason: str, by: User, at: datetime) -> Household:
    """The household fell back: a new episode begins and the old one stays readable."""
    household = lock(household)
    refuse_unless_case_role(by, household)
    if household.state not in {HouseholdState.TRACKING, HouseholdState.CLOSED}:
        raise Refused("not_exited", _("Only a family that left support can return to it."))
    also = {"episode": household.episode + 1}
    return move(household, HouseholdState.ACTIVE, by=by, at=at, reason=reason, also=also)


@transaction.atomic
def suspend_household(*, household: Household, reason: str, by: User, at: datetime) -> Household:
    """A supervisor pauses a file: death, move, investigation."""
    household = lock(household)
    refuse_unless_supervisor(by, household)
    also = {"before_suspension": household.state}
    return move(household, HouseholdState.SUSPENDED, by=by, at=at, reason=reason, also=also)


@transaction.atomic
def resume_household(*, household: Household, by: User, at: datetime) -> Household:
    """The file goes on where it stood."""
    household = lock(household)
    refuse_unless_supervisor(by, household)
    if household.state != HouseholdState.SUSPENDED:
        raise Refused("not_suspended", _("This file is not paused."))
    return move(household, household.before_suspension, by=by, at=at, also={"before_suspension": ""})
