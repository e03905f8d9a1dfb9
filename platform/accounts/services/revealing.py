"""Showing one masked value in full: to whoever may see the row, with a reason, counted and journaled (domain §8)."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from accounts import reveal as revealable
from accounts.enums import RevealReason
from accounts.models import User
from common import clock
from common.exceptions import Refused
from journal.queries import count_acts
from journal.services import record

ACTION = "identity.revealed"


@transaction.atomic
def reveal(*, obj: Any, field: str, reason: str, by: User, at: datetime) -> str:
    """One value, for one reason out of a list, at most REVEALS_PER_DAY a day and person; the journal keeps which."""
    label = obj._meta.label_lower
    seat = by.seat
    entry = revealable.lookup(label, field)
    visible = type(obj).objects.visible_to(by).filter(pk=obj.pk).exists()
    if entry is None or seat is None or seat.role not in entry.roles or not visible:
        raise Refused("not_revealed", _("Your role does not show this value in full."))
    if reason not in RevealReason.values:
        raise Refused("reason_missing", _("Choose why you need to see it."), field="reason")
    User.objects.select_for_update(of=("self",), no_key=True).get(pk=by.pk)  # counted one after another
    midnight = datetime.combine(clock.day_of(at), time.min, tzinfo=clock.SHANGHAI)
    if count_acts(ACTION, by=by, since=midnight) >= settings.REVEALS_PER_DAY:
        raise Refused(
            "reveal_quota",
            _(
                "You have opened %(number)d values today; that is the limit. Continue tomorrow, or ask your supervisor."
            )
            % {"number": settings.REVEALS_PER_DAY},
        )
    record(ACTION, obj, by=by, at=at, field=field, reason=reason)
    return str(getattr(obj, field) or "")
