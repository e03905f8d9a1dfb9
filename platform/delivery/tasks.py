"""Work by the clock: agreements come into force, matches follow them, and what is past its last day ends."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from common import clock
from common.actors import SYSTEM
from delivery.enums import AgreementState
from delivery.models import Agreement
from delivery.services import (
    expire_agreement,
    make_due_effective,
    settle_due_endings,
    settle_due_receipts,
)
from jobs.models import Job
from jobs.registry import Step, Work, handler
from jobs.schedule import every


@handler("delivery.settle", title=_("Settle agreements and receipts after their ten minutes"))
def settle(job: Job) -> Work:
    """In force, and taken at their word, from the tenth minute on."""
    effective = make_due_effective(by=SYSTEM, at=clock.now())
    yield Step(done=1, total=3)
    ended = settle_due_endings(by=SYSTEM, at=clock.now())
    yield Step(done=2, total=3)
    settled = settle_due_receipts(by=SYSTEM, at=clock.now())
    yield Step(done=3, total=3)
    return {"effective": effective, "ended": ended, "settled": settled}


@handler("delivery.daily", title=_("End agreements whose last day is over"))
def daily(job: Job) -> Work:
    """Each agreement in a step of its own."""
    at = clock.now()
    over = list(
        Agreement.objects.filter(state=AgreementState.EFFECTIVE, end__lt=clock.day_of(at)).order_by("pk")
    )
    for done, agreement in enumerate(over, start=1):
        expire_agreement(agreement=agreement, by=SYSTEM, at=at)
        yield Step(done=done, total=len(over) + 1)
    yield Step(done=len(over) + 1, total=len(over) + 1)
    return {"expired": len(over)}


every("delivery.settle", 60, "delivery.settle")
every("delivery.daily", crontab(hour="0", minute="40"), "delivery.daily")
