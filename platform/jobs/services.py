"""Asking for work, doing it under a lease, and ringing again for what was left behind."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Generator
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import F, Q
from django.utils import timezone

from common.actors import Actor
from common.exceptions import Refused
from common.recording import record
from jobs.models import LIVE, Job, JobState
from jobs.registry import Step, handler_of

logger = logging.getLogger(__name__)
ATTEMPTS = 5


class LeaseLost(Exception):
    """Another worker took the job over; this one's step is rolled back."""


def enqueue(
    kind: str, *, key: str, by: Actor, at: datetime, params: dict[str, Any] | None = None, once: bool = False
) -> Job:
    """A row in the caller's transaction; one live job per key, and with `once` a finished one is not repeated."""
    states = [*LIVE, JobState.DONE] if once else LIVE
    known = Job.objects.filter(key=key, state__in=states).order_by("-id").first()
    if known is not None:
        return known
    job = Job(
        key=key, kind=kind, params=params or {}, by_kind=by.actor_kind, by_ref=by.actor_ref, created_at=at
    )
    try:
        with transaction.atomic():
            job.save(force_insert=True)
    except IntegrityError:
        return Job.objects.get(key=key, state__in=LIVE)
    record("job.asked", job, by=by, at=at, kind=kind)
    transaction.on_commit(lambda: ring(job.pk))
    return job


def ring(job_pk: int) -> None:
    """Tell a worker to look; a bell that does not ring only delays, the sweeper rings again."""
    from jobs.tasks import look  # noqa: PLC0415 — tasks import services

    try:
        look.apply_async(args=[job_pk], retry=False, ignore_result=True)
    except Exception:
        logger.exception("the broker did not take the bell for job %s", job_pk)


def take(job_pk: int) -> Job | None:
    """Lease a waiting job, or one whose lease ran out; None when somebody else has it or it is finished."""
    job = Job.objects.filter(pk=job_pk).first()
    if job is None or not job.live:
        return None
    now = timezone.now()
    if job.attempts >= ATTEMPTS:
        _finish(
            job, JobState.FAILED, error_code="attempts", error="It was tried five times and never finished."
        )
        return None
    token = secrets.token_hex(16)
    free = Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    taken = Job.objects.filter(free, pk=job_pk).update(
        state=JobState.RUNNING,
        lease_token=token,
        lease_until=now + timedelta(seconds=handler_of(job.kind).lease),
        attempts=F("attempts") + 1,
        started_at=job.started_at or now,
    )
    return Job.objects.get(pk=job_pk) if taken else None


def perform(job_pk: int) -> None:
    """Do a job step by step: each step's effects and its progress commit together, or not at all."""
    job = take(job_pk)
    if job is None:
        return
    handler = handler_of(job.kind)
    work = handler.work(job)
    try:
        while _step(job, work, handler.lease):
            pass
    except LeaseLost:
        logger.warning("job %s went to another worker", job.pk)
    except Refused as refused:
        _finish(job, JobState.FAILED, error_code=refused.code, error=str(refused.message))
    except Exception:
        logger.exception("job %s stopped", job.pk)
        Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=JobState.RUNNING).update(
            state=JobState.QUEUED, lease_token="", lease_until=None
        )


def _step(job: Job, work: Generator[Step, None, dict[str, Any] | None], lease: int) -> bool:
    """One step in one transaction; False when the work is finished."""
    with transaction.atomic():
        _hold(job, lease)
        try:
            step = next(work)
        except StopIteration as end:
            result = end.value or {}
            _guarded(
                job,
                state=JobState.DONE,
                result=result,
                output_ref=str(result.get("output", "")),
                done=F("total"),
                finished_at=timezone.now(),
                lease_until=None,
            )
            return False
        _guarded(job, done=step.done, total=step.total, cursor=step.cursor)
        job.done, job.total, job.cursor = step.done, step.total, step.cursor
    return True


def _hold(job: Job, lease: int) -> None:
    _guarded(job, lease_until=timezone.now() + timedelta(seconds=lease))


def _guarded(job: Job, **changes: Any) -> None:
    """Write only while the lease is ours: a zombie's transaction rolls back."""
    if not Job.objects.filter(pk=job.pk, lease_token=job.lease_token, state=JobState.RUNNING).update(
        **changes
    ):
        raise LeaseLost(job.public_id)


def _finish(job: Job, state: JobState, *, error_code: str, error: str) -> None:
    Job.objects.filter(pk=job.pk, state__in=LIVE).update(
        state=state, error_code=error_code, error=error, finished_at=timezone.now(), lease_until=None
    )


def sweep() -> int:
    """Ring again for every job that waits or whose lease ran out; returns how many bells rang."""
    now = timezone.now()
    waiting = Job.objects.filter(
        Q(state=JobState.QUEUED) | Q(state=JobState.RUNNING, lease_until__lt=now)
    ).values_list("pk", flat=True)
    numbers = list(waiting.order_by("pk")[:1000])
    for number in numbers:
        ring(number)
    return len(numbers)


@transaction.atomic
def cancel_job(*, job: Job, by: Actor, at: datetime) -> Job:
    """Stop a job that is not finished; what its committed steps did stays done."""
    if Job.objects.filter(pk=job.pk, state__in=LIVE).update(
        state=JobState.CANCELLED, lease_token="", lease_until=None, finished_at=timezone.now()
    ):
        record("job.cancelled", job, by=by, at=at)
    job.refresh_from_db()
    return job
