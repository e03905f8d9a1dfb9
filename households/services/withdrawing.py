"""An application taken back before it is decided: the first one, or something more that was asked for later."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from files.models import Attachment
from households.enums import VisitState
from households.models import Application
from households.services.ending import WITHDRAWN, end_application
from households.services.further import SCOPE, is_further
from households.services.speaking import NOBODY_ELSE, hear_family
from households.services.visits import call_off


@transaction.atomic
def withdraw_application(
    *, application: Application, by: Actor, at: datetime, evidence: Attachment | None = None
) -> Application:
    """The household may take its application back at any time before the decision; needs, visits and sharing end.

    It says so by its code, or its worker does with evidence. Its members are released with it, so that the same
    people can apply again.
    """
    application = lock(application)
    household = lock(application.household)
    if is_further(application):
        raise Refused(
            "asked_later", _("This was asked for later. Take back that one thing; the file stays as it is.")
        )
    hear_family(household, scope=NOBODY_ELSE, evidence=evidence, by=by, at=at)
    return end_application(application, household, by=by, at=at)


@transaction.atomic
def withdraw_further(
    *, application: Application, evidence: Attachment | None, by: Actor, at: datetime
) -> Application:
    """Something more is no longer needed: taken back before it is decided, and the file stays as it is.

    The family says so by its code or a delegate within the scope; its worker does with evidence.
    """
    household = lock(application.household)
    hear_family(household, scope=SCOPE, evidence=evidence, by=by, at=at)
    if not is_further(application):
        raise Refused("not_further", _("This is the application itself. Take it back on its own page."))
    application = end_application(lock(application), household, by=by, at=at)
    visits = household.visits.filter(state=VisitState.PLANNED, cause_ref=application.public_id)
    for visit in visits.order_by("pk"):
        call_off(visit, reason=WITHDRAWN, by=by, at=at)
    return application
