"""The draft: kept at every step, resumed elsewhere, never lost, used once."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client

from common import clock
from households.models import Application, CodeTry, Draft
from households.pages.saying import spaced
from journal.models import Entry
from tests.cast import AT, WIDOW
from tests.households import walking
from tests.households.walking import SELF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


def test_answers_are_sealed_in_the_database(client: Client) -> None:
    url = walking.walk(client, walking.begin(client), SELF, until="family")

    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM households_draft")
        stored = cursor.fetchone()[0]
    assert WIDOW not in stored
    assert json.loads(walking.draft_of(url).answers)["who:m1"]["name"] == WIDOW


def test_only_beginning_and_sending_are_journaled(client: Client) -> None:
    walking.applies(client)

    assert Entry.objects.filter(object_label="households.draft").count() == 1
    assert Entry.objects.filter(action="application.submitted").count() == 1


def test_leaving_keeps_what_was_half_typed(client: Client) -> None:
    url = walking.walk(client, walking.begin(client), SELF, until="papers:m1")

    response = walking.answer(client, url, {"id_kind": "resident_id", "id_number": "9901", "_leave": "1"})

    draft = walking.draft_of(url)
    shown = walking.text(client.get(response.url))  # type: ignore[attr-defined]
    assert spaced(draft.resume_code) in shown
    assert 'value="9901"' in walking.text(client.get(url))


def test_draft_goes_on_in_another_browser_by_its_code(client: Client) -> None:
    url = walking.walk(client, walking.begin(client), SELF, until="cause")
    other = Client()
    assert other.get(url).status_code == 404

    response = other.post("/help/resume/", {"code": spaced(walking.draft_of(url).resume_code), "_key": "1"})

    assert response.url == url  # type: ignore[attr-defined]
    assert other.get(url).status_code == 200


def test_closing_forgets_it_on_this_device_alone(client: Client) -> None:
    url = walking.walk(client, walking.begin(client), SELF, until="phone")
    later = url.replace("/phone/", "/later/")

    client.post(later, {"_key": walking.key()})

    assert client.get(url).status_code == 404
    assert Draft.objects.filter(used_at__isnull=True).count() == 1


def test_guessed_resume_code_pauses_after_five(client: Client) -> None:
    for guess in "abcde":
        response = client.post("/help/resume/", {"code": guess * 10, "_key": walking.key()})
        assert response.status_code == 409

    response = client.post("/help/resume/", {"code": "f" * 10, "_key": walking.key()})

    assert response.status_code == 409
    assert CodeTry.objects.filter(subject__startswith="browser:").count() == 5
    with clock.fixed(AT + timedelta(minutes=16)):
        walking_on = client.post("/help/resume/", {"code": "g" * 10, "_key": walking.key()})
    assert walking.errors(walking_on) != walking.errors(response)


def test_double_send_is_one_application(client: Client) -> None:
    check = walking.walk(client, walking.begin(client), SELF)
    key = walking.key()

    first = walking.send(client, check, submit_key=key)
    again = client.post(check, {"seen": "", "_key": key})
    with_new_key = client.post(check, {"seen": "", "_key": walking.key()})

    assert Application.objects.count() == 1
    assert first.url == again.url == with_new_key.url  # type: ignore[attr-defined]


def test_answers_changed_in_another_tab_are_shown_before_sending(client: Client) -> None:
    check = walking.walk(client, walking.begin(client), SELF)
    seen = walking.draft_of(check).saved_at.isoformat()
    with clock.fixed(AT + timedelta(minutes=5)):
        walking.answer(client, check.replace("/check/", "/phone/") + "?back", {"phone": "13811112222"})
        response = client.post(check, {"seen": seen, "_key": walking.key()})

        assert response.status_code == 409
        assert "13811112222" in walking.text(response)
        assert not Application.objects.exists()
        assert walking.send(client, check).status_code == 302


def test_page_left_open_after_sending_changes_nothing_and_shows_what_was_typed(client: Client) -> None:
    check = walking.walk(client, walking.begin(client), SELF)
    walking.send(client, check)
    snapshot = Application.objects.get().snapshot

    response = walking.answer(client, check.replace("/check/", "/cause/"), {"story": "还有一件事想说"})

    assert response.status_code == 409
    assert "还有一件事想说" in walking.text(response)
    assert Application.objects.get().snapshot == snapshot


def test_back_and_forward_keep_both_answers(client: Client) -> None:
    url = walking.walk(client, walking.begin(client), SELF, until="village")
    walking.answer(client, url.replace("/village/", "/phone/"), {"phone": "13822223333"})

    answers = json.loads(walking.draft_of(url).answers)

    assert answers["phone"]["phone"] == "13822223333"
    assert answers["place"]["township"] == "990101100"


def test_start_page_offers_to_go_on(client: Client) -> None:
    url = walking.walk(client, walking.begin(client), SELF, until="phone")

    assert url in walking.text(client.get("/help/"))
    assert url not in walking.text(Client().get("/help/"))


def test_resume_code_opens_nothing_once_it_was_sent(client: Client) -> None:
    check = walking.walk(client, walking.begin(client), SELF)
    walking.send(client, check)
    code = walking.draft_of(check).resume_code

    response = Client().post("/help/resume/", {"code": code, "_key": "1"})

    assert response.status_code == 409
    assert Application.objects.get().query_code not in walking.text(response)


def test_check_page_takes_the_same_queries_for_one_need_and_three(
    client: Client, django_assert_max_num_queries: Any
) -> None:
    check = walking.walk(client, walking.begin(client), SELF)
    counts = []
    for needs in (1, 3):
        for slot in range(2, needs + 1):
            hub = check.replace("/check/", "/needs/")
            url = walking.answer(client, hub, {"more": "yes"}).url  # type: ignore[attr-defined]
            more = {f"{name}:n{slot}": SELF[f"{name}:n1"] for name in ("topic", "item", "amount", "when")}
            walking.walk(client, url, {**SELF, **more})
        with django_assert_max_num_queries(45) as queries:
            client.get(check)
        counts.append(len(queries))
    assert counts[0] == counts[1]
