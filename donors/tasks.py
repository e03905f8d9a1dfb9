"""Work by the clock on the donor side: pledges stand, lots end, late feedback is noted."""

from __future__ import annotations

from celery.schedules import crontab
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from common import clock
from common.actors import SYSTEM
from donors.enums import LotState
from donors.models import Lot
from donors.queries import feedback_overdue, lots_to_report_on
from donors.services import ask_for_progress, expire_lot, note_overdue_feedback, settle_pledges
from jobs.models import Job
from jobs.registry import Step, Work, handler
from jobs.schedule import every


@handler("donors.settle", title=_("Settle pledges after their ten minutes"))
def settle(job: Job) -> Work:
    """Pledges stand from the tenth minute on."""
    settled = settle_pledges(by=SYSTEM, at=clock.now())
    yield Step(done=1, total=1)
    return {"settled": settled}


@handler("donors.daily", title=_("End offers past their date, ask for reports, note late feedback"))
def daily(job: Job) -> Work:
    """Each lot and each organisation in a step of its own, so that one refusal stops nothing else."""
    at = clock.now()
    day = clock.day_of(at)
    over = Q(valid_until__lt=day) | Q(expires_on__lt=day)
    lots = list(Lot.objects.filter(over, state=LotState.LISTED).order_by("pk"))
    reporting = list(lots_to_report_on())
    owing = Q(pk__in=feedback_overdue(at).order_by().values("responsible_id"))
    organisations = list(
        Organisation.objects.filter(owing | Q(feedback_overdue_since__isnull=False)).order_by("pk")
    )
    total = len(lots) + len(reporting) + len(organisations) + 1
    done = 0
    for lot in lots:
        expire_lot(lot=lot, by=SYSTEM, at=at)
        done += 1
        yield Step(done=done, total=total)
    for lot in reporting:
        ask_for_progress(lot=lot, by=SYSTEM, at=at)
        done += 1
        yield Step(done=done, total=total)
    for organisation in organisations:
        note_overdue_feedback(organisation=organisation, by=SYSTEM, at=at)
        done += 1
        yield Step(done=done, total=total)
    yield Step(done=total, total=total)
    return {"expired": len(lots), "organisations": len(organisations)}


every("donors.settle", 300, "donors.settle")
every("donors.daily", crontab(hour="1", minute="20"), "donors.daily")
