"""What matching does when the donor side changes."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.dispatch import receiver

from common.actors import Actor
from donors.models import Pledge
from donors.signals import pledge_withdrawing
from matching.services.pledge import drop_pledged


@receiver(pledge_withdrawing)
def forget_pledged(*, pledge: Pledge, by: Actor, at: datetime, **_: Any) -> None:
    """An undecided proposal goes with its pledge; a decided one holds the lot and makes the withdrawal refuse."""
    drop_pledged(pledge, by=by, at=at)
