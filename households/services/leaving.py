"""A family on file no longer wants support: any state may be left, without a reason (domain §10.1)."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock, lock_all
from files.models import Attachment
from households.enums import APPLICATION_MOVES, ApplicationState, HouseholdState, NeedState
from households.models import Household
from households.rules import ON_FILE
from households.services.ending import LEFT, end_application, end_consents, end_file
from households.services.need_ends import drop_need
from households.services.speaking import NOBODY_ELSE, hear_family
from households.signals import household_leaving

ON_THE_WAY = [state for state, moves in APPLICATION_MOVES.items() if ApplicationState.WITHDRAWN in moves]
CANCELLABLE = [NeedState.DRAFT, NeedState.ASSESSED, NeedState.OPEN, NeedState.EXPIRED]


@transaction.atomic
def leave_support(*, household: Household, evidence: Attachment | None, by: Actor, at: datetime) -> Household:
    """The family says so by its code, or its worker does with evidence: needs, matches, visits and sharing end.

    What is under agreement is left first: its own page says what happens to help that is on its way. The members are
    released, so that the same people can apply again.
    """
    household = lock(household)
    hear_family(household, scope=NOBODY_ELSE, evidence=evidence, by=by, at=at)
    if household.state not in ON_FILE:
        raise Refused("file_not_open", _("This file is not open now. Ask the social worker."))
    household_leaving.send(sender=Household, household=household, by=by, at=at)
    for application in household.applications.filter(state__in=ON_THE_WAY):
        end_application(lock(application), household, by=by, at=at)
    for need in lock_all(household.needs.filter(state__in=CANCELLABLE)):
        drop_need(need, by=by, at=at)
    household.exits.filter(ended_at__isnull=True).update(ended_at=at)
    end_consents(household, by=by, at=at)
    return end_file(household, HouseholdState.WITHDRAWN, reason=LEFT, by=by, at=at)
