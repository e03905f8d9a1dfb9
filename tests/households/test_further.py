"""A family on file asks again: no second file, the same way, the same code (R48)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

from common import clock
from common.actors import CodeHolder
from common.exceptions import Refused
from households import services
from households.answers import NeedAnswer
from households.models import Application, Household, Need
from tests import cast as people
from tests.cast import AT, Cast
from tests.households import walking
from tests.households.test_desk_acts import post
from tests.households.test_status import entered


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def first(cast: Cast) -> Application:
    return people.approved(people.widow_applies(), cast)


def asks(household: Household, by: Any, **changes: Any) -> Application:
    given: dict[str, Any] = {
        "answer": NeedAnswer(item="rice", quantity=10, deadline=date(2026, 12, 24)),
        "beneficiary": None,
        "read_back": False,
    }
    return services.request_further(household=household, **given | changes, by=by, at=AT)


def refused(code: str, household: Household, by: Any, **changes: Any) -> None:
    before = [list(model.objects.order_by("pk").values()) for model in (Application, Household, Need)]
    with pytest.raises(Refused) as caught:
        asks(household, by, **changes)
    assert caught.value.code == code
    assert [list(model.objects.order_by("pk").values()) for model in (Application, Household, Need)] == before


@pytest.mark.parametrize("state", ["active", "tracking"])
def test_further_need_goes_the_way_of_the_first(cast: Cast, first: Application, state: str) -> None:
    household = first.household
    Household.objects.filter(pk=household.pk).update(state=state)
    filed_at = Household.objects.get(pk=household.pk).filed_at

    more = asks(household, CodeHolder(first.public_id))
    need = more.needs.get()
    assert (need.state, need.household_id, Household.objects.count()) == ("draft", household.pk, 1)
    services.accept_application(application=more, by=cast.worker, at=AT)
    more = services.start_verifying(application=Application.objects.get(pk=more.pk), by=cast.worker, at=AT)
    assessment = services.start_assessment(application=more, by=cast.worker, at=AT)
    assessment = services.save_assessment(
        assessment=assessment, version=1, changes=people.full_assessment(), by=cast.worker, at=AT
    )
    services.submit_assessment(
        assessment=assessment, household_confirms=True, needs=[{"need": need}], by=cast.worker, at=AT
    )
    services.start_review(application=more, by=cast.supervisor, at=AT)
    services.approve_application(application=more, by=cast.supervisor, at=AT)

    household.refresh_from_db()
    need.refresh_from_db()
    assert (need.state, household.state, household.filed_at) == ("open", state, filed_at)


def test_what_is_refused_later_leaves_the_family_on_file(cast: Cast, first: Application) -> None:
    more = asks(first.household, cast.worker)
    Application.objects.filter(pk=more.pk).update(state="reviewing")

    services.reject_application(application=more, reason="上周已送到", by=cast.supervisor, at=AT)
    services.reopen_application(application=more, by=cast.supervisor, at=AT)

    household = Household.objects.get()
    assert (household.state, household.members.filter(live=True).count()) == ("active", 2)
    assert Need.objects.get(item__slug="rice").state == "draft"


def test_only_a_family_on_file_asks_for_more_and_once(cast: Cast, first: Application) -> None:
    household, family = first.household, CodeHolder(first.public_id)
    other = people.applies(people.clean_answers(5))

    refused("file_not_open", other.household, CodeHolder(other.public_id))
    refused("not_yours", household, CodeHolder(other.public_id))
    refused("not_your_case", household, cast.stranger)
    refused("item_unknown", household, family, answer=NeedAnswer(item="gold", quantity=1))
    refused("deadline_past", household, family, answer=NeedAnswer("rice", 10, deadline=date(2020, 1, 1)))
    refused("asked_already", household, family, answer=NeedAnswer(item="quilt", quantity=1))
    household.consents.filter(purpose="apply").update(withdrawn_at=AT)
    refused("consent_missing", household, family)


def test_family_asks_on_its_page_and_follows_with_the_same_code(cast: Cast, first: Application) -> None:
    client = entered(first)
    assert "/help/status/more/" in walking.text(client.get("/help/status/"))
    assert "/help/status/more/rice/" in walking.text(client.get("/help/status/more/"))
    address = "/help/status/more/rice/"
    assert client.get(address).status_code == 200
    assert client.get("/help/status/more/gold/").status_code == 404

    empty = client.post(address, {"_key": "1"})
    assert (empty.status_code, Application.objects.count()) == (422, 1)
    given = {"quantity": "5", "urgency": "soon", "deadline": "2026-12-24"}
    assert client.post(address, {**given, "_key": "2"}).status_code == 302

    more = Application.objects.latest("pk")
    assert (more.channel, more.household_id, more.needs.get().item.slug) == (
        "self",
        first.household_id,
        "rice",
    )
    services.return_application(application=more, missing=["粮本"], by=cast.worker, at=AT)
    assert "粮本" in walking.text(client.get("/help/status/"))
    assert client.post("/help/status/missing/", {"note": "带来了", "_key": "3"}).status_code == 302
    more.refresh_from_db()
    assert more.state == "submitted"


def test_worker_takes_down_what_else_is_needed(cast: Cast, first: Application) -> None:
    desk = people.signed_in(cast.worker)
    given = {"item": "rice", "quantity": "0.001", "urgency": "soon"}

    odd = post(desk, first.household, "more", "k1", **given)
    assert (odd.status_code, Application.objects.count()) == (422, 1)
    assert post(desk, first.household, "more", "k2", **given | {"quantity": "5"}).status_code == 302

    more = Application.objects.latest("pk")
    assert (more.channel, more.needs.get().beneficiary) == ("desk", None)
