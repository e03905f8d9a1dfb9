"""Matching by the clock: a run for every county each night, silence noticed every morning."""

from __future__ import annotations

from celery.schedules import crontab
from django.utils.translation import gettext_lazy as _

from common import clock
from common.actors import SYSTEM
from common.clock import day_of
from households.models import Need
from jobs import schedule
from jobs.models import Job
from jobs.registry import Step, Work, handler
from matching.queries import late_answers
from matching.services import lapse_stale_overrides, start_run, time_out

COUNTY_LENGTH = 6
AT_ONCE = 20


@handler("matching.nightly", title=_("Nightly matching"))
def start_nightly(job: Job) -> Work:
    """A run of its own for every county with open needs, so that many machines can share them."""
    at = clock.now()
    areas = Need.objects.open_on(day_of(at)).order_by().values_list("area", flat=True).distinct()
    counties = sorted({area[:COUNTY_LENGTH] for area in areas})
    for done, county in enumerate(counties, start=1):
        if done > job.cursor.get("done", 0):
            start_run(prefix=county, by=SYSTEM, at=at)
            yield Step(done=done, total=len(counties), cursor={"done": done})
    yield Step(done=len(counties), total=max(len(counties), 1))
    return {"runs": len(counties)}


@handler("matching.time_out", title=_("Matches nobody answered"))
def time_out_late(job: Job) -> Work:
    """Agency and donor lose their match after seven days; a family is visited after fourteen.

    What a supervisor was asked about and is gone by now needs no answer any more.
    """
    at = clock.now()
    lapse_stale_overrides(by=SYSTEM, at=at)
    late = list(late_answers(day_of(at)))
    ended = {"released": 0, "visit": 0}
    for done, question in enumerate(late, start=1):
        outcome = time_out(question=question, by=SYSTEM, at=at)
        if outcome:
            ended[outcome] += 1
        if done % AT_ONCE == 0:
            yield Step(done=done, total=len(late))
    yield Step(done=len(late), total=max(len(late), 1))
    return ended


schedule.every("matching.nightly", crontab(hour=2, minute=10), "matching.nightly")
schedule.every("matching.time_out", crontab(hour=6, minute=0), "matching.time_out")
