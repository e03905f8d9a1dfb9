"""A job is done step by step, once, whoever dies on the way."""

import threading
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from common.models import NumberSeries
from jobs import registry, tasks, worker
from jobs.enums import JobState
from jobs.models import Job
from jobs.registry import Outside, Step, Work, handler
from jobs.services import cancel_job, enqueue, repeat_job
from journal.models import Entry
from tests.refusing import refuses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_handlers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Handlers of a test are forgotten after it."""
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))


def mark(number: int) -> None:
    """An effect that can be counted."""
    series, _ = NumberSeries.objects.get_or_create(kind="T", area=f"{number:06d}", year=2026)
    series.last += 1
    series.save()


def marks() -> list[int]:
    return list(NumberSeries.objects.filter(kind="T").order_by("area").values_list("last", flat=True))


def ask(kind: str = "t.count", key: str = "t") -> Job:
    return enqueue(kind, key=key, by=SYSTEM, at=clock.now())


def count_to_three() -> None:
    @handler("t.count")
    def count(job: Job) -> Work:
        for number in range(job.cursor.get("next", 0), 3):
            mark(number)
            yield Step(done=number + 1, total=3, cursor={"next": number + 1})
        return {"counted": 3}


def test_job_is_done_and_keeps_its_result():
    count_to_three()

    job = worker.perform(ask().pk)

    assert job is not None
    assert (job.state, job.done, job.total, job.result) == (JobState.DONE, 3, 3, {"counted": 3})
    assert marks() == [1, 1, 1]
    assert list(
        Entry.objects.filter(object_ref=job.public_id).order_by("id").values_list("action", flat=True)
    ) == [
        "jobs.job.queued",
        "jobs.job.done",
    ]


def test_finished_job_is_not_done_again():
    count_to_three()
    job = ask()
    worker.perform(job.pk)

    assert worker.perform(job.pk) is None
    assert marks() == [1, 1, 1]


def test_attachment_in_the_result_becomes_the_output():
    @handler("t.file")
    def make(job: Job) -> Work:
        yield Step(done=1, total=1)
        return {"attachment": "abcdefghjkmn"}

    job = worker.perform(ask("t.file").pk)

    assert job is not None
    assert job.output_ref == "abcdefghjkmn"


def test_held_job_is_left_to_its_holder():
    count_to_three()
    job = ask()
    assert worker.claim(job.pk) is not None

    assert worker.claim(job.pk) is None
    assert worker.perform(job.pk) is None
    assert marks() == []


def test_interrupted_job_goes_on_behind_its_last_finished_step():
    count_to_three()
    job = worker.claim(ask().pk)
    assert job is not None
    work = registry._handlers["t.count"].work(job)
    with pytest.raises(RuntimeError, match="killed"):
        next_step_then_die(job, work)
    Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    done = worker.perform(job.pk)

    assert done is not None
    assert done.state == JobState.DONE
    assert marks() == [1, 1, 1]


def next_step_then_die(job: Job, work: Work) -> None:
    from django.db import transaction

    with transaction.atomic():
        worker._hold(job)
        worker._keep(job, next(work), timedelta(seconds=60))
    with transaction.atomic():
        worker._hold(job)
        next(work)
        raise RuntimeError("killed")


def test_zombie_whose_lease_was_taken_over_writes_nothing():
    sleepers = [1]

    @handler("t.slow")
    def slow(job: Job) -> Work:
        if not job.cursor:
            mark(0)
            yield Step(done=1, total=2, cursor={"next": 1})
        if sleepers:  # this worker sleeps; another one takes the job over and finishes it meanwhile
            sleepers.clear()
            yield Outside(take_over)
        mark(1)
        return {}

    def take_over() -> None:
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))
        worker.perform(Job.objects.get().pk)

    job = ask("t.slow")

    worker.perform(job.pk)

    assert Job.objects.get().state == JobState.DONE
    assert marks() == [1, 1]


def test_call_outside_has_no_transaction_and_gives_its_answer():
    @handler("t.outside")
    def compute(job: Job) -> Work:
        answer = yield Outside(lambda: 6 * 7)
        mark(1)
        yield Step(done=1, total=1)
        return {"answer": answer}

    job = worker.perform(ask("t.outside").pk)

    assert job is not None
    assert job.result == {"answer": 42}


def test_last_call_outside_is_made_once():
    calls: list[int] = []

    @handler("t.outside")
    def compute(job: Job) -> Work:
        yield Outside(lambda: calls.append(1))
        return {}

    job = worker.perform(ask("t.outside").pk)

    assert job is not None
    assert job.state == JobState.DONE
    assert calls == [1]


def test_job_with_nothing_to_do_is_simply_done(caplog: pytest.LogCaptureFixture):
    job = worker.perform(ask("jobs.tidy").pk)

    assert job is not None
    assert (job.state, job.result) == (JobState.DONE, {"forgotten": 0})
    assert caplog.text == ""


def test_refusal_fails_the_job_at_once_with_its_words():
    @handler("t.refuse")
    def refuse(job: Job) -> Work:
        mark(1)
        yield Step(done=1, total=2)
        mark(2)
        raise Refused("no_inputs", "There is nothing to count.")

    job = worker.perform(ask("t.refuse").pk)

    assert job is not None
    assert (job.state, job.error_code, job.error_message) == (
        JobState.FAILED,
        "no_inputs",
        "There is nothing to count.",
    )
    assert marks() == [1]


def test_fault_is_tried_again_later_and_given_up_after_five_attempts(caplog: pytest.LogCaptureFixture):
    @handler("t.fault")
    def fault(job: Job) -> Work:
        mark(1)
        yield Step(done=1, total=2)
        mark(2)
        raise ZeroDivisionError

    job = ask("t.fault")
    states = []
    for _attempt in range(7):
        Job.objects.filter(state=JobState.QUEUED).update(lease_until=None)
        worker.perform(job.pk)
        job.refresh_from_db()
        states.append((job.state, job.attempts))

    # the first attempt got one step further; five more did not
    assert states[0] == (JobState.QUEUED, 0)
    assert states[-2:] == [(JobState.FAILED, 5)] * 2
    assert job.error_code == "ZeroDivisionError"
    assert job.error_message
    assert "ZeroDivisionError" in caplog.text


def test_fault_makes_the_job_wait_before_it_is_tried_again():
    @handler("t.fault")
    def fault(job: Job) -> Work:
        yield Step(done=0, total=2)
        raise ZeroDivisionError

    job = ask("t.fault")
    worker.perform(job.pk)

    assert worker.claim(job.pk) is None
    assert Job.objects.filter(lease_until__gt=timezone.now()).exists()


def test_job_over_which_workers_die_is_given_up():
    count_to_three()
    job = ask()
    for _attempt in range(worker.MOST_ATTEMPTS):
        assert worker.claim(job.pk) is not None
        Job.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    assert worker.claim(job.pk) is None
    job.refresh_from_db()
    assert (job.state, job.error_code) == (JobState.FAILED, "worker_lost")
    assert marks() == []


def test_stopped_job_keeps_its_finished_steps_and_does_no_more():
    @handler("t.stop")
    def stop(job: Job) -> Work:
        mark(1)
        yield Step(done=1, total=2)
        yield Outside(lambda: cancel_job(job=job, by=SYSTEM, at=clock.now()))
        mark(2)
        yield Step(done=2, total=2)
        return {}

    job = worker.perform(ask("t.stop").pk)

    assert job is not None
    assert job.state == JobState.CANCELLED
    assert marks() == [1]


@pytest.mark.postgres  # SQLite knows no row that another step holds: there the stop waits its turn
@pytest.mark.django_db(transaction=True)
def test_job_in_the_middle_of_a_step_is_not_stopped():
    count_to_three()
    job = ask()
    holding, done = threading.Event(), threading.Event()

    def step() -> None:
        with transaction.atomic():
            Job.objects.select_for_update().get(pk=job.pk)
            holding.set()
            done.wait(30)
        connection.close()

    worker_at_it = threading.Thread(target=step)
    worker_at_it.start()
    assert holding.wait(30)
    try:
        with refuses("job_busy"):
            cancel_job(job=job, by=SYSTEM, at=clock.now())
    finally:
        done.set()
        worker_at_it.join()


def test_finished_job_cannot_be_stopped():
    count_to_three()
    job = worker.perform(ask().pk)
    assert job is not None

    with pytest.raises(Refused) as refusal:
        cancel_job(job=job, by=SYSTEM, at=clock.now())

    assert refusal.value.code == "wrong_state"
    assert Job.objects.get().state == JobState.DONE


def test_failed_job_is_asked_for_again_and_others_are_not():
    count_to_three()
    job = ask()
    with refuses("job_not_over"):
        repeat_job(job=job, by=SYSTEM, at=clock.now())
    cancel_job(job=job, by=SYSTEM, at=clock.now())

    again = repeat_job(job=Job.objects.get(), by=SYSTEM, at=clock.now())

    assert again.pk != job.pk
    assert worker.perform_waiting() == 1
    assert marks() == [1, 1, 1]


def test_one_bell_works_off_whatever_else_waits():
    count_to_three()
    jobs = [ask(key=str(number)) for number in range(3)]

    tasks.look(jobs[1].pk)

    assert set(Job.objects.values_list("state", flat=True)) == {JobState.DONE}
    assert marks() == [3, 3, 3]


def test_no_further_job_is_begun_after_the_time_given():
    count_to_three()
    ask()

    assert worker.perform_waiting(begin_within=timedelta(0)) == 0
    assert marks() == []


def test_job_of_an_unknown_kind_waits_for_a_worker_that_knows_it():
    count_to_three()
    job = ask()
    Job.objects.update(kind="t.newer")

    worker.perform(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.QUEUED
    assert marks() == []


def test_handler_must_be_a_generator_function():
    with pytest.raises(TypeError, match="generator"):
        handler("t.plain")(lambda job: {})  # type: ignore[arg-type,return-value]


def test_kind_has_one_handler():
    count_to_three()

    with pytest.raises(ValueError, match="handler already"):

        @handler("t.count")
        def another(job: Job) -> Work:
            yield Step(done=1, total=1)
            return None
