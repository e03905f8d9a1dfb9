"""A family on file asks again: no second file, the same way, the same code (R48)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from common import clock
from common.actors import CodeHolder
from common.exceptions import Refused
from files.models import Attachment
from households import services
from households.answers import NeedAnswer
from households.models import Application, Assessment, Household, Need
from journal.models import Entry
from tests import cast as people
from tests.cast import AT, Cast
from tests.households import walking
from tests.households.test_desk_acts import photo, post
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
    page = walking.text(entered(first).get("/help/status/"))
    assert "上周已送到" in page
    assert "没有通过" in page
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


def verifying(application: Application, cast: Cast) -> Application:
    services.accept_application(application=application, by=cast.worker, at=AT)
    waiting = Application.objects.get(pk=application.pk)
    return services.start_verifying(application=waiting, by=cast.worker, at=AT)


def test_assessment_begins_with_what_was_said_last_time(cast: Cast, first: Application) -> None:
    last = first.assessments.get()
    more = verifying(asks(first.household, CodeHolder(first.public_id)), cast)

    assessment = services.start_assessment(application=more, by=cast.worker, at=AT)

    assert (assessment.family, assessment.causes) == (last.family, last.causes)
    assert (assessment.functioning, assessment.carried_from) == (last.functioning, last)
    anew = (
        assessment.onset,
        assessment.risks,
        assessment.no_risk_seen,
        assessment.mood,
        assessment.objectives,
    )
    assert anew == (None, [], False, {}, "")
    assert {"family", "causes", "functioning"} <= set(assessment.carried)
    assert not {"onset", "risks", "no_risk_seen", "mood", "objectives"} & set(assessment.carried)
    assert first.assessments.get().carried == []


def test_what_was_taken_over_is_looked_at_before_it_goes_up(cast: Cast, first: Application) -> None:
    more = verifying(asks(first.household, CodeHolder(first.public_id)), cast)
    assessment = services.start_assessment(application=more, by=cast.worker, at=AT)
    whole = people.full_assessment()
    anew = {name: whole[name] for name in ("onset", "no_risk_seen", "mood", "objectives")}
    assessment = services.save_assessment(
        assessment=assessment, version=1, changes=anew, by=cast.worker, at=AT
    )
    before = Assessment.objects.order_by("pk").values_list("state", "version")

    def sends() -> None:
        services.submit_assessment(
            assessment=assessment, household_confirms=True, needs=people.in_order(more), by=cast.worker, at=AT
        )

    with pytest.raises(Refused) as caught:
        sends()
    assert caught.value.code == "not_looked_at"
    assert list(Assessment.objects.order_by("pk").values_list("state", "version")) == list(before)

    desk = people.signed_in(cast.worker)
    address = f"/admin/households/assessment/{assessment.public_id}/write"
    page = desk.get(f"{address}/situation/").content.decode()
    assert page.count("上次的内容</span>") == 9  # all but what was left open: the tick, or the list beside it
    rest = {name: getattr(assessment, name) for name in assessment.carried}
    assessment = services.save_assessment(
        assessment=assessment, version=2, changes=rest, by=cast.worker, at=AT
    )
    assert assessment.carried == []
    sends()
    assessment.refresh_from_db()
    assert assessment.state == "submitted"


def took_back(application: Application, by: Any, evidence: Any = None) -> Application:
    return services.withdraw_further(application=application, evidence=evidence, by=by, at=AT)


def test_family_takes_back_what_it_asked_for_since(cast: Cast, first: Application) -> None:
    more = verifying(asks(first.household, CodeHolder(first.public_id)), cast)
    need = more.needs.get()
    client = entered(first)
    address = f"/help/status/more/{need.public_id}/back/"
    assert address in client.get("/help/status/").content.decode()
    assert need.item.label in walking.text(client.get(address))

    assert client.post(address, {"_key": "1"}).status_code == 302

    more.refresh_from_db()
    need.refresh_from_db()
    household = Household.objects.get()
    assert (more.state, need.state, household.state) == ("withdrawn", "cancelled", "active")
    assert household.members.filter(live=True).count() == 2
    assert household.consents.filter(purpose="apply", withdrawn_at__isnull=True).exists()
    assert Need.objects.filter(application=first).exclude(state="cancelled").exists()
    assert not household.visits.filter(state="planned", cause_ref=more.public_id).exists()
    assert address not in client.get("/help/status/").content.decode()
    assert client.get(address).status_code == 404
    assert client.post(address, {"_key": "2"}).status_code == 409
    assert asks(household, CodeHolder(first.public_id)).state == "submitted"


def test_only_the_family_takes_it_back_and_only_what_came_since(cast: Cast, first: Application) -> None:
    more = asks(first.household, CodeHolder(first.public_id))
    other = people.applies(people.clean_answers(5))
    before = list(Application.objects.order_by("pk").values()), list(Need.objects.order_by("pk").values())

    for code, application, by in (
        ("not_yours", more, CodeHolder(other.public_id)),
        ("not_yours", more, CodeHolder("nobody", "delegate")),
        ("not_your_case", more, cast.stranger),
        ("evidence_missing", more, cast.worker),
        ("not_further", first, CodeHolder(first.public_id)),
        ("not_further", other, CodeHolder(other.public_id)),
    ):
        with pytest.raises(Refused) as caught:
            took_back(application, by)
        assert caught.value.code == code
    assert entered(first).get(f"/help/status/more/{other.needs.get().public_id}/back/").status_code == 404
    assert (
        entered(first).get(f"/help/status/more/{first.needs.order_by('pk')[0].public_id}/back/").status_code
        == 404
    )
    desk = people.signed_in(cast.worker)
    assert post(desk, more, "withdraw", "w1", upload=photo()).status_code == 409
    assert post(desk, more, "take-back", "w2").status_code == 422

    after = list(Application.objects.order_by("pk").values()), list(Need.objects.order_by("pk").values())
    assert after == before


def test_worker_takes_it_back_with_the_familys_own_word(cast: Cast, first: Application) -> None:
    more = asks(first.household, cast.worker)

    done = post(people.signed_in(cast.worker), more, "take-back", "k1", upload=photo())

    more.refresh_from_db()
    assert (done.status_code, more.state, Household.objects.get().state) == (302, "withdrawn", "active")
    entry = Entry.objects.get(action="household.word_kept")
    assert entry.parameters["evidence"] == Attachment.objects.latest("pk").public_id


def test_how_much_is_needed_stays_asked_until_it_was_looked_at(cast: Cast) -> None:
    answers = people.widow_answers()
    unknown = tuple(replace(need, quantity_known=False) for need in answers.needs)
    application = people.applies(replace(answers, needs=unknown))
    services.return_application(application=application, missing=["户口簿"], by=cast.worker, at=AT)
    family = CodeHolder(application.public_id)
    services.resubmit_application(application=application, note="带来了。", by=family, at=AT)
    assert "quantity" in Household.objects.get().incomplete

    services.withdraw_application(application=Application.objects.get(pk=application.pk), by=family, at=AT)
    people.approved(people.applies(replace(answers, needs=unknown)), cast)
    assert "quantity" not in Household.objects.order_by("pk").last().incomplete  # type: ignore[union-attr]
