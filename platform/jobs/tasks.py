"""The bell and the sweeper: what Celery may lose, the rows remember."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import current_app, shared_task
from celery.schedules import crontab
from celery.signals import worker_ready
from django.utils.translation import gettext_lazy as _

from common import clock
from jobs import schedule, services, worker
from jobs.models import Job
from jobs.registry import Step, Work, handler

SWEEP_SECONDS = 15
KEEP = timedelta(days=30)
TIDIED_AT_ONCE = 1000
WHILE_AT_IT = timedelta(seconds=5)


@shared_task(name="jobs.look", ignore_result=True)  # type: ignore[untyped-decorator]
def look(job_id: int) -> None:
    """Look at one job, then at whatever else waits: one bell that is heard makes up for those that are not."""
    worker.perform(job_id)
    worker.perform_waiting(begin_within=WHILE_AT_IT)


@shared_task(name="jobs.sweep", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep(again: bool = False) -> None:
    """Ring for every row that waits, and make the jobs the clock asks for."""
    services.ring_waiting(again=again)
    services.enqueue_due(at=clock.now())


@worker_ready.connect  # type: ignore[untyped-decorator]
def sweep_at_start(**kwargs: Any) -> None:
    """Bells rung while no worker listened, or lost with the broker, ring again."""
    sweep.apply_async(kwargs={"again": True}, retry=False)


@current_app.on_after_finalize.connect  # type: ignore[untyped-decorator]
def sweep_by_the_clock(sender: Any, **kwargs: Any) -> None:
    """Beat knows this one entry; everything else by the clock is a row (jobs.schedule)."""
    entry = {"task": "jobs.sweep", "schedule": SWEEP_SECONDS, "options": {"expires": SWEEP_SECONDS}}
    sender.conf.beat_schedule = {**sender.conf.beat_schedule, "jobs.sweep": entry}


@handler("jobs.tidy", title=_("Forget old clock work"))
def tidy(job: Job) -> Work:
    """Rows of finished clock work are kept for a month."""
    at = clock.now()
    forgotten = 0
    while gone := services.tidy_jobs(before=at - KEEP, at=at, limit=TIDIED_AT_ONCE):
        forgotten += gone
        yield Step(done=forgotten, total=forgotten)
    return {"forgotten": forgotten}


schedule.every("jobs.tidy", crontab(hour=4, minute=10), "jobs.tidy")
