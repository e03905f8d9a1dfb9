"""Progress is seen by whoever asked, survives a reload, and stops asking when the work is over."""

import pytest
from django.test import Client

from accounts.models import User
from common import clock
from common.actors import SYSTEM
from jobs import worker
from jobs.enums import JobState
from jobs.models import Job
from jobs.services import enqueue
from journal.models import Entry

pytestmark = pytest.mark.django_db


def person(name: str) -> User:
    return User.objects.create_user(username=name, name=name, password="Quiet-River-2026")


@pytest.fixture
def asker() -> User:
    return person("asker")


@pytest.fixture
def job(asker: User) -> Job:
    job = enqueue("jobs.tidy", key="t", by=asker, at=clock.now())
    Job.objects.update(done=3, total=9)
    return job


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def test_progress_survives_a_reload(asker: User, job: Job):
    client = signed_in(asker)
    for _reload in range(2):
        text = client.get(f"/jobs/{job.public_id}/").content.decode()

        assert 'aria-valuenow="3"' in text
        assert 'aria-valuemax="9"' in text
        assert f'data-poll="/jobs/{job.public_id}/"' in text


def test_fragment_is_the_moving_part_alone(asker: User, job: Job):
    text = signed_in(asker).get(f"/jobs/{job.public_id}/", headers={"X-Fragment": "1"}).content.decode()

    assert "<html" not in text
    assert 'aria-valuenow="3"' in text


def test_finished_job_is_not_asked_for_again(asker: User, job: Job):
    worker.perform(job.pk)

    text = signed_in(asker).get(f"/jobs/{job.public_id}/").content.decode()

    assert "data-poll" not in text
    assert "http-equiv" not in text


def test_failed_job_says_why(asker: User, job: Job):
    Job.objects.update(state=JobState.FAILED, error_message="没有可以统计的数据。")

    assert "没有可以统计的数据。" in signed_in(asker).get(f"/jobs/{job.public_id}/").content.decode()


def test_job_of_somebody_else_does_not_exist(job: Job):
    client = signed_in(person("other"))

    assert client.get(f"/jobs/{job.public_id}/").status_code == 404
    assert client.get(f"/jobs/{job.public_id}/stop/").status_code == 404
    assert client.post(f"/jobs/{job.public_id}/stop/", {"_key": "1"}).status_code == 404
    assert Job.objects.get().state == JobState.QUEUED


def test_stranger_is_asked_to_sign_in(job: Job):
    assert "/account/login/" in Client().get(f"/jobs/{job.public_id}/").headers["Location"]


def test_asker_stops_the_job_once(asker: User, job: Job):
    client = signed_in(asker)

    assert client.get(f"/jobs/{job.public_id}/stop/").status_code == 200
    for _click in range(2):
        answer = client.post(f"/jobs/{job.public_id}/stop/", {"_key": "1"})
        assert answer.status_code == 302

    assert Job.objects.get().state == JobState.CANCELLED
    assert Entry.objects.filter(action="jobs.job.cancelled", actor_ref=asker.public_id).count() == 1
    assert client.post(f"/jobs/{job.public_id}/stop/", {"_key": "2"}).status_code == 409


def test_list_shows_ones_own_jobs_at_a_constant_cost(asker: User, job: Job, django_assert_max_num_queries):
    client = signed_in(asker)
    enqueue("jobs.tidy", key="not mine", by=SYSTEM, at=clock.now())
    for count in (1, 3):
        for number in range(count):
            enqueue("jobs.tidy", key=f"{count}.{number}", by=asker, at=clock.now())
        with django_assert_max_num_queries(9):
            text = client.get("/jobs/").content.decode()

    assert text.count("row-title") == 5


def test_message_that_followed_an_act_is_not_work_one_asked_for(asker: User, job: Job):
    enqueue("notices.send", key="m", by=asker, at=clock.now())

    listed = signed_in(asker).get("/jobs/").context["page"]

    assert [row.kind for row in listed] == ["jobs.tidy"]
