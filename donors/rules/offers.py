"""What may be offered together, by whom, and how long it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from donors.enums import ITEM_KINDS, DonorState
from donors.models import Donor


def check_items(items: Sequence[Any]) -> str:
    """The lot's kind: every item belongs to it and all share one unit, so that one number counts them."""
    if not items:
        raise Refused("items_missing", _("Choose at least one thing you can give."), field="items")
    kinds = {kind for kind, members in ITEM_KINDS.items() if items[0].kind in members}
    units = {(item.unit_zh, item.unit_factor) for item in items}
    if len(units) > 1 or any(item.kind not in ITEM_KINDS[kind] for item in items for kind in kinds):
        raise Refused(
            "items_units",
            _(
                "These are counted in different units. Offer them one after the other, so that every one adds up."
            ),
            field="items",
        )
    return kinds.pop()


def refuse_unverified(donor: Donor) -> None:
    """Only a donor that was checked may offer anything."""
    if donor.state != DonorState.VERIFIED:
        raise Refused(
            "donor_not_verified",
            _(
                "Your registration is “%(state)s”. As soon as it has been checked you can send this; "
                "what you wrote is kept."
            )
            % {"state": donor.state_label},
        )


def refuse_own_donor(*, by: Actor, donor: Donor) -> None:
    """Nobody checks or decides on what is one's own (domain §0, design §1)."""
    if donor.user_id is not None and donor.user_id == getattr(by, "pk", None):
        raise Refused("own_offer", _("You are the donor here. A colleague has to decide on it."))


def undo_open(until: datetime | None, at: datetime) -> bool:
    """Ten minutes, the last moment excluded (domain §0.12)."""
    return until is not None and at < until
