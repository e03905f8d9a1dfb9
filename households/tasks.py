"""Nightly work by clock and rule: what is over is marked so, and a visit that is late is said aloud."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from functools import partial
from typing import Any

from celery.schedules import crontab
from django.db.models import Model, QuerySet
from django.utils.translation import gettext_lazy as _

from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from common.states import move
from households.enums import DelegationState, HouseholdState, NeedState, VisitState
from households.imports import work
from households.imports.forgetting import decided_before, forget_rows, lapse_import, undecided_since
from households.models import Delegation, Draft, ImportBatch, Need, Visit
from households.queries.suspicions import counties_of, suspicions
from households.scores.acts import ranges, score_range
from households.services import erase_old_drafts, expire_need, keep_suspicions
from households.services.clusters import FIND
from households.services.drafts import left_before
from households.services.links import file_page
from jobs import schedule
from jobs.models import Job
from jobs.registry import Outside, Step, Work, handler
from notices.services import notify

CHUNK = 200
REMIND_BEFORE = timedelta(days=1)


def _chunks(rows: QuerySet[Any], job: Job) -> Iterator[list[Any]]:
    """Rows after the last one done, a chunk at a time, by number."""
    after = job.cursor.get("after", 0)
    while chunk := list(rows.filter(pk__gt=after).order_by("pk")[:CHUNK]):
        yield chunk
        after = chunk[-1].pk


def _step(done: int, chunk: list[Model]) -> Step:
    return Step(done=done, total=done, cursor={"after": chunk[-1].pk})


@handler("households.expire_needs", title=_("Close needs whose day is over"))
def expire_needs(job: Job) -> Work:
    """An open need whose last day has passed and on which nothing is on its way."""
    at = clock.now()
    rows = Need.objects.filter(state=NeedState.OPEN, deadline__lt=clock.day_of(at), reserved=0)
    done = 0
    for chunk in _chunks(rows, job):
        for need in chunk:
            try:
                expire_need(need=need, by=SYSTEM, at=at)
            except Refused:  # somebody reserved it meanwhile: it is alive
                continue
            done += 1
        yield _step(done, chunk)
    return {"expired": done}


@handler("households.expire_delegations", title=_("End delegations whose day is over"))
def expire_delegations(job: Job) -> Work:
    """From the day after its last one a delegate may do nothing more."""
    at = clock.now()
    rows = Delegation.objects.filter(state=DelegationState.GIVEN, valid_to__lt=clock.day_of(at))
    done = 0
    for chunk in _chunks(rows, job):
        for delegation in chunk:
            move(delegation, DelegationState.EXPIRED, by=SYSTEM, at=at)
            done += 1
        yield _step(done, chunk)
    return {"expired": done}


@handler("households.erase_drafts", title=_("Erase drafts left for ninety days"))
def erase_drafts(job: Job) -> Work:
    """A chunk and its files at a time."""
    at = clock.now()
    done = 0
    for chunk in _chunks(Draft.objects.filter(**left_before(at)), job):
        done += erase_old_drafts(drafts=chunk, by=SYSTEM, at=at)
        yield _step(done, chunk)
    return {"erased": done}


@handler("households.forget_imports", title=_("Erase the rows of imports decided long ago"))
def forget_imports(job: Job) -> Work:
    """One file at a time; one nobody decided on in that time is turned away."""
    at = clock.now()
    done = 0
    for batch in ImportBatch.objects.filter(**undecided_since(at)).order_by("pk"):
        lapse_import(batch=batch, by=SYSTEM, at=at)
        done += 1
        yield Step(done=done, total=done)
    for batch in ImportBatch.objects.filter(**decided_before(at)).order_by("pk"):
        forget_rows(batch=batch, by=SYSTEM, at=at)
        done += 1
        yield Step(done=done, total=done)
    return {"forgotten": done}


@handler("households.visits_due", title=_("Remind workers of visits"))
def visits_due(job: Job) -> Work:
    """The worker in charge hears the day before, once for each date a visit has."""
    at = clock.now()
    rows = Visit.objects.filter(
        state=VisitState.PLANNED, due=clock.day_of(at) + REMIND_BEFORE, household__worker__isnull=False
    )
    rows = rows.exclude(household__state=HouseholdState.SUSPENDED).select_related("household__worker")
    done = 0
    for chunk in _chunks(rows, job):
        for visit in chunk:
            household = visit.household
            notify(
                to=household.worker,
                kind="visit_task",
                params={"number": household.number, "due": visit.due.isoformat()},
                url=file_page(household),
                by=SYSTEM,
                at=at,
            )
            done += 1
        yield _step(done, chunk)
    return {"reminded": done}


@handler(FIND, lease=600, title=_("Look for double files"))
def find_duplicates(job: Job) -> Work:
    """A county at a time; what two counties share, a telephone and a name, at the end."""
    area = job.params.get("area", "")
    parts = counties_of(area)
    done, opened = job.cursor.get("done", 0), job.cursor.get("opened", 0)
    for number, part in enumerate(parts[done:], start=done + 1):
        look = partial(suspicions, part) if part else partial(suspicions, area, across=True)
        found = yield Outside(look)
        opened += keep_suspicions(found=found, by=job.by, at=clock.now())["opened"]
        yield Step(done=number, total=len(parts), cursor={"done": number, "opened": opened})
    yield Step(done=len(parts), total=len(parts))
    return {"opened": opened}


@handler("households.score", lease=900, title=_("Score every recorded year"))
def score_register(job: Job) -> Work:
    """A step of the register at a time; what did not change is not written again."""
    done = job.cursor.get("written", 0)
    for rows in ranges(job.cursor.get("after", 0)):
        done += score_range(rows=rows, by=SYSTEM, at=clock.now())
        yield Step(done=done, total=done, cursor={"after": rows.upto, "written": done})
    return {"written": done}


handler("households.check_import", lease=600, title=_("Checking a file of households"))(work.check_import)
handler("households.merge_import", lease=600, title=_("Merging a file of households"))(work.merge_checked)

schedule.every("households.expire_needs", crontab(hour="0", minute="30"), "households.expire_needs")
schedule.every(
    "households.expire_delegations", crontab(hour="0", minute="40"), "households.expire_delegations"
)
schedule.every("households.erase_drafts", crontab(hour="1", minute="10"), "households.erase_drafts")
schedule.every("households.forget_imports", crontab(hour="1", minute="20"), "households.forget_imports")
schedule.every("households.score", crontab(hour="2", minute="15"), "households.score")
schedule.every("households.visits_due", crontab(hour="8", minute="0"), "households.visits_due")
schedule.every(FIND, crontab(hour="2", minute="40"), FIND)
