"""Follow-up, return, pause: a household's episodes after filing (domain §2.8)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.models import User
from accounts.services import register_involvement
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from households.enums import HouseholdState, VisitKind
from households.models import Household
from households.rules import refuse_unless_case_role, refuse_unless_supervisor


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
    """A supervisor pauses a file: death, move, investigation."""
    household = lock(household)
    refuse_unless_supervisor(by, household)
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    also = {"before_suspension": household.state}
    return move(household, HouseholdState.SUSPENDED, by=by, at=at, reason=reason, also=also)


@transaction.atomic
def resume_household(*, household: Household, by: User, at: datetime) -> Household:
    """The file goes on where it stood."""
    household = lock(household)
    refuse_unless_supervisor(by, household)
    if household.state != HouseholdState.SUSPENDED:
        raise Refused("not_suspended", _("This file is not paused."))
    register_involvement(file=household, duty=Duty.HANDLER, by=by, at=at)
    return move(household, household.before_suspension, by=by, at=at, also={"before_suspension": ""})
