"""Working off a job: take the row with a lease, do one step a transaction, give way when the lease was taken over."""

from __future__ import annotations

import logging
import secrets
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from common.states import move
from jobs.enums import JobState
from jobs.models import Job
from jobs.registry import Handler, Outside, Step, handler_of

logger = logging.getLogger("jobs")
MOST_ATTEMPTS = 5  # without getting any further; every new step begins the count again
FIRST_PAUSE = timedelta(seconds=15)
GIVEN_UP = _(
    "This work stopped several times at the same place. Please tell the administrator; nothing is half done."
)
FREE: dict[str, Any] = {"lease_until": None, "lease_token": ""}


class LeaseLost(Exception):
    """Someone else works on this job by now, or it was stopped: whatever this step wrote is rolled back."""


def perform(job_id: int) -> Job | None:
    """Work one job off, from where it stands to its end; None when there is nothing to do here."""
    job = claim(job_id)
    if job is None:
        return None
    known = handler_of(job.kind)
    if known is None:  # a newer release asked for it: the row waits for a worker that knows it
        logger.error("no handler for jobs of kind %s", job.kind)
        return put_back(job)
    try:
        carry_out(job, known)
    except LeaseLost:
        logger.warning("job %s went to another worker or was stopped", job)
    except Refused as refused:
        fail(job, code=refused.code, message=str(refused.message))
    except Exception as error:
        logger.exception("job %s failed in attempt %s", job, job.attempts)
        put_back_or_fail(job, error)
    return Job.objects.get(pk=job.pk)


def perform_waiting(*, begin_within: timedelta | None = None) -> int:
    """Work off everything that waits, here and now; with `begin_within` no job is begun after that time."""
    until = timezone.now() + begin_within if begin_within is not None else None
    count = last = 0
    while until is None or timezone.now() < until:
        job = Job.objects.claimable(timezone.now()).filter(id__gt=last).order_by("id").first()
        if job is None:
            break
        perform(job.pk)
        last = job.pk
        count += 1
    return count


@transaction.atomic
def claim(job_id: int) -> Job | None:
    """Take a job that nobody holds; one that was taken too often without getting further is given up."""
    moment = timezone.now()
    free = Job.objects.claimable(moment).select_for_update(skip_locked=True, of=("self",))
    job: Job | None = free.filter(pk=job_id).first()
    if job is None:
        return None
    if job.attempts >= MOST_ATTEMPTS:
        _fail(job, job.error_code or "worker_lost", str(GIVEN_UP))  # workers died over it again and again
        return None
    known = handler_of(job.kind)
    job.state = JobState.RUNNING
    job.lease_token = secrets.token_hex(8)
    job.lease_until = moment + (known.lease if known else FIRST_PAUSE)
    job.attempts += 1
    if job.started_at is None:
        job.started_at = job.state_since = clock.now()
    job.save(update_fields=["state", "state_since", "lease_token", "lease_until", "attempts", "started_at"])
    return job


def carry_out(job: Job, known: Handler) -> None:
    """Step by step until the handler returns; each step and its progress commit together."""
    work = known.work(job)
    answer: Any = None
    try:
        while job.is_live:
            with transaction.atomic():
                _hold(job)
                try:
                    given = work.send(answer)
                except StopIteration as end:
                    _finish(job, end.value or {})
                    continue
                _keep(job, given, known.lease)
            answer = given.call() if isinstance(given, Outside) else None
    finally:
        work.close()


def _hold(job: Job) -> None:
    """The row is locked for the length of the step, and only its present holder may go on."""
    held = Job.objects.select_for_update(of=("self",)).filter(
        pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token
    )
    if held.values_list("id", flat=True).first() is None:
        raise LeaseLost


def _keep(job: Job, given: Step | Outside, lease: timedelta) -> None:
    job.lease_until = timezone.now() + lease
    if isinstance(given, Step):
        if given.done > job.done:  # further than ever before
            job.done, job.attempts = given.done, 0
        job.total = given.total
        job.cursor = job.cursor if given.cursor is None else given.cursor
    job.save(update_fields=["lease_until", "done", "total", "attempts", "cursor"])


def _finish(job: Job, result: dict[str, Any]) -> None:
    at = clock.now()
    also = {
        "result": result,
        "output_ref": str(result.get("attachment", "")),
        "done": job.total,
        "finished_at": at,
        "error_code": "",
        "error_message": "",
        **FREE,
    }
    move(job, JobState.DONE, by=SYSTEM, at=at, also=also, kind=job.kind)


@transaction.atomic
def fail(job: Job, *, code: str, message: str) -> Job | None:
    """The end without success: said to whoever asked, with what to do about it."""
    held = _still_held(job)
    return held and _fail(held, code, message)


@transaction.atomic
def put_back(job: Job) -> Job | None:
    """Leave the job waiting for another try, a little later each time."""
    held = _still_held(job)
    if held is not None:
        held.state = JobState.QUEUED
        held.lease_token = ""
        held.lease_until = timezone.now() + FIRST_PAUSE * 2 ** max(held.attempts - 1, 0)
        held.save(update_fields=["state", "lease_token", "lease_until"])
    return held


@transaction.atomic
def put_back_or_fail(job: Job, error: Exception) -> Job | None:
    """A fault of ours may pass (a lock, a gateway); after some tries without progress it is given up."""
    held = _still_held(job)
    if held is None:
        return None
    held.error_code = type(error).__name__[:60]
    held.save(update_fields=["error_code"])
    return _fail(held, held.error_code, str(GIVEN_UP)) if held.attempts >= MOST_ATTEMPTS else put_back(held)


def _still_held(job: Job) -> Job | None:
    mine = Job.objects.filter(pk=job.pk, state=JobState.RUNNING, lease_token=job.lease_token)
    held: Job | None = mine.select_for_update(of=("self",)).first()
    return held


def _fail(job: Job, code: str, message: str) -> Job:
    at = clock.now()
    also = {"error_code": code[:60], "error_message": message[:300], "finished_at": at, **FREE}
    return move(job, JobState.FAILED, by=SYSTEM, at=at, reason=code, also=also, kind=job.kind)
