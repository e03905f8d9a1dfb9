"""What a household's code stands on: its application, or the sheet of a family that came on file from a list."""

from __future__ import annotations

import json
from datetime import datetime

from django.utils.translation import gettext as _

from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.numbering import next_number
from households.answers import ApplicationAnswers
from households.enums import ApplicationState, Channel, HouseholdState
from households.models import Application, Household
from households.queries import keyed_application
from households.rules import ON_FILE

HOLDING = ON_FILE | {HouseholdState.SUSPENDED, HouseholdState.CLOSED}


def carrier_of(household: Household, *, at: datetime) -> Application:
    """The application the household's code stands on; a family filed from a list gets one that says nothing."""
    found = keyed_application(household)
    if found is not None:
        return lock(found)
    if household.state not in HOLDING:
        raise Refused(
            "not_filed",
            _("This file came from a list and is not filed yet. Complete it first; then it gets a code."),
        )
    since = day_of(household.created_at)
    nothing_said = ApplicationAnswers(area=household.area, members=(), needs=(), consents=())
    application = Application(
        number=next_number("A", household.area, at),
        household=household,
        channel=Channel.BATCH,
        area=household.area,
        snapshot=json.dumps(nothing_said.as_json(), ensure_ascii=False),
        submitted_at=household.created_at,
        accept_due=since,
        decide_due=since,
        state=ApplicationState.APPROVED,
        state_since=household.filed_at or household.created_at,
    )
    application.save(force_insert=True)
    return application
