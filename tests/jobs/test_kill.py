"""Real worker processes killed with -9, messages lost, Redis flushed: every effect happens once (quality S12, S13)."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from django.conf import settings
from django.utils import timezone

from common import clock
from common.actors import SYSTEM
from jobs import services
from jobs.enums import JobState
from jobs.models import Job
from jobs.services import enqueue, ring_waiting
from tests.jobs import workload
from tests.servers import wait_until

pytestmark = pytest.mark.django_db(transaction=True)
Start = Callable[..., Any]
STEPS = 8


@pytest.fixture(autouse=True)
def workers_know_the_workload(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.jobs.worker_settings")
    lose_messages()


def lose_messages() -> None:
    """What a purged broker forgets."""
    queue = Path(settings.BROKER_DIR) / "queue"
    shutil.rmtree(queue, ignore_errors=True)
    queue.mkdir(parents=True)


def ask(key: str = "t", steps: int = STEPS, **params: float) -> Job:
    return enqueue("suite.count", key=key, params={"steps": steps, **params}, by=SYSTEM, at=clock.now())


def stands_at(job: Job, done: int) -> Callable[[], bool]:
    return lambda: Job.objects.get(pk=job.pk).done >= done


def is_done(job: Job) -> Callable[[], bool]:
    return lambda: Job.objects.get(pk=job.pk).state == JobState.DONE


def ringing_until_done(job: Job) -> Callable[[], bool]:
    """The sweeper's own call, without waiting for its fifteen seconds."""

    def look() -> bool:
        ring_waiting(again=True)
        return is_done(job)()

    return look


def test_killed_worker_loses_and_doubles_nothing(start_worker: Start):
    job = ask()
    first = start_worker()
    wait_until(stands_at(job, 2), "the first steps")

    first.kill()
    first.wait()
    standing = Job.objects.get(pk=job.pk)
    assert standing.state == JobState.RUNNING
    assert 2 <= standing.done < STEPS
    assert sum(workload.marks()) == standing.done  # the step it died in left nothing

    start_worker(beat=True)  # nobody rings but beat's own sweep
    wait_until(is_done(job), "the job", seconds=90)
    assert workload.marks() == [1] * STEPS
    assert Job.objects.get(pk=job.pk).result == {"counted": STEPS}


def test_message_lost_before_any_worker_heard_it_is_made_up_for(start_worker: Start):
    job = ask(steps=2)
    lose_messages()

    start_worker()

    wait_until(is_done(job), "the job", seconds=60)
    assert workload.marks() == [1, 1]


def test_step_longer_than_its_lease_happens_once(start_worker: Start):
    job = ask(steps=1, pause=workload.LEASE * 5)
    start_worker()
    wait_until(lambda: Job.objects.get(pk=job.pk).state == JobState.RUNNING, "the worker")
    for _bell in range(5):
        services.ring(job.pk)

    wait_until(is_done(job), "the job", seconds=60)
    assert workload.marks() == [1]


@pytest.mark.parametrize(
    ("kills", "jobs", "steps"), [(4, 2, 10), pytest.param(200, 10, 40, marks=pytest.mark.long)]
)
def test_many_kills_lose_and_double_nothing(start_worker: Start, kills: int, jobs: int, steps: int):
    """Each worker lives for a step or two."""
    asked = [ask(key=str(number), steps=steps) for number in range(jobs)]
    for _kill in range(kills):
        before = sum(workload.marks())
        Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now())  # its worker is dead
        process = start_worker()
        wait_until(lambda before=before: sum(workload.marks()) > before, "some work")  # type: ignore[misc]
        process.kill()
        process.wait()
    Job.objects.filter(state=JobState.RUNNING).update(lease_until=timezone.now())
    start_worker(beat=True)
    for job in asked:
        wait_until(is_done(job), "the job", seconds=900)
    assert workload.marks() == [1] * (jobs * steps)


@pytest.mark.redis
def test_flushed_redis_loses_and_doubles_nothing(
    start_worker: Start, redis_url: str, monkeypatch: pytest.MonkeyPatch
):
    import redis

    bell = Celery("test", broker=redis_url, set_as_current=False)
    monkeypatch.setattr(services, "current_app", bell)
    job = ask()
    waiting = ask(key="behind it", steps=2)
    worker = start_worker(broker=redis_url)
    wait_until(stands_at(job, 2), "the first steps")

    redis.Redis.from_url(redis_url).flushall()
    worker.kill()
    worker.wait()
    start_worker(broker=redis_url)

    wait_until(ringing_until_done(job), "the job", seconds=60)
    wait_until(ringing_until_done(waiting), "the job behind it", seconds=60)
    assert workload.marks() == [1] * (STEPS + 2)
