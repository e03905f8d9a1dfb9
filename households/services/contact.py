"""Where the household can be reached, kept up to date by itself or whoever files for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import Duty
from accounts.services import register_involvement
from common.actors import Actor
from common.exceptions import Difference, Refused, Stale
from common.locking import save_edited
from common.masking import mask_address, mask_phone
from common.recording import record
from households.models import Household
from households.rules import readable_phone, refuse_unless_passing_on
from households.services.news import tell_household, tell_of_delegate

SCOPE = "update"
MASKS: dict[str, Callable[[str], str]] = {"phone": mask_phone, "address": mask_address, "group": str}


@transaction.atomic
def update_contact(
    *, household: Household, version: int, changes: Mapping[str, str], by: Actor, at: datetime
) -> Household:
    """A new phone, hamlet or address; what is not named stays. The phone that was replaced hears of it.

    A code and four digits open this page, so what another person saved meanwhile is shown masked.
    """
    refuse_unless_passing_on(household, by, at, scope=SCOPE)
    if set(changes) - set(MASKS):
        raise Refused("not_contact", _("Only telephone, hamlet and address are changed here."))
    if not changes:
        raise Refused("nothing_new", _("Write what is new. What you leave empty stays as it is."))
    if "phone" in changes:
        changes = {**changes, "phone": readable_phone(changes["phone"])}
    register_involvement(file=household, duty=Duty.SPOKESPERSON, by=by, at=at)
    old_phone = household.phone
    try:
        saved = save_edited(household, version=version, changes=dict(changes))
    except Stale as stale:
        if changes.get("phone") == "":  # nothing to set beside the other answer
            raise Refused(
                "changed_meanwhile",
                _("Somebody changed this after you opened it. Open the page again and look at it once more."),
            ) from None
        masked = [_masked(difference) for difference in stale.differences]
        raise Stale(stale.message, differences=masked, version=stale.version) from None
    replaced = old_phone if old_phone != saved.phone else ""
    changed = "phone" if old_phone != saved.phone else "address"
    record("household.contact_changed", saved, by=by, at=at, what=changed)
    if replaced:
        tell_household(saved, "phone_replaced", by=by, at=at, phone=replaced)
    tell_of_delegate(saved, by=by, at=at)
    return saved


def _masked(difference: Difference) -> Difference:
    return replace(difference, theirs=MASKS[difference.field](difference.theirs), keep="")
