"""Clock work is remembered by period: a stopped beat delays it and nothing makes it twice."""

from datetime import datetime, timedelta

import pytest
from celery.schedules import crontab

from common import clock
from common.clock import SHANGHAI
from jobs import schedule, worker
from jobs.enums import JobState
from jobs.models import Job
from jobs.schedule import every, period_start
from jobs.services import enqueue_due, tidy_jobs


def at(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)  # type: ignore[arg-type,misc]


@pytest.fixture
def nightly(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(schedule, "_entries", {})
    every(
        "t.nightly", crontab(hour=2, minute=30), "jobs.tidy", params=lambda on: {"on": on.date().isoformat()}
    )


@pytest.mark.parametrize(
    ("when", "moment", "began"),
    [
        (crontab(hour=2, minute=30), at(2026, 11, 23, 2, 30), at(2026, 11, 23, 2, 30)),
        (crontab(hour=2, minute=30), at(2026, 11, 23, 2, 29), at(2026, 11, 22, 2, 30)),
        (crontab(hour=0, minute=0, day_of_month=1), at(2026, 11, 23, 9, 0), at(2026, 11, 1, 0, 0)),
        (crontab(hour=8, minute=0, day_of_week="sun"), at(2026, 11, 23, 9, 0), at(2026, 11, 22, 8, 0)),
        (
            crontab(hour=1, minute=0, day_of_month=1, month_of_year=1),
            at(2026, 11, 23, 9, 0),
            at(2026, 1, 1, 1, 0),
        ),
        (crontab(minute="*/15"), at(2026, 11, 23, 0, 14, 59), at(2026, 11, 23, 0, 0)),
        (timedelta(minutes=10), at(2026, 11, 23, 0, 14, 59), at(2026, 11, 23, 0, 10)),
    ],
)
def test_period_begins_at_its_newest_moment_in_shanghai(when, moment, began):
    assert period_start(when, moment) == began


@pytest.mark.django_db
def test_period_is_worked_off_once_even_when_it_failed(nightly: None):
    (job,) = enqueue_due(at=at(2026, 11, 23, 3, 0))

    assert job.params == {"on": "2026-11-23"}
    assert enqueue_due(at=at(2026, 11, 23, 3, 1)) == []
    worker.perform(job.pk)
    assert enqueue_due(at=at(2026, 11, 24, 2, 29)) == []
    Job.objects.update(state=JobState.FAILED)
    assert enqueue_due(at=at(2026, 11, 24, 2, 29)) == []
    assert len(enqueue_due(at=at(2026, 11, 24, 2, 30))) == 1


@pytest.mark.django_db
def test_newest_missed_period_is_made_up_for(nightly: None):
    enqueue_due(at=at(2026, 11, 20, 3, 0))

    (job,) = enqueue_due(at=at(2026, 11, 23, 12, 0))

    assert job.params == {"on": "2026-11-23"}


@pytest.mark.django_db
def test_old_clock_work_is_forgotten_but_never_the_present_period(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(schedule, "_entries", {})
    every("t.yearly", crontab(hour=1, minute=0, day_of_month=1, month_of_year=1), "jobs.tidy")
    every("t.nightly", crontab(hour=2, minute=30), "jobs.tidy")
    with clock.fixed(at(2026, 3, 1, 3, 0)):
        enqueue_due(at=clock.now())
        worker.perform_waiting()
    now = at(2026, 11, 23, 3, 0)

    assert tidy_jobs(before=now - timedelta(days=30), at=now) == 1

    assert Job.objects.get().key.startswith("t.yearly")
    assert enqueue_due(at=now)[0].key.startswith("t.nightly")
