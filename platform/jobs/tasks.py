"""The few Celery tasks: look at a job, sweep, ask for regular work."""

from __future__ import annotations

from typing import Any

from celery import Celery, shared_task
from celery.signals import worker_ready

from jobs import schedule, services

SWEEP_SECONDS = 15.0


@shared_task(name="jobs.look")
def look(job_pk: int) -> None:
    """Take the job, if it is still to be had, and do it."""
    services.perform(job_pk)


@shared_task(name="jobs.sweep")
def sweep() -> None:
    """Ring again for what was left behind."""
    services.sweep()


@shared_task(name="jobs.ask")
def ask(name: str) -> None:
    """Beat says it is time."""
    schedule.ask(name)


@worker_ready.connect
def sweep_at_start(**_: Any) -> None:
    services.sweep()


def install_schedule(app: Celery) -> None:
    """The beat schedule from what the apps declared; called when all of them are ready."""
    entries: dict[str, Any] = {"jobs.sweep": {"task": "jobs.sweep", "schedule": SWEEP_SECONDS}}
    for name, entry in schedule.regular().items():
        entries[name] = {"task": "jobs.ask", "schedule": entry.when, "args": [name]}
    app.conf.beat_schedule = entries
