"""Numbers on file are not found out by trying: a few clear refusals, then one answer for all numbers."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client

from common import clock
from households.models import Application, CodeTry, Household, Member
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, WIDOW_ID, resident_id
from tests.households import walking
from tests.households.walking import SELF

pytestmark = pytest.mark.django_db
FRESH = resident_id(70, born=date(1960, 2, 3))
KNOWN, CLOSED = "已经在一份档案里", "不再核对证件号码"


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def filed(db: None) -> Application:
    return people.widow_applies()


def written(client: Client, number: str = WIDOW_ID) -> str:
    """An application with this number, up to its last page."""
    papers = {"id_kind": "resident_id", "id_number": number}
    return walking.walk(client, walking.begin(client), {**SELF, "papers:m1": papers})


def changed(client: Client, check: str, number: str) -> None:
    papers = check.replace("/check/", "/papers/m1/")
    kind = "resident_id" if number else "none"
    walking.answer(client, papers, {"id_kind": kind, "id_number": number, "birth_year": "1960"})


def said(response: Any) -> str:
    assert response.status_code == 409
    assert (Household.objects.count(), Member.objects.count(), Application.objects.count()) == (1, 2, 1)
    return walking.text(response)


def test_answer_becomes_the_same_for_every_number(filed: Application) -> None:
    client = Client()
    check = written(client)
    for _time in range(3):
        assert "王秀兰" in said(walking.send(client, check))

    over = said(walking.send(client, check))
    changed(client, check, FRESH)
    unknown = said(walking.send(client, check))

    assert CLOSED in over
    assert CLOSED in unknown
    assert KNOWN not in over
    assert walking.errors(walking.send(client, check)) == walking.errors(walking.send(client, check))
    closed = Entry.objects.filter(action="draft.numbers_closed")
    assert sorted(entry.parameters["counted"] for entry in closed) == ["browser", "draft"]
    assert WIDOW_ID not in str([entry.parameters for entry in closed])
    changed(client, check, "")
    assert walking.send(client, check).status_code == 302
    assert Application.objects.count() == 2


def test_next_day_a_number_is_looked_up_again(filed: Application) -> None:
    client = Client()
    check = written(client)
    for _time in range(4):
        walking.send(client, check)

    with clock.fixed(AT + timedelta(days=1, minutes=1)):
        assert "王秀兰" in said(walking.send(client, check))


def test_another_application_in_the_same_browser_counts_on(filed: Application) -> None:
    client = Client()
    first = written(client)
    for _time in range(3):
        walking.send(client, first)

    assert CLOSED in said(walking.send(client, written(client)))
    other = Client()
    assert "王秀兰" in said(walking.send(other, written(other)))


def test_many_from_one_address_close_it_and_nobody_is_kept_from_applying(
    filed: Application, settings: Any
) -> None:
    settings.KNOWN_NUMBERS_TOLD_ADDRESS = 2
    for _time in range(2):
        client = Client()
        assert "王秀兰" in said(walking.send(client, written(client)))

    neighbour, elsewhere = Client(), Client(REMOTE_ADDR="10.9.9.9")
    check = written(neighbour)
    assert CLOSED in said(walking.send(neighbour, check))
    assert "王秀兰" in said(walking.send(elsewhere, written(elsewhere)))
    assert not CodeTry.objects.filter(subject__contains="127.0.0.1").exists()
    changed(neighbour, check, "")
    assert walking.send(neighbour, check).status_code == 302


def test_neighbours_of_one_ipv6_line_count_as_one(filed: Application, settings: Any) -> None:
    settings.KNOWN_NUMBERS_TOLD_ADDRESS = 1
    first, second = Client(REMOTE_ADDR="2001:db8:1:2::1"), Client(REMOTE_ADDR="2001:db8:1:2:ffff::9")

    assert "王秀兰" in said(walking.send(first, written(first)))
    assert CLOSED in said(walking.send(second, written(second)))


def test_numbers_nobody_knows_are_never_counted(db: None, settings: Any) -> None:
    settings.KNOWN_NUMBERS_TOLD = settings.KNOWN_NUMBERS_TOLD_ADDRESS = 1
    for number in (71, 72, 73):
        client = Client()
        check = written(client, resident_id(number, born=date(1960, 2, 3)))
        assert walking.send(client, check).status_code == 302

    assert (Application.objects.count(), CodeTry.objects.count()) == (3, 0)
