"""What may be offered together, by whom, and how long it can be taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.enums import PLATFORM_STAFF, Role
from accounts.rules import refuse_own_employer
from common.actors import Actor
from common.exceptions import Refused
from donors.enums import ITEM_KINDS, DonorState
from donors.models import Donor, FeedbackDue, Lot

DONOR_SEATS = frozenset({Role.DONOR, Role.OFFICER})
FEEDBACK_SEATS = frozenset({Role.AGENCY, Role.FUND_HOLDER})


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


def is_own_donor(donor: Donor, by: Any) -> bool:
    """Whether somebody acts for a donor: an individual in the own account, for a body its people, in a donor's seat."""
    seat = getattr(by, "seat", None)
    if seat is None or seat.role not in DONOR_SEATS:
        return False
    if donor.organisation_id is None:
        return bool(donor.user_id == by.pk)
    return bool(seat.organisation_id == donor.organisation_id)


def refuse_unless_own_donor(donor: Donor, by: Any) -> None:
    """Only the donor itself writes, sends and takes back what it gives."""
    if not is_own_donor(donor, by):
        raise Refused(
            "not_your_offer", _("Only the donor itself does this. Switch to your seat as its donor.")
        )


def refuse_unless_lot_worker(lot: Lot, by: Any) -> None:
    """Who looks at an offer works in a place it may serve, and has no tie to who gives or keeps it (R20, R31)."""
    refuse_own_employer(by=by, organisation_ids={lot.donor.organisation_id, lot.fund_holder_id})
    refuse_own_donor(by=by, donor=lot.donor)
    seat = getattr(by, "seat", None)
    if seat is None or seat.role not in PLATFORM_STAFF:
        raise Refused("workers_only", _("A worker of the station does this step."))
    if not (lot.area_prefix.startswith(seat.prefix) or seat.prefix.startswith(lot.area_prefix)):
        raise Refused("other_place", _("This offer is for other places, so their workers do this step."))


def refuse_unless_owing(feedback: FeedbackDue, by: Any) -> None:
    """The donor is told by the people of who owes it the news; by a worker of the place when nobody does."""
    if feedback.responsible_id is None:
        refuse_unless_lot_worker(feedback.lot, by)
        return
    seat = getattr(by, "seat", None)
    if seat is None or seat.role not in FEEDBACK_SEATS or seat.organisation_id != feedback.responsible_id:
        raise Refused("not_yours_to_tell", _("Another organisation tells the donor about this."))


def refuse_own_donor(*, by: Actor, donor: Donor) -> None:
    """Nobody checks or decides on what is one's own (domain §0, design §1)."""
    if donor.user_id is not None and donor.user_id == getattr(by, "pk", None):
        raise Refused("own_offer", _("You are the donor here. A colleague has to decide on it."))


def undo_open(until: datetime | None, at: datetime) -> bool:
    """Ten minutes, the last moment excluded (domain §0.12)."""
    return until is not None and at < until
