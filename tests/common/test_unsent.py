"""What a signed-in person has answered and not sent is still there after signing in again, and gone once sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from accounts.models import User
from accounts.tasks import tidy
from common import clock
from common.models import UnsentAnswers
from common.unsent import KEPT
from donors.models import Donor
from jobs.models import Job
from journal.models import Entry
from tests.cast import AT
from tests.donors.browser import post, signed_in
from tests.donors.conftest import person

pytestmark = pytest.mark.django_db
CONTACT = {"contact_name": "李四", "contact_phone": "13800001234"}


@pytest.fixture(autouse=True)
def still_clock() -> Any:
    with clock.fixed(AT):
        yield


def answers(client: Any, slug: str, **data: Any) -> None:
    assert client.post(reverse("donors:register", args=[slug]), data).status_code == 302


def begins(user: User) -> Any:
    client = signed_in(user)
    answers(client, "kind", kind="individual")
    answers(client, "naming", naming="alias", alias="一位邻居")
    answers(client, "contact", **CONTACT)
    return client


def test_answers_are_there_after_signing_in_again() -> None:
    granny = person("granny")
    begins(granny).logout()

    again = signed_in(granny)
    asked = again.get(reverse("donors:register", args=["contact"]))
    assert asked.context["form"]["contact_phone"].value() == CONTACT["contact_phone"]
    done = post(again, reverse("donors:register_check"))

    assert done.url == reverse("donors:registered")
    assert (Donor.objects.get().contact_phone, Donor.objects.get().alias) == ("13800001234", "一位邻居")
    assert not UnsentAnswers.objects.exists()
    acts = Entry.objects.filter(object_label="common.unsentanswers").order_by("pk")
    assert list(acts.values_list("action", flat=True)) == ["draft.started", "draft.erased"]


def test_answers_are_their_writers_alone_and_lie_sealed() -> None:
    granny, neighbour = person("granny"), person("neighbour")
    begins(granny)

    asked = signed_in(neighbour).get(reverse("donors:register", args=["kind"]))
    assert asked.context["form"]["kind"].value() is None
    assert list(UnsentAnswers.objects.all().visible_to(neighbour)) == []
    assert UnsentAnswers.objects.all().visible_to(granny).count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT answers FROM common_unsentanswers")
        stored = str(cursor.fetchall())
    assert CONTACT["contact_phone"] not in stored
    assert "individual" not in stored


def test_answers_left_for_ninety_days_are_erased() -> None:
    begins(person("granny"))

    for later, left in ((KEPT, 1), (KEPT + timedelta(minutes=1), 0)):
        with clock.fixed(AT + later):
            list(tidy(Job()))
        assert UnsentAnswers.objects.count() == left
    assert Entry.objects.get(action="draft.erased").parameters == {"drafts": 1}
