"""The auditor's pages: the journal by object, actor, act and day; seals; the alarm; nobody else."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import tasks
from accounts.enums import Role
from accounts.models import User
from accounts.queries import alarms
from common.actors import SYSTEM
from jobs.models import Job
from journal.models import Anchor, Entry, Seal
from journal.queries import VERIFICATION
from journal.services import record
from tests.accounts.conftest import give_totp, sign_in

pytestmark = pytest.mark.django_db
ENTRIES = "/admin/journal/entry/"


@pytest.fixture
def auditor(hire: Callable[..., User]) -> User:
    user = hire("auditor", Role.AUDITOR, prefix="", organisation=None)
    give_totp(user)
    return user


@pytest.fixture
def desk(auditor: User) -> Client:
    return sign_in(auditor)


def run(work: Callable[[Job], Any]) -> Any:
    """Drive a handler as a worker does: calls outside are made, the result is what it returns."""
    steps = work(Job())
    answer: Any = None
    while True:
        try:
            step = steps.send(answer)
        except StopIteration as end:
            return end.value
        answer = step.call() if hasattr(step, "call") else None


def test_auditor_filters_by_object_actor_act_and_day(desk: Client, worker: User, at: datetime):
    row = ("households.household", "abc123abc123")
    record("visit.done", row, by=worker, at=at, count=2)
    record("visit.done", row, by=SYSTEM, at=at + timedelta(days=3))

    def found(query: str) -> list[str]:
        answer = desk.get(f"{ENTRIES}?{query}")
        assert answer.status_code == 200
        return [row["entry"].action for row in answer.context["rows"]]

    assert found("object_label=households.household&object_ref=abc123abc123") == ["visit.done"] * 2
    assert found(f"actor_ref={worker.public_id}&action=visit") == ["visit.done"]
    assert found("action=visit&since=2026-11-23&until=2026-11-23") == ["visit.done"]
    assert found("action=nothing") == []
    page = desk.get(f"{ENTRIES}?actor_ref={worker.public_id}").content.decode()
    assert worker.name in page
    assert "个数: 2" in page


def test_unknown_filter_is_an_error(desk: Client):
    assert desk.get(f"{ENTRIES}?actor=me").status_code == 400


def test_pages_of_the_journal_cost_the_same(desk: Client, at: datetime):
    def cost() -> int:
        with CaptureQueriesContext(connection) as queries:
            assert desk.get(ENTRIES).status_code == 200
        return len(queries)

    cost()
    before = cost()
    for number in range(120):
        record("test.act", ("test.row", str(number)), by=SYSTEM, at=at)

    assert cost() == before <= 8  # seats, the list, names, and what panels of other apps add
    first = desk.get(f"{ENTRIES}?action=test.act").context["page"]
    second = desk.get(f"{ENTRIES}?action=test.act&cursor={first.next}").context["page"]
    assert len(first) == len(second) == 50
    assert {entry.pk for entry in first}.isdisjoint(entry.pk for entry in second)


def test_one_entry_is_read_only(desk: Client):
    entry = Entry.objects.order_by("pk").first()
    assert entry is not None

    page = desk.get(f"{ENTRIES}{entry.pk}/change/")
    assert page.status_code == 200
    assert not re.findall(r"<label[^>]*>\s*[A-Z][a-z]", page.content.decode())
    assert desk.post(f"{ENTRIES}{entry.pk}/change/", {"action": "x"}).status_code == 403


@pytest.mark.parametrize("page", [ENTRIES, "/admin/journal/seal/", "/admin/accounts/involvement/"])
def test_nobody_else_reads_the_journal(
    administrator: User, desk: Client, worker: User, worker_client: Client, page: str
):
    give_totp(administrator)

    assert desk.get(page).status_code == 200
    assert worker_client.get(page).status_code in {403, 404}
    assert sign_in(administrator).get(page).status_code in {403, 404}


def test_sealing_job_seals_and_anchors(desk: Client, settings: Any, tmp_path: Path):
    settings.VAR_DIR = tmp_path
    entries = Entry.objects.count()

    assert run(tasks.seal_journal) == {"sealed": entries}

    assert Seal.objects.get().size == entries
    assert Anchor.objects.get().root == Seal.objects.get().root
    page = desk.get("/admin/journal/seal/")
    assert [(seal.size, anchored) for seal, anchored in page.context["rows"]] == [(entries, True)]
    assert run(tasks.seal_journal) == {"sealed": 0}


def test_verifying_job_writes_down_what_it_found(desk: Client, auditor: User, settings: Any, tmp_path: Path):
    settings.VAR_DIR = tmp_path
    run(tasks.seal_journal)
    assert run(tasks.verify_journal)["intact"] is True
    assert alarms(auditor) == []
    assert desk.get("/admin/journal/seal/").context["verification"].parameters["intact"] is True


def test_alteration_alarms_the_auditor(desk: Client, auditor: User, at: datetime):
    record("journal.verified", VERIFICATION, by=SYSTEM, at=at, intact=False, where="entry 7", entries=9)

    assert [todo.detail for todo in alarms(auditor)] == ["entry 7"]
    assert "entry 7" in desk.get("/admin/").content.decode()
    assert "entry 7" in desk.get("/admin/journal/seal/").content.decode()


def test_tidying_keeps_live_sessions(desk: Client):
    run(tasks.tidy)

    assert desk.get(ENTRIES).status_code == 200
