"""How a family leaves the register, and how an upheld objection brings it back (domain §10.1)."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from common.actors import Actor
from common.crypto import index_forms
from common.exceptions import Refused
from common.locking import lock, lock_all
from common.recording import record
from common.states import move
from households.enums import ApplicationState, HouseholdState, NeedState, VisitState
from households.models import Application, Household, Member, Need
from households.services.need_ends import idle
from households.services.rights import end_consent
from households.services.visits import call_off

WITHDRAWN, REJECTED, LEFT = "application_withdrawn", "application_rejected", "support_withdrawn"
RELEASING = frozenset(
    {WITHDRAWN, REJECTED, LEFT}
)  # why the members of a file that ended belong to it no more


def cancel_said_needs(application: Application, *, reason: str = "", by: Actor, at: datetime) -> None:
    """What was asked for ends with the application, also what was opened ahead of it with nothing on its way."""
    said = Q(state__in=[NeedState.DRAFT, NeedState.ASSESSED])
    ahead = Q(state__in=[NeedState.OPEN, NeedState.EXPIRED], assess_by__isnull=False)
    for need in lock_all(application.needs.filter(said | ahead)):
        move(idle(need), NeedState.CANCELLED, by=by, at=at, also={"closed_at": at}, reason=reason)


def never_filed(household: Household) -> bool:
    """Still on its way in, also while it is paused there."""
    paused = household.state == HouseholdState.SUSPENDED
    return (household.before_suspension if paused else household.state) == HouseholdState.PENDING


def end_file(household: Household, to: str, *, reason: str, by: Actor, at: datetime) -> Household:
    """Its visits are off the list and its members released, so that the same people can apply again."""
    for visit in household.visits.filter(state=VisitState.PLANNED):
        call_off(visit, reason=reason, by=by, at=at)
    released = household.members.filter(live=True).update(live=False, ended_reason=reason)
    return move(household, to, by=by, at=at, reason=reason, members=released)


def end_consents(household: Household, *, by: Actor, at: datetime) -> None:
    """Sharing ends with what the family took back."""
    for consent in household.consents.filter(withdrawn_at__isnull=True):
        end_consent(consent, by=by, at=at)


def end_application(
    application: Application, household: Household, *, by: Actor, at: datetime
) -> Application:
    """Taken back before the decision: needs, visits and sharing end, and who was never filed is released with it."""
    move(application, ApplicationState.WITHDRAWN, by=by, at=at)
    cancel_said_needs(application, by=by, at=at)
    if never_filed(household):
        end_consents(household, by=by, at=at)
        end_file(household, HouseholdState.WITHDRAWN, reason=WITHDRAWN, by=by, at=at)
    return application


def applied_again(household: Household) -> bool:
    """Whether somebody of a refused family stands in another file by now."""
    refused = household.members.filter(ended_reason=REJECTED, id_index__isnull=False)
    numbers = [form for member in refused for form in index_forms(member, "id_index")]
    return bool(Member.objects.filter(live=True, id_index__in=numbers).exists())


@transaction.atomic
def reopen_application(*, application: Application, by: Actor, at: datetime) -> Application:
    """After an upheld objection a refused application goes back to the supervisor with its people and needs.

    Whoever refused it does not decide it anew. What was true at the refusal is true again;
    a family that has applied anew meanwhile is helped through that file.
    """
    household = lock(application.household)
    application = lock(application)
    refused_at = application.decided_at
    also = {"decided_at": None, "decided_by": None, "refused_by": application.decided_by}
    move(application, ApplicationState.REVIEWING, by=by, at=at, reason="objection_upheld", also=also)
    try:
        if applied_again(household):
            raise IntegrityError
        with transaction.atomic():
            household.members.filter(ended_reason=REJECTED).update(live=True, ended_reason="")
    except IntegrityError:
        raise Refused(
            "applied_again", _("The family has applied again; help it through the new file.")
        ) from None
    if household.state == HouseholdState.REJECTED:  # what was refused of a family on file leaves it there
        move(household, HouseholdState.PENDING, by=by, at=at, reason="objection_upheld")
    needs = Need.objects.filter(application=application, state=NeedState.CANCELLED, closed_at=refused_at)
    for need in lock_all(needs):
        move(need, NeedState.DRAFT, by=by, at=at, also={"closed_at": None}, reason="objection_upheld")
    record("application.reopened", application, by=by, at=at, household=household.public_id)
    return application
