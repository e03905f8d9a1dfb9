"""A run: frozen snapshot, phased max-flow, independent check, suggestions that reserve nothing."""

from __future__ import annotations

from datetime import datetime
from functools import partial
from typing import Any

from django.db import transaction
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF
from accounts.models import User
from common import clock
from common.actors import SYSTEM, Actor
from common.clock import day_of
from common.exceptions import Refused
from common.locking import lock
from common.recording import record
from common.states import move
from jobs.models import Job
from jobs.registry import Outside, Step, Work, handler
from jobs.services import enqueue
from matching.engine import CheckFailed, Solution, check, solve
from matching.enums import RunState
from matching.models import Run
from matching.services.storing import store_solution
from matching.snapshot import Snapshot, take_snapshot

STEPS = 3


@transaction.atomic
def start_run(*, prefix: str, by: Actor, at: datetime) -> Run:
    """Ask for a run over an area; one at a time per area."""
    if isinstance(by, User):
        _refuse_stranger(by, prefix)
    busy: Run | None = Run.objects.filter(
        prefix=prefix, state__in=[RunState.QUEUED, RunState.RUNNING]
    ).first()
    if busy is not None:
        return busy
    run = Run(
        prefix=prefix,
        on=day_of(at),
        started_by=by.actor_ref,
        created_at=at,
        state=RunState.QUEUED,
        state_since=at,
    )
    run.save(force_insert=True)
    record("matching.run_asked", run, by=by, at=at, prefix=prefix)
    enqueue("matching.run", key=f"matching.run:{run.public_id}", params={"run": run.public_id}, by=by, at=at)
    return run


@transaction.atomic
def cancel_run(*, run: Run, by: User, at: datetime) -> Run:
    """Stop a run that is not finished; nothing of it is kept."""
    _refuse_stranger(by, run.prefix)
    return move(lock(run), RunState.CANCELLED, by=by, at=at)


@handler("matching.run", lease=600, title=_("Matching run"))
def perform_run(job: Job) -> Work:
    """Compute, check, and only then store: a run whose check fails is refused and shows nothing."""
    run = lock(Run.objects.get(public_id=job.params["run"]))
    if run.state == RunState.CANCELLED:
        return {"run": run.public_id}
    if run.state == RunState.QUEUED:
        move(run, RunState.RUNNING, by=SYSTEM, at=clock.now())
    yield Step(done=1, total=STEPS)
    snapshot = take_snapshot(prefix=run.prefix, on=run.on)
    solution, failure = yield Outside(partial(computed, snapshot))
    yield Step(done=2, total=STEPS)
    run = lock(run)
    if run.state == RunState.CANCELLED:
        return {"run": run.public_id}
    if failure:
        refuse_run(run=run, failure=failure, at=clock.now())
        return {"run": run.public_id, "refused": failure}
    store_solution(run=run, snapshot=snapshot, solution=solution, at=clock.now())
    return {"run": run.public_id, "pieces": len(solution.pieces)}


def computed(snapshot: Snapshot) -> tuple[Solution, str]:
    """The plan and, when the independent check does not accept it, why."""
    frozen: dict[str, Any] = {
        "pins": snapshot.pins,
        "bans": snapshot.bans,
        "held": snapshot.held,
        "on": snapshot.on,
    }
    solution = solve(snapshot.needs, snapshot.lots, **frozen)
    try:
        check(solution, snapshot.needs, snapshot.lots, **frozen)
    except CheckFailed as failure:
        return solution, str(failure)
    return solution, ""


@transaction.atomic
def refuse_run(*, run: Run, failure: str, at: datetime) -> Run:
    """A plan without a valid certificate suggests nothing; earlier suggestions stay as they are."""
    also = {"figures": {"check": failure}, "finished_at": at}
    return move(run, RunState.REFUSED, by=SYSTEM, at=at, also=also)


def _refuse_stranger(by: User, prefix: str) -> None:
    seat = by.seat
    if seat is None or seat.role not in PLATFORM_STAFF or not seat.covers(prefix):
        raise Refused("not_your_area", gettext("Matching runs are started by the workers of the area."))
