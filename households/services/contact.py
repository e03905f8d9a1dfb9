"""Where the household can be reached, kept up to date by itself or whoever files for it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from common.actors import Actor
from common.locking import save_edited
from common.recording import record
from households.models import Household
from households.services.news import tell_household


@transaction.atomic
def update_contact(
    *, household: Household, version: int, phone: str, group: str, address: str, by: Actor, at: datetime
) -> Household:
    """A new phone or address; the old phone hears of it when somebody else changed it."""
    old_phone = household.phone
    saved = save_edited(
        household, version=version, changes={"phone": phone, "group": group, "address": address}
    )
    changed = "phone" if old_phone != phone else "address"
    record("household.contact_changed", saved, by=by, at=at, what=changed)
    if by.actor_kind != "household":
        tell_household(household, "delegate_acted", by=by, at=at)
    return saved
