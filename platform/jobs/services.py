"""Asking for work, stopping it, ringing the bell."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, cast

from celery import current_app
from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext as _
from kombu.exceptions import OperationalError as BrokerDown

from common.actors import SYSTEM, Actor
from common.exceptions import Refused
from common.recording import record
from common.states import move
from jobs.enums import JobState
from jobs.models import Job
from jobs.registry import refuse_unknown
from jobs.schedule import due

logger = logging.getLogger("jobs")
BELL_HOLDS = timedelta(seconds=30)  # a bell older than this is dropped unheard; the sweeper rings again
BELLS_A_SWEEP = 500


@transaction.atomic
def enqueue(
    kind: str, *, key: str, by: Actor, at: datetime, params: dict[str, Any] | None = None, once: bool = False
) -> Job:
    """A row in the caller's transaction and a bell when it commits; one live job a key, the existing one is returned.

    With `once=True` a job that is done is returned as well: this key is never worked off a second time.
    """
    refuse_unknown(kind)
    fresh = Job(
        kind=kind,
        key=key,
        once=once,
        params=params or {},
        by_kind=by.actor_kind,
        by_ref=by.actor_ref,
        created_at=at,
        state=JobState.QUEUED,
        state_since=at,
        rung_at=timezone.now(),
    )
    standing = Q(state__in=[JobState.QUEUED, JobState.RUNNING])
    if once:
        standing |= Q(state=JobState.DONE)
    found = Job.objects.filter(standing, key=key).order_by("-id")
    while (job := cast("Job | None", found.all().first())) is None:
        Job.objects.bulk_create([fresh], ignore_conflicts=True)  # who asks second finds the first one's row
    if job.public_id == fresh.public_id:
        record("jobs.job.queued", job, by=by, at=at, kind=kind)
        transaction.on_commit(lambda: ring(job.pk), robust=True)
    return job


def ring(job_id: int) -> bool:
    """Tell the workers to look at a job. A broker that is down delays work and fails nothing."""
    try:
        current_app.send_task(
            "jobs.look", args=[job_id], expires=BELL_HOLDS.total_seconds(), retry=False, ignore_result=True
        )
    except (BrokerDown, OSError) as error:
        logger.warning("the bell for job %s did not ring: %s", job_id, error)
        return False
    return True


def ring_waiting(*, again: bool = False) -> int:
    """Ring for every row that waits or whose lease ran out; `again` also for those rung a moment ago."""
    moment = timezone.now()
    waiting = Job.objects.claimable(moment)
    if not again:
        waiting = waiting.filter(Q(rung_at=None) | Q(rung_at__lte=moment - BELL_HOLDS))
    longest_silent = waiting.order_by(F("rung_at").asc(nulls_first=True), "id")
    numbers = list(longest_silent.values_list("id", flat=True)[:BELLS_A_SWEEP])
    Job.objects.filter(id__in=numbers).update(rung_at=moment)
    return sum(1 for _number in takewhile(ring, numbers))


def enqueue_due(*, at: datetime) -> list[Job]:
    """Make the jobs of every period of the clock work that has begun; a period is tried once."""
    wanted = {entry.key: entry for entry in due(at)}
    known = set(Job.objects.filter(key__in=wanted).values_list("key", flat=True))
    return [
        enqueue(entry.kind, key=key, params=entry.params, by=SYSTEM, at=at, once=True)
        for key, entry in wanted.items()
        if key not in known
    ]


@transaction.atomic
def cancel_job(*, job: Job, by: Actor, at: datetime) -> Job:
    """Stop a job before it begins or between two of its steps; what its finished steps wrote stays."""
    held: Job | None = Job.objects.select_for_update(skip_locked=True, of=("self",)).filter(pk=job.pk).first()
    if held is None:
        raise Refused("job_busy", _("It is in the middle of a step. Wait a moment, then stop it again."))
    return move(
        held,
        JobState.CANCELLED,
        by=by,
        at=at,
        also={"lease_until": None, "lease_token": "", "finished_at": at},
        kind=held.kind,
    )


@transaction.atomic
def repeat_job(*, job: Job, by: Actor, at: datetime) -> Job:
    """Ask once more for work that failed or was stopped."""
    if job.state not in {JobState.FAILED, JobState.CANCELLED}:
        raise Refused("job_not_over", _("This work has not failed, so there is nothing to repeat."))
    return enqueue(job.kind, key=job.key, params=job.params, by=by, at=at, once=job.once)


@transaction.atomic
def tidy_jobs(*, before: datetime, at: datetime, limit: int = 1000) -> int:
    """Forget finished clock work of past periods: its effects and its journal entries stay."""
    present = [entry.key for entry in due(at)]
    old = Job.objects.filter(
        by_kind=SYSTEM.actor_kind, state__in=[JobState.DONE, JobState.CANCELLED], finished_at__lt=before
    ).exclude(key__in=present)
    numbers = list(old.order_by("id").values_list("id", flat=True)[:limit])
    forgotten: int = Job.objects.filter(id__in=numbers).delete()[0]
    return forgotten
