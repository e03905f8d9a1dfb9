"""How a need ends without help: its day passed, the family no longer wants it, or it rested on a false statement."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.locking import lock
from common.states import move
from files.models import Attachment
from households.enums import NeedState
from households.models import Need
from households.services.speaking import hear_family

SCOPE = "apply"  # what a delegate needs to take back what was asked for


@transaction.atomic
def expire_need(*, need: Need, by: Actor, at: datetime) -> Need:
    """The day it was needed by has passed with nothing on the way."""
    return move(idle(need), NeedState.EXPIRED, by=by, at=at)


@transaction.atomic
def cancel_need(*, need: Need, by: Actor, at: datetime, evidence: Attachment | None = None) -> Need:
    """The household no longer wants it: by its code, its delegate within the scope, or its worker with evidence."""
    hear_family(need.household, scope=SCOPE, evidence=evidence, by=by, at=at)
    return drop_need(need, by=by, at=at)


def drop_need(need: Need, *, by: Actor, at: datetime) -> Need:
    """Off the list, once whoever calls has heard the family and nothing is on its way."""
    return move(idle(need), NeedState.CANCELLED, by=by, at=at, also={"closed_at": at})


def idle(need: Need) -> Need:
    """The need, once nothing is on its way for it."""
    need = lock(need)
    if need.reserved:
        raise Refused(
            "still_reserved",
            _("Help is on its way for this need. Say no to it first, or have the match released."),
        )
    return need
