"""The household's own copy of its answers: whole, in words, numbers shortened, and nobody else's."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.actors import SYSTEM
from households.queries.said import said_in
from tests import cast as people
from tests.cast import AT, GRANDSON_ID, WIDOW, WIDOW_ID, WIDOW_PHONE, WIDOW_WORDS
from tests.households import walking
from tests.households.test_status import entered
from tests.households.test_submit import HELPER

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


def test_copy_says_everything_and_hides_the_numbers() -> None:
    application = people.widow_applies()

    page = walking.text(entered(application).get("/help/status/copy/"))

    for told in (WIDOW, WIDOW_WORDS, "每天吃降压药。", "河湾村三组12号", application.number):
        assert told in page
    for hidden in (WIDOW_ID, GRANDSON_ID, WIDOW_PHONE):
        assert hidden not in page


def test_copy_says_no_slug_and_keeps_what_was_added() -> None:
    application = people.widow_applies()
    application.story += "\n又住院了"
    parts = said_in(application)

    words = {str(row.value) for part in parts for row in part.rows}
    assert f"{WIDOW_WORDS}\n又住院了" in words
    assert not words & {"head", "grandson", "chronic", "lost", "primary", "illness", "ordinary", "apply"}
    assert [str(part.title) for part in parts][1:3] == [WIDOW, "陈小宝"]


def test_copy_is_for_the_household_and_the_delegate_who_applies() -> None:
    assert Client().get("/help/status/copy/").status_code == 302
    for scope, status in (("apply", 200), ("receive_goods", 404)):
        given: Any = replace(HELPER, scope=(scope, "receive_notice"))
        number = len(scope)
        answers = people.clean_answers(number, delegate=given)
        application = people.applies(answers, channel="delegate", by=SYSTEM)
        client = entered(application, HELPER.phone[-4:])
        assert client.get("/help/status/copy/").status_code == status, scope
