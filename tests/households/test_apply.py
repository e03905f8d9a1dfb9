"""A household applies by itself: one question a page, without a script, without an account."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.test import Client
from django.utils import translation

from common import clock
from common.templatetags.ui import day_words
from households.forms.public.topics import TOPICS
from households.models import Application, Household, Member, Need
from reference.models import Item
from tests.cast import AT, GRANDSON_ID, WIDOW
from tests.households import walking
from tests.households.walking import SELF

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


def test_application_of_one_person_arrives_whole(client: Client) -> None:
    application = walking.applies(client)

    household = application.household
    member = Member.objects.get()
    need = Need.objects.get()
    assert (application.state, application.channel, household.area) == ("submitted", "self", "990101100201")
    assert (member.name, member.is_head, member.identity_level, member.health) == (
        WIDOW,
        True,
        1,
        ["chronic"],
    )
    assert (need.item.slug, need.requested, need.urgency) == ("chronic_medicine", 6, "soon")
    assert {consent.purpose for consent in household.consents.all()} == {"apply", "sensitive"}
    assert [measure.kind for measure in household.measures.all()] == ["dibao"]
    assert json.loads(application.snapshot)["causes"] == ["illness"]


def test_confirmation_shows_number_code_date_and_opens_the_status_page(client: Client) -> None:
    check = walking.walk(client, walking.begin(client), SELF)
    sent = walking.send(client, check)

    shown = walking.text(client.get(sent.url))  # type: ignore[attr-defined]
    application = Application.objects.get()
    code = application.query_code.upper()
    assert application.number in shown
    assert f"{code[:5]}-{code[5:]}" in shown
    with translation.override("zh-hans"):
        assert day_words(application.accept_due) in shown
    assert application.accept_due.isoformat() == "2026-11-25"
    assert client.get("/help/status/").status_code == 200
    assert Client().get(sent.url).status_code == 404  # type: ignore[attr-defined]


def test_family_of_two_with_a_child_asks_the_guardian(client: Client) -> None:
    url = walking.walk(client, walking.begin(client), SELF, until="family")
    url = walking.answer(client, url, {"more": "yes"}).url  # type: ignore[attr-defined]
    child: dict[str, dict[str, Any]] = {
        "who:m2": {"name": "陈小宝", "sex": "male", "relation": "grandson"},
        "papers:m2": {"id_kind": "resident_id", "id_number": GRANDSON_ID},
        "life:m2": {"schooling": "s:primary", "health": ["healthy"], "labour": "none"},
        "guardian": {"guardian": WIDOW, "child_data": "on"},
    }
    url = walking.walk(client, url, {**SELF, **child})
    assert walking.send(client, url).status_code == 302

    household = Household.objects.get()
    assert household.members.count() == 2
    assert household.consents.filter(purpose="child_data").exists()
    assert Member.objects.get(name="陈小宝").student_status == "primary"


@pytest.mark.parametrize(
    ("topic", "item", "quantity", "stored"),
    [
        ("things", "quilt", "2", 2),  # material
        ("money", "emergency_money", "1500.50", 150050),  # money
        ("work", "craft_seat", "1", 1),  # skill
        ("policy", "policy_query", "1", 1),  # information
        ("heart", "counselling", "3", 3),  # feeling
        ("care", "elder_care_hour", "2.5", 5),  # care
    ],
)
def test_every_kind_of_need_can_be_said(
    client: Client, topic: str, item: str, quantity: str, stored: int
) -> None:
    answers = {
        **SELF,
        "topic:n1": {"topic": topic},
        "item:n1": {"item": item},
        "amount:n1": {"quantity": quantity},
    }

    walking.applies(client, answers)

    need = Need.objects.get()
    assert (need.item.slug, need.requested, need.state) == (item, stored, "draft")


def test_not_sure_asks_for_a_social_worker(client: Client) -> None:
    answers = {name: value for name, value in SELF.items() if name not in {"item:n1", "amount:n1"}}

    application = walking.applies(client, {**answers, "topic:n1": {"topic": "unsure"}})

    assert Need.objects.get().item.slug == "procedure_query"
    assert "quantity" in application.household.incomplete


def test_every_item_of_the_reference_stands_under_a_card() -> None:
    listed = {slug for topic in TOPICS for slug in topic.items}

    assert set(Item.objects.values_list("slug", flat=True)) - listed == set()
    assert listed - set(Item.objects.values_list("slug", flat=True)) == set()


def test_change_link_returns_to_the_check_page(client: Client) -> None:
    check = walking.walk(client, walking.begin(client), SELF)
    change = check.replace("/check/", "/phone/") + "?back"
    assert change in walking.text(client.get(check))

    response = walking.answer(client, change, {"phone": "0914-2233445"})

    assert response.url == check  # type: ignore[attr-defined]
    assert "09142233445" in walking.text(client.get(check))


def test_changed_item_asks_how_much_again(client: Client) -> None:
    check = walking.walk(client, walking.begin(client), SELF)
    change = check.replace("/check/", "/item/n1/") + "?back"

    response = walking.answer(client, change, {"item": "wheelchair"})

    assert walking.here(response.url) == "amount:n1"  # type: ignore[attr-defined]


def test_member_is_added_changed_and_taken_out(client: Client) -> None:
    family = walking.walk(client, walking.begin(client), SELF, until="family")
    url = walking.answer(client, family, {"more": "yes"}).url  # type: ignore[attr-defined]
    more: dict[str, dict[str, Any]] = {
        "who:m2": {"name": "王小军", "sex": "male", "relation": "son"},
        "papers:m2": {"id_kind": "resident_id", "birth_year": "1988"},
        "life:m2": {"schooling": "unknown", "health": ["healthy"], "labour": "ordinary"},
    }
    assert walking.walk(client, url, {**SELF, **more}, until="family") == family
    assert "王小军" in walking.text(client.get(family))

    remove = family.replace("/family/", "/remove/m2/")
    assert client.get(remove).status_code == 200
    assert client.post(remove, {"_key": walking.key()}).url == family  # type: ignore[attr-defined]

    assert "王小军" not in walking.text(client.get(family))
    url = walking.answer(client, family, {"more": "yes"}).url  # type: ignore[attr-defined]
    assert walking.here(url) == "who:m3"


def test_birth_year_alone_is_enough_without_a_number(client: Client) -> None:
    answers: dict[str, dict[str, Any]] = {
        **SELF,
        "papers:m1": {"id_kind": "none", "birth_year": "1954", "birth_month": "3"},
    }

    walking.applies(client, answers)

    member = Member.objects.get()
    assert (member.id_number, member.birth_date) == ("", date(1954, 3, 1))
    assert member.birth_precision == "month"


def test_several_causes_ask_for_the_main_one_first(client: Client) -> None:
    answers = {
        **SELF,
        "cause": {"causes": ["illness", "labour", "schooling"]},
        "main": {"main": "labour"},
    }

    walking.applies(client, answers)

    household = Household.objects.get()
    assert household.cause_main == "labour"
    assert {household.cause_second, household.cause_third} == {"illness", "schooling"}


def test_pages_speak_english_too(client: Client) -> None:
    client.cookies["language"] = "en"

    shown = walking.text(client.get(walking.begin(client)))

    assert "Before you begin" in shown
    assert translation.get_language() == "zh-hans"
