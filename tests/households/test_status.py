"""The household's own page: the code opens it, five guesses pause it, and it speaks plainly."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from django.test import Client, RequestFactory

from common import clock, panels
from common.actors import SYSTEM
from common.exceptions import Refused
from common.todos import Panel
from households import access, services
from households.models import Application, CodeTry, Household, Objection, QualityFlag
from journal.models import Entry
from journal.services import record
from notices.models import Notice, Sending
from tests import cast as people
from tests.cast import AT, WIDOW_PHONE, Cast, widow_answers
from tests.households import walking
from tests.households.test_submit import HELPER

pytestmark = pytest.mark.django_db
TAIL = WIDOW_PHONE[-4:]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def enter(client: Client, application: Application, tail: str = TAIL, to: str = "") -> Any:
    return client.post(
        f"/help/status/enter/{to}", {"code": application.query_code, "tail": tail, "_key": walking.key()}
    )


def entered(application: Application, tail: str = TAIL) -> Client:
    client = Client()
    assert enter(client, application, tail).status_code == 302
    return client


def test_code_and_tail_open_the_page_and_are_journaled() -> None:
    application = people.widow_applies()

    client = entered(application)

    assert application.number in walking.text(client.get("/help/status/"))
    assert Entry.objects.get(action="application.opened_by_code").actor_ref == application.public_id


@pytest.mark.parametrize("tail", [TAIL, people.WIDOW_ID[-4:], people.GRANDSON_ID[-4:].lower()])
def test_phone_or_any_identity_tail_fits(tail: str) -> None:
    entered(people.widow_applies(), tail)


def test_family_says_that_an_expired_need_is_still_there(cast: Cast) -> None:
    application = people.approved(people.widow_applies(), cast)
    need = people.needs_of(application)[0]
    services.expire_need(need=need, by=SYSTEM, at=AT)
    client = entered(application)
    address = f"/help/status/needs/{need.public_id}/again/"
    assert address in walking.text(client.get("/help/status/"))

    past = client.post(address, {"deadline": "2026-01-01", "_key": "1"})
    need.refresh_from_db()
    assert (past.status_code, need.state) == (422, "expired")
    assert client.post(address, {"deadline": "2026-12-24", "_key": "2"}).status_code == 302

    need.refresh_from_db()
    assert (need.state, need.deadline) == ("open", date(2026, 12, 24))
    assert client.get(address).status_code == 404


def test_code_is_read_in_any_spelling() -> None:
    application = people.widow_applies()
    code = f" {application.query_code[:5].upper()}-{application.query_code[5:]} "

    response = Client().post("/help/status/enter/", {"code": code, "tail": TAIL, "_key": "1"})

    assert response.status_code == 302


def test_five_wrong_guesses_pause_the_code_for_every_browser_and_never_an_address() -> None:
    application = people.widow_applies()
    client = Client()
    for _guess in range(5):
        response = enter(client, application, "0000")
        assert response.status_code == 409
        assert "value=" in walking.text(response)

    assert enter(client, application).status_code == 409
    assert enter(Client(), application).status_code == 409
    other = people.applies(people.clean_answers(1))
    assert enter(Client(), other, other.household.phone[-4:]).status_code == 302
    with clock.fixed(AT + timedelta(minutes=16)):
        assert enter(client, application).status_code == 302
    assert not Entry.objects.filter(action="application.accepted").exists()
    assert CodeTry.objects.count() == 10


def test_five_guessed_codes_pause_the_browser() -> None:
    application = people.widow_applies()
    client = Client()
    for guess in "abcde":
        client.post("/help/status/enter/", {"code": guess * 10, "tail": "1234", "_key": walking.key()})

    assert enter(client, application).status_code == 409
    assert enter(Client(), application).status_code == 302


def test_page_without_the_code_asks_for_it_and_comes_back() -> None:
    application = people.widow_applies()
    client = Client()
    response = client.get("/help/status/consents/")
    assert response.url == "/help/status/enter/?next=%2Fhelp%2Fstatus%2Fconsents%2F"  # type: ignore[attr-defined]

    assert enter(client, application, to="?next=/help/status/consents/").url == "/help/status/consents/"
    assert enter(Client(), application, to="?next=https://elsewhere.example/").url == "/help/status/"


def test_half_an_hour_later_the_page_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    client = entered(people.widow_applies())
    session = client.session
    session[access.SESSION] = {**session[access.SESSION], "seen": session[access.SESSION]["seen"] - 1801}
    session.save()

    assert "/help/status/enter/" in client.get("/help/status/").url  # type: ignore[attr-defined]


def test_leaving_closes_the_page() -> None:
    client = entered(people.widow_applies())

    client.post("/help/status/leave/", {"_key": walking.key()})

    assert client.get("/help/status/").status_code == 302


def test_missing_things_are_added(cast: Cast) -> None:
    application = people.widow_applies()
    services.return_application(application=application, missing=["户口簿首页"], by=cast.worker, at=AT)
    client = entered(application)
    assert "户口簿首页" in walking.text(client.get("/help/status/"))

    empty = client.post("/help/status/missing/", {"note": "", "_key": walking.key()})
    assert empty.status_code == 422
    client.post("/help/status/missing/", {"note": "已交给村里", "_key": walking.key()})

    application.refresh_from_db()
    assert application.state == "submitted"
    assert application.story.endswith("已交给村里")


def test_forged_answer_to_nothing_missing_is_refused() -> None:
    application = people.widow_applies()
    client = entered(application)

    response = client.post("/help/status/missing/", {"note": "什么都不缺", "_key": walking.key()})

    assert response.status_code == 409
    assert "什么都不缺" in walking.text(response)
    application.refresh_from_db()
    assert application.story == people.WIDOW_WORDS


def test_question_is_asked_kindly_and_answered_once(cast: Cast) -> None:
    answers = widow_answers(members=(widow_answers().members[0],), causes=("illness",))
    healthy = replace(answers.members[0], health=("healthy",))
    application = people.applies(replace(answers, members=(healthy,)))
    flag = QualityFlag.objects.get(rule="RISK-01")
    client = entered(application)
    assert flag.public_id not in walking.text(client.get("/help/status/"))
    people.verified(application, cast)
    services.ask_explanation(flag=flag, by=cast.worker, at=AT)
    assert flag.public_id in walking.text(client.get("/help/status/"))
    address = f"/help/status/questions/{flag.public_id}/"

    assert client.post(address, {"explanation": " ", "_key": walking.key()}).status_code == 422
    client.post(address, {"explanation": "是我有高血压。", "_key": walking.key()})
    again = client.post(address, {"explanation": "再说一遍", "_key": walking.key()})

    flag.refresh_from_db()
    assert (flag.state, flag.explanation) == ("explained", "是我有高血压。")
    assert again.status_code == 409


def test_question_of_another_family_is_not_found(cast: Cast) -> None:
    other = people.applies(people.clean_answers(1, causes=("illness",)))
    flag = QualityFlag.objects.get(household=other.household, rule="RISK-01")
    client = entered(people.widow_applies())

    response = client.post(
        f"/help/status/questions/{flag.public_id}/", {"explanation": "x", "_key": walking.key()}
    )

    assert response.status_code == 404
    flag.refresh_from_db()
    assert flag.state == "raised"


def test_objection_is_filed_and_its_answer_shown(cast: Cast) -> None:
    client = entered(people.widow_applies())

    client.post(
        "/help/status/objection/", {"decision": "conduct", "text": "等了很久。", "_key": walking.key()}
    )

    objection = Objection.objects.get()
    assert (objection.subject, objection.text) == ("conduct", "等了很久。")
    assert objection.number in walking.text(client.get("/help/status/"))


def test_objection_without_words_is_asked_again() -> None:
    client = entered(people.widow_applies())

    response = client.post("/help/status/objection/", {"decision": "conduct", "text": "", "_key": "1"})

    assert response.status_code == 422
    assert not Objection.objects.exists()


def test_who_looked_names_roles_and_no_people(cast: Cast) -> None:
    application = people.verified(people.widow_applies(), cast)
    record(
        "identity.revealed", application.household.members.all()[0], by=cast.worker, at=AT, field="id_number"
    )
    client = entered(application)

    shown = walking.text(client.get("/help/status/looked/"))

    assert cast.worker.name not in shown
    assert shown.count("2026-11-23") == 2


def test_withdrawing_by_the_household(cast: Cast) -> None:
    application = people.widow_applies()
    client = entered(application)

    client.post("/help/status/withdraw/", {"_key": walking.key()})

    application.refresh_from_db()
    assert application.state == "withdrawn"
    assert client.get("/help/status/").status_code == 200
    assert client.post("/help/status/withdraw/", {"_key": walking.key()}).status_code == 409


def test_new_phone_is_kept_and_a_stale_form_shows_both(cast: Cast) -> None:
    application = people.widow_applies()
    client = entered(application)
    values = {
        "version": application.household.version,
        "phone": "13811110000",
        "group": "三组",
        "address": "",
    }
    client.post("/help/status/contact/", {**values, "_key": walking.key()})

    stale = client.post("/help/status/contact/", {**values, "phone": "13822220000", "_key": walking.key()})

    household = application.household
    household.refresh_from_db()
    assert household.phone == "13811110000"
    assert stale.status_code == 409
    assert "13822220000" in walking.text(stale)
    assert "138****0000" in walking.text(stale)
    assert "13811110000" not in stale.content.decode()
    gone = client.post("/help/status/contact/", {"version": 1, "no_phone": "on", "_key": walking.key()})
    assert (gone.status_code, Household.objects.get().phone) == (409, "13811110000")


def test_contact_is_shown_masked_and_what_is_left_empty_stays(cast: Cast) -> None:
    application = people.widow_applies()
    client = entered(application)
    address = "/help/status/contact/"

    page = client.get(address)

    assert people.WIDOW_PHONE not in page.content.decode()
    assert "河湾村三组12号" not in page.content.decode()
    assert "138****1234" in walking.text(page)
    assert "河湾****" in walking.text(page)
    version = application.household.version
    before = Household.objects.values().get()
    for values in ({}, {"phone": "12"}, {"phone": "13811110000", "no_phone": "on"}):
        answer = client.post(address, {"version": version, **values, "_key": walking.key()})
        assert answer.status_code in {409, 422}
        assert people.WIDOW_PHONE not in answer.content.decode()
    assert Household.objects.values().get() == before

    client.post(address, {"version": version, "address": "村口第二家", "_key": walking.key()})
    household = Household.objects.get()
    assert (household.phone, household.group, household.address) == (people.WIDOW_PHONE, "三组", "村口第二家")
    assert not Notice.objects.filter(kind="phone_replaced").exists()
    client.post(address, {"version": household.version, "no_phone": "on", "_key": walking.key()})
    told = Sending.objects.get(notice__kind="phone_replaced")
    assert (told.address, told.channel) == (people.WIDOW_PHONE, "sms")
    household.refresh_from_db()
    assert (household.phone, household.address) == ("", "村口第二家")


def test_only_contact_is_changed_as_contact(cast: Cast) -> None:
    household = people.widow_applies().household
    before = Household.objects.values().get()

    with pytest.raises(Refused) as caught:
        services.update_contact(
            household=household, version=household.version, changes={"area": "99"}, by=cast.worker, at=AT
        )

    assert caught.value.code == "not_contact"
    assert Household.objects.values().get() == before


def test_panels_of_upper_apps_are_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[Any] = []

    def provider(application: Application) -> list[Panel]:
        seen.append(application)
        return [Panel("有帮助了", "components/empty.html", {"title": "x"})]

    monkeypatch.setitem(panels._providers, "application.status", [(1, provider)])
    application = people.widow_applies()

    assert "有帮助了" in walking.text(entered(application).get("/help/status/"))
    assert seen == [application]


def test_status_takes_the_same_queries_for_one_need_and_three(django_assert_max_num_queries: Any) -> None:
    need = people.clean_answers(1).needs[0]
    counts = []
    for number, needs in ((1, 1), (2, 3)):
        application = people.applies(people.clean_answers(number, needs=(need,) * needs))
        client = entered(application, application.household.phone[-4:])
        client.get("/help/status/")
        with django_assert_max_num_queries(30) as queries:
            client.get("/help/status/")
        counts.append(len(queries))
    assert counts[0] == counts[1]


def test_delegate_enters_with_the_own_number_within_the_scope() -> None:
    application = people.applies(widow_answers(delegate=HELPER), channel="delegate")
    client = Client()

    response = enter(client, application, HELPER.phone[-4:])

    assert response.status_code == 302
    assert client.get("/help/status/").status_code == 404  # "receive_notice" was not entrusted
    assert client.get("/help/status/consents/").status_code == 404
    assert client.get("/help/status/contact/").status_code == 200


def test_holder_for_upper_apps(rf: RequestFactory) -> None:
    application = people.widow_applies()
    client = entered(application)
    request = rf.get("/")
    request.session = client.session

    assert access.holder(request) == application
    assert access.actor(request).actor_kind == "household"


@pytest.mark.parametrize(
    "address",
    [
        "questions/nobody000000/",
        "consents/nobody000000/withdraw/",
        "consents/nobody000000/restore/",
        "delegates/nobody000000/revoke/",
        "needs/nobody000000/again/",
        "needs/nobody000000/back/",
        "more/nobody000000/back/",
        "objection/nobody000000/back/",
    ],
)
def test_what_is_not_the_familys_own_is_missing_in_its_own_words(address: str) -> None:
    response = entered(people.widow_applies()).get(f"/help/status/{address}")

    assert response.status_code == 404
    assert "没有找到" in walking.text(response)
    assert "query" not in walking.text(response)
