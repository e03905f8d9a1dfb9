"""The bell and the sweeper: what Celery may lose, the rows remember."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from celery import shared_task
from celery.signals import worker_ready

from common import clock
from jobs import services, worker

SWEEP_SECONDS = 15
KEEP = timedelta(days=30)
TIDIED_AT_ONCE = 1000


@shared_task(name="jobs.look", ignore_result=True)  # type: ignore[untyped-decorator]
def look(job_id: int) -> None:
    """Look at one job; whether there is something to do, its row says."""
    worker.perform(job_id)


@shared_task(name="jobs.sweep", ignore_result=True)  # type: ignore[untyped-decorator]
def sweep(again: bool = False) -> None:
    """Make the jobs the clock asks for, then ring for every row that waits."""
    services.enqueue_due(at=clock.now())
    services.ring_waiting(again=again)


@worker_ready.connect  # type: ignore[untyped-decorator]
def sweep_at_start(**_: Any) -> None:
    """Bells rung while no worker listened, or lost with the broker, ring again."""
    sweep.apply_async(kwargs={"again": True}, retry=False)
