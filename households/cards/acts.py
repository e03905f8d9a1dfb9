"""What people do with a points card: put it up, approve it as a second person, retire it. It moves no file."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.enums import PLATFORM_STAFF, Role
from accounts.models import User
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from households.cards.card import Card
from households.enums import CardState
from households.models import PointsCard


@transaction.atomic
def keep_card(*, title: str, card: Card, figures: Mapping[str, Any], by: User, at: datetime) -> PointsCard:
    """A draft for the area of whoever puts it up; the same title again is the next version."""
    seat = by.seat
    if seat is None or seat.role not in PLATFORM_STAFF:
        raise Refused("workers_only", _("Social workers and supervisors put up a card."))
    title = title.strip()
    if not title or len(title) > PointsCard._meta.get_field("title").max_length:  # type: ignore[operator]
        raise Refused("card_title", _("Give the card a name of at most 80 characters."), field="title")
    content = card.as_json()
    earlier = PointsCard.objects.filter(area=seat.prefix, title=title).order_by("-version").first()
    kept = PointsCard.objects.create(
        title=title,
        version=earlier.version + 1 if earlier else 1,
        area=seat.prefix,
        content=content,
        figures=dict(figures),
        sha256=digest(content),
        made_by=by,
        created_at=at,
        state=CardState.DRAFT,
        state_since=at,
    )
    record("card.kept", kept, by=by, at=at, area=kept.area, sha256=kept.sha256)
    return kept


@transaction.atomic
def approve_card(*, card: PointsCard, by: User, at: datetime) -> PointsCard:
    """A supervisor of the area who did not put it up takes it into use; the one in use there gives way."""
    card = lock(card)
    _refuse_unless_supervisor(card, by)
    if card.made_by_id == by.pk:
        raise Refused("four_eyes", _("You put this card up. Ask a colleague to approve it."))
    if card.state == CardState.DRAFT:
        for earlier in PointsCard.objects.filter(area=card.area, state=CardState.IN_USE):
            move(lock(earlier), CardState.RETIRED, by=by, at=at, reason="superseded")
    return move(card, CardState.IN_USE, by=by, at=at, also={"approved_by": by, "approved_at": at})


@transaction.atomic
def retire_card(*, card: PointsCard, reason: str, by: User, at: datetime) -> PointsCard:
    """No longer in use, or never taken into use, with the reason; what it said of a household is said no more."""
    card = lock(card)
    _refuse_unless_supervisor(card, by)
    if not reason.strip():
        raise Refused("reason_missing", _("Say why the card is taken out of use."), field="reason")
    return move(card, CardState.RETIRED, by=by, at=at, reason="set_aside")


def digest(content: Mapping[str, Any]) -> str:
    """SHA-256 of a card's content, the same on every machine."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def _refuse_unless_supervisor(card: PointsCard, by: User) -> None:
    seat = by.seat
    if seat is None or seat.role != Role.SUPERVISOR or not card.area.startswith(seat.prefix):
        raise Refused("supervisors_only", _("A supervisor of this area does this step."))
