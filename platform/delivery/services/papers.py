"""Papers of delivery: each is kept with the row it belongs to, so that the row's gate is the paper's."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from common.actors import Actor
from donors.models import Lot
from files.models import Attachment
from files.services import keep

TRANSFERS_OF = "delivery.transfers_of_lot"


def kept(upload: Any, purpose: str, owner: Any, *, by: Actor, at: datetime) -> Attachment | None:
    """One inspected, encrypted paper, or none when none was given; a slip belongs to its lot's transfers."""
    if not upload:
        return None
    place = (TRANSFERS_OF, owner.public_id) if isinstance(owner, Lot) else owner
    return keep(upload=upload, purpose=purpose, owner=place, by=by, at=at)
