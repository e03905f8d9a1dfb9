"""Bad input on the pages: a kind message, nothing stored, nothing typed lost."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from common import clock
from households.models import Application, Household, Member
from households.pages.steps import STEPS
from tests.cast import AT, WIDOW_ID, resident_id
from tests.households import walking
from tests.households.walking import SELF

pytestmark = pytest.mark.django_db
WRONG = WIDOW_ID[:-1] + ("0" if WIDOW_ID[-1] != "0" else "1")


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


def refused(client: Client, name: str, values: dict[str, Any]) -> str:
    """Walk to a page, answer it badly: it comes back with 422, and the draft knows nothing of it."""
    url = walking.walk(client, walking.begin(client), SELF, until=name)
    response = walking.answer(client, url, values)

    assert response.status_code == 422
    assert name not in json.loads(walking.draft_of(url).answers)
    assert not Application.objects.exists()
    assert not Household.objects.exists()
    shown = walking.text(response)
    for words in walking.errors(response):
        assert shown.count(words.rpartition(" · ")[2].strip()) >= 2, "in the summary and beside the field"
    return shown


@pytest.mark.parametrize(
    "number",
    [
        WRONG,  # check digit
        "990101195413080028",  # month 13
        "990101202802300021",  # a day that never comes
        "99010119540308",  # too short
    ],
)
def test_unfit_identity_number_is_asked_again(client: Client, number: str) -> None:
    shown = refused(client, "papers:m1", {"id_kind": "resident_id", "id_number": number})

    assert f'value="{number}"' in shown
    assert "无效" not in shown


@pytest.mark.parametrize(
    ("year", "month", "day"), [("2023", "2", "30"), ("2199", "1", "1"), ("1700", "", ""), ("x", "", "")]
)
def test_impossible_birth_date_is_asked_again(client: Client, year: str, month: str, day: str) -> None:
    values = {"id_kind": "none", "birth_year": year, "birth_month": month, "birth_day": day}

    shown = refused(client, "papers:m1", values)

    assert f'value="{year}"' in shown


def test_healthy_stands_alone(client: Client) -> None:
    shown = refused(
        client, "life:m1", {"schooling": "e:primary", "health": ["healthy", "chronic"], "labour": "weak"}
    )

    assert shown.count("checked") == 3


@pytest.mark.parametrize("quantity", ["", "0", "-2", "many", "2.5", "99999999999"])
def test_unfit_quantity_is_asked_again(client: Client, quantity: str) -> None:
    shown = refused(client, "amount:n1", {"quantity": quantity})

    assert f'value="{quantity}"' in shown or not quantity


def test_past_deadline_is_asked_again(client: Client) -> None:
    shown = refused(
        client, "when:n1", {"urgency": "soon", "deadline": "2026-11-01", "contribution": "自己去取"}
    )

    assert "2026-11-01" in shown
    assert "自己去取" in shown


def test_consents_are_two(client: Client) -> None:
    url = walking.begin(client)

    response = walking.answer(client, url, {"apply": "on"})

    assert response.status_code == 422
    assert len(walking.errors(response)) == 1


def test_unknown_place_keeps_the_name(client: Client) -> None:
    assert 'value="没有这个镇"' in refused(client, "place", {"place": "没有这个镇"})


def test_several_places_are_offered_to_choose(client: Client) -> None:
    url = walking.walk(client, walking.begin(client), SELF, until="place")
    response = walking.answer(client, url, {"place": "城关镇"})
    offered = re.findall(r'name="township" value="(\d{9})"', walking.text(response))
    assert response.status_code == 422
    assert len(offered) == 10

    chosen = walking.answer(client, url, {"place": "城关镇", "township": offered[3]})

    assert walking.here(chosen.url) == "village"  # type: ignore[attr-defined]
    assert json.loads(walking.draft_of(url).answers)["place"]["township"] == offered[3]


def test_second_head_is_refused(client: Client) -> None:
    family = walking.walk(client, walking.begin(client), SELF, until="family")
    url = walking.answer(client, family, {"more": "yes"}).url  # type: ignore[attr-defined]

    response = walking.answer(client, url, {"name": "王小军", "sex": "male", "relation": "head"})

    assert response.status_code == 422
    assert 'value="王小军"' in walking.text(response)


def test_same_number_twice_in_one_family_is_refused(client: Client) -> None:
    family = walking.walk(client, walking.begin(client), SELF, until="family")
    url = walking.answer(client, family, {"more": "yes"}).url  # type: ignore[attr-defined]
    url = walking.answer(client, url, {"name": "王小军", "sex": "male", "relation": "son"}).url  # type: ignore[attr-defined]

    response = walking.answer(client, url, {"id_kind": "resident_id", "id_number": WIDOW_ID})

    assert response.status_code == 422
    assert WIDOW_ID in walking.text(response)


def test_number_on_file_is_refused_at_sending_and_nothing_is_lost(client: Client) -> None:
    walking.applies(Client())
    check = walking.walk(client, walking.begin(client), SELF)

    response = walking.send(client, check)

    assert response.status_code == 409
    assert "王秀兰" in walking.errors(response)[0]
    assert (Application.objects.count(), Member.objects.count()) == (1, 1)
    assert walking.draft_of(check).used_at is None
    assert "990101" in json.loads(walking.draft_of(check).answers)["papers:m1"]["id_number"]


def test_number_left_empty_after_that_can_be_sent(client: Client) -> None:
    walking.applies(Client())
    check = walking.walk(client, walking.begin(client), SELF)
    walking.answer(client, check.replace("/check/", "/papers/m1/") + "?back", {"id_kind": "resident_id"})

    assert walking.send(client, check).status_code == 302

    assert Household.objects.latest("pk").incomplete == ["id_number"]


def test_body_over_the_limit_leaves_the_draft_intact(client: Client) -> None:
    url = walking.walk(client, walking.begin(client), SELF, until="cause")
    before = walking.draft_of(url).answers

    response = client.post(url, {"story": "x" * 10}, headers={"content-length": str(settings.BODY_LIMIT + 1)})

    assert response.status_code == 413
    assert walking.draft_of(url).answers == before
    assert client.get(url).status_code == 200


def test_check_page_leads_to_the_first_open_question(client: Client) -> None:
    url = walking.begin(client)

    response = client.get(url.replace("/notice/", "/check/"))

    assert response.url == f"{url}?back"  # type: ignore[attr-defined]


def test_page_that_is_not_asked_leads_to_the_open_one(client: Client) -> None:
    url = walking.begin(client)

    for forged in ("powers", "disability/m1", "who/m9", "amount/x1", "nonsense"):
        response = client.post(url.replace("/notice/", f"/{forged}/"), {"_key": walking.key()})
        assert response.url == url, forged  # type: ignore[attr-defined]


def test_another_family_member_number_from_the_neighbourhood_is_free(client: Client) -> None:
    walking.applies(Client())
    other = {"id_kind": "resident_id", "id_number": resident_id(77, born=AT.date().replace(year=1960))}

    walking.applies(client, {**SELF, "papers:m1": other})

    assert Application.objects.count() == 2


def test_amount_of_a_changed_topic_asks_for_the_item_first(client: Client) -> None:
    when = walking.walk(client, walking.begin(client), SELF, until="when:n1")
    walking.answer(client, when.replace("/when/", "/topic/"), {"topic": "things"})
    before = walking.draft_of(when).answers
    amount, item = when.replace("/when/", "/amount/"), when.replace("/when/", "/item/")

    shown, sent = client.get(amount), walking.answer(client, amount, {"quantity": "6"})

    assert (shown.status_code, shown.url) == (302, item)  # type: ignore[attr-defined]
    assert (sent.status_code, sent.url) == (302, item)  # type: ignore[attr-defined]
    assert walking.draft_of(when).answers == before


@pytest.mark.parametrize("topic", [None, {"topic": "things"}])
def test_page_opened_out_of_its_order_is_shown_or_leads_back(client: Client, topic: Any) -> None:
    first = walking.begin(client)
    if topic:
        walking.answer(client, first.replace("/notice/", "/topic/n1/"), topic)

    for step in STEPS:
        address = first.replace("/notice/", f"/{step.slug}/" + (f"{step.loop}1/" if step.loop else ""))
        assert client.get(address).status_code in {200, 302}, step.slug
        assert walking.answer(client, address, {}).status_code in {302, 422}, step.slug
