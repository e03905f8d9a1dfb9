"""One live job a key, on both databases; bells may be lost."""

import pytest
from celery import Celery
from django.db import IntegrityError, transaction
from django.utils import timezone
from kombu.connection import Connection

from common import clock
from common.actors import SYSTEM
from config.settings import base
from jobs import services, worker
from jobs.enums import JobState
from jobs.models import Job
from jobs.services import enqueue, ring_waiting
from journal.models import Entry

pytestmark = pytest.mark.django_db


def ask(key: str = "t", *, once: bool = False) -> Job:
    return enqueue("jobs.tidy", key=key, by=SYSTEM, at=clock.now(), once=once)


def hear(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The bells that ring from now on."""
    rung: list[int] = []

    def ring(number: int) -> bool:
        rung.append(number)
        return True

    monkeypatch.setattr(services, "ring", ring)
    return rung


def test_live_job_of_a_key_is_returned_and_not_made_twice():
    first = ask()

    assert ask().pk == first.pk
    assert Job.objects.count() == 1
    assert Entry.objects.filter(action="jobs.job.queued").count() == 1


def test_done_job_is_made_again_unless_it_is_asked_for_once():
    ordinary, single = ask("ordinary"), ask("single", once=True)
    worker.perform_waiting()

    assert ask("ordinary").pk != ordinary.pk
    assert ask("single", once=True).pk == single.pk


def test_database_refuses_a_second_live_job_and_a_second_done_one():
    at = clock.now()
    row = {"kind": "jobs.tidy", "key": "t", "by_kind": "system", "by_ref": "system", "created_at": at}
    Job.objects.create(**row, state=JobState.QUEUED)
    Job.objects.create(**row, state=JobState.DONE, once=True)

    for state, once in ((JobState.QUEUED, False), (JobState.DONE, True)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Job.objects.create(**row, state=state, once=once)


def test_running_job_without_a_lease_is_refused_by_the_database():
    job = ask()

    with pytest.raises(IntegrityError), transaction.atomic():
        Job.objects.filter(pk=job.pk).update(state=JobState.RUNNING)


def test_unknown_kind_is_an_error_of_the_program():
    with pytest.raises(LookupError, match=r"t\.unknown"):
        enqueue("t.unknown", key="t", by=SYSTEM, at=clock.now())


def test_bell_rings_when_the_cause_commits(monkeypatch, django_capture_on_commit_callbacks):
    rung = hear(monkeypatch)

    with django_capture_on_commit_callbacks(execute=True):
        job = ask()
        assert rung == []

    assert rung == [job.pk]


def test_broker_that_is_down_fails_no_request(monkeypatch, caplog, django_capture_on_commit_callbacks):
    monkeypatch.setattr(
        services, "current_app", Celery("nowhere", broker="redis://127.0.0.1:9/0", set_as_current=False)
    )

    with django_capture_on_commit_callbacks(execute=True):
        job = ask()

    assert Job.objects.get(pk=job.pk).state == JobState.QUEUED
    assert "did not ring" in caplog.text


def test_sweeper_rings_for_waiting_and_abandoned_jobs_alone(monkeypatch):
    rung = hear(monkeypatch)
    waiting, abandoned, held, done = (ask(key) for key in "abcd")
    worker.claim(abandoned.pk)
    worker.claim(held.pk)
    worker.perform(done.pk)
    past = timezone.now() - services.BELL_HOLDS * 2
    Job.objects.update(rung_at=past)
    Job.objects.filter(pk=abandoned.pk).update(lease_until=past)

    assert ring_waiting() == 2

    assert sorted(rung) == [waiting.pk, abandoned.pk]


def test_sweeper_does_not_ring_twice_at_once_unless_told(monkeypatch):
    hear(monkeypatch)
    ask()

    assert ring_waiting() == 0  # the bell of the asking is still in the air
    assert ring_waiting(again=True) == 1


def test_bell_names_its_host_and_complains_of_none(caplog):
    Connection(base.CELERY_BROKER_URL).info()

    assert "hostname" not in caplog.text
