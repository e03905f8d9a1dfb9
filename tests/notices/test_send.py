"""What goes outside goes once, says nothing that could harm, and keeps no address."""

import logging
import os
from pathlib import Path
from typing import Any

import pytest
from django.core import mail
from django.utils import timezone, translation

from accounts.models import User
from common import clock
from common.actors import SYSTEM
from jobs import worker
from jobs.enums import JobState
from jobs.models import Job
from jobs.services import ring_waiting
from journal.models import Entry
from notices import tasks
from notices.kinds import KINDS, SUBJECT
from notices.models import Notice, Sending
from notices.services import Reader, notify, notify_all
from tests.notices import gateway
from tests.servers import wait_until

# Words that tell who stands in what need; they never leave the house.
HARMFUL = (
    "扶贫",
    "贫困",
    "低保",
    "心理",
    "残疾",
    "疾病",
    "救助",
    "困难",
    "poverty",
    "poor",
    "disab",
    "mental",
    "illness",
)
HOUSEHOLD = Reader("household", "abcdefghjkmn", phone="13800001234")


def person(name: str = "reader", email: str = "reader@example.org") -> User:
    return User.objects.create_user(username=name, name=name, email=email)


def tell(to: Any, kind: str = "visit_task", **params: str) -> Notice:
    return notify(to=to, kind=kind, params=params, by=SYSTEM, at=clock.now())


@pytest.mark.django_db
def test_mail_is_sent_once_however_often_the_job_is_looked_at():
    tell(person(), number="H-1", due="2026-12-01")
    job = Job.objects.get()

    for _bell in range(3):
        worker.perform(job.pk)

    (letter,) = mail.outbox
    assert letter.to == ["reader@example.org"]
    assert "H-1" not in letter.body
    assert Sending.objects.get().address == ""
    assert Entry.objects.filter(action="notice.sent").count() == 1


@pytest.mark.django_db
def test_household_gets_a_short_message_and_no_mail(caplog: pytest.LogCaptureFixture):
    caplog.set_level(logging.INFO, logger="notices")
    tell(HOUSEHOLD, "application_received", number="A-1")

    assert worker.perform_waiting() == 1

    assert mail.outbox == []
    assert "***1234" in caplog.text
    assert "13800001234" not in caplog.text
    assert "电话：" not in caplog.text  # none is known


@pytest.mark.django_db
def test_short_message_carries_the_telephone_to_call(settings: Any, caplog: pytest.LogCaptureFixture):
    settings.COUNTY_PHONE = "000-0000000"
    caplog.set_level(logging.INFO, logger="notices")
    tell(HOUSEHOLD, "application_received", number="A-1")

    worker.perform_waiting()

    assert "或给我们打电话。电话：000-0000000。" in caplog.text


@pytest.mark.django_db
def test_reader_without_an_address_is_told_in_the_application_alone():
    notice = tell(person(email=""), number="H-1")

    assert not notice.sendings.exists()
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_same_news_for_several_reaches_each_once():
    one, two = person("one", "one@example.org"), person("two", "two@example.org")

    assert notify_all(to=[one, two, one], kind="rating_waiting", by=SYSTEM, at=clock.now()) == 2
    worker.perform_waiting()

    assert sorted(letter.to[0] for letter in mail.outbox) == ["one@example.org", "two@example.org"]


@pytest.mark.django_db
def test_address_and_words_stand_in_no_column():
    tell(HOUSEHOLD, "application_received", number="A-1")

    stored = Sending.objects.values().get()
    assert "13800001234" not in str({name: str(value) for name, value in stored.items()})
    assert "13800001234" not in str(list(Job.objects.values("params", "key")))
    assert "13800001234" not in str(list(Entry.objects.values("parameters")))


@pytest.mark.django_db
def test_gateway_that_is_down_is_tried_again_and_then_said(settings, caplog):
    settings.SMS_ADAPTER = "tests.notices.gateway.DownSms"
    tell(HOUSEHOLD, "application_received", number="A-1")
    job = Job.objects.get()

    for _attempt in range(worker.MOST_ATTEMPTS + 1):
        Job.objects.filter(state=JobState.QUEUED).update(lease_until=None)
        worker.perform(job.pk)

    job.refresh_from_db()
    assert job.state == JobState.FAILED
    sending = Sending.objects.get()
    assert sending.sent_at is None
    assert sending.address == "13800001234"  # kept, so that it can be tried again by hand
    assert not Entry.objects.filter(action="notice.sent").exists()


@pytest.mark.django_db
def test_mail_of_a_worker_that_died_carries_the_same_number(monkeypatch: pytest.MonkeyPatch):
    tell(person())
    job = Job.objects.get()
    honest = tasks.deliver

    def deliver_and_die(sending: Sending, *, ask_first: bool) -> None:
        honest(sending, ask_first=ask_first)
        raise SystemExit

    monkeypatch.setattr(tasks, "deliver", deliver_and_die)
    with pytest.raises(SystemExit):
        worker.perform(job.pk)
    monkeypatch.setattr(tasks, "deliver", honest)
    Job.objects.update(lease_until=timezone.now())
    worker.perform(job.pk)

    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 1
    assert Job.objects.get().state == JobState.DONE


@pytest.mark.django_db(transaction=True)
def test_message_taken_by_the_gateway_is_not_sent_again_after_a_kill(start_worker, monkeypatch):
    monkeypatch.setenv("DJANGO_SETTINGS_MODULE", "tests.notices.worker_settings")
    (Path(os.environ["BANGFU_VAR"]) / "gateway").unlink(missing_ok=True)
    tell(HOUSEHOLD, "application_received", number="A-1")
    reference = Sending.objects.get().public_id
    first = start_worker()
    wait_until(lambda: gateway.taken() == [reference], "the gateway")

    first.kill()
    first.wait()
    assert Sending.objects.get().sent_at is None
    start_worker()
    Job.objects.update(lease_until=timezone.now())  # as if its two minutes were over
    ring_waiting(again=True)

    wait_until(lambda: Sending.objects.filter(sent_at__isnull=False).exists(), "the second worker")
    assert gateway.taken() == [reference]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_nothing_harmful_leaves_the_house(language: str):
    with translation.override(language):
        said = {str(SUBJECT), *(str(kind.outside) for kind in KINDS.values())}

    assert [(text, word) for text in said for word in HARMFUL if word in text.lower()] == []


@pytest.mark.parametrize("kind", KINDS)
def test_outside_texts_carry_no_parameters(kind: str):
    assert "%(" not in str(KINDS[kind].outside)
    assert KINDS[kind].words({}).count("—") == len(KINDS[kind].parameters)
