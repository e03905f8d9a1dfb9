"""Whatever the family was right about, somebody acts on it by a day, and the family reads what was done."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from accounts.models import Involvement, User
from common import clock
from common.exceptions import Refused
from common.todos import by_urgency
from files.services import keep
from households import services
from households.desk import worklist
from households.models import Household, Objection, Remedy
from journal.models import Entry
from notices.models import Notice
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.objecting import decided, objects, outsiders
from tests.households.test_desk_acts import address, photo, post
from tests.households.test_status import entered

DAY = timedelta(days=1)
DONE: dict[str, Any] = {"outcome": "made_good", "text": "少送的一床被子已经补上，向您道歉。"}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def deciders(cast: Cast) -> list[User]:
    """The second of them is a supervisor of the same area."""
    return outsiders(cast, second=Role.SUPERVISOR)


@pytest.fixture
def household(cast: Cast) -> Household:
    return people.approved(people.widow_applies(), cast).household


@pytest.fixture
def remedy(cast: Cast, household: Household, deciders: list[User]) -> Remedy:
    decided(household, "match", deciders, cast)
    return Remedy.objects.get()


def refused(code: str, act: Any, **given: Any) -> None:
    def rows() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Household, Objection, Remedy)]

    before = rows()
    with pytest.raises(Refused) as caught:
        act(**({"at": AT} | given))
    assert (caught.value.code, rows()) == (code, before)


@pytest.mark.parametrize("subject", ["match", "conduct", "delay"])
def test_family_that_was_right_is_acted_for_within_ten_working_days(
    cast: Cast, household: Household, deciders: list[User], subject: str
) -> None:
    objection = decided(household, subject, deciders, cast)

    remedy = Remedy.objects.get()
    assert (remedy.objection, remedy.household, remedy.state) == (objection, household, "waiting")
    assert remedy.due == date(2026, 12, 7)
    told = Notice.objects.filter(kind="remedy_waiting").values_list("to_ref", flat=True)
    assert set(told) == {cast.supervisor.public_id, cast.second_supervisor.public_id}
    entry = Entry.objects.get(action="remedy.opened")
    assert (entry.parameters["subject"], entry.parameters["objection"]) == (subject, objection.public_id)


@pytest.mark.parametrize("subject", ["match", "assessment"])
def test_family_that_was_not_right_changes_nothing(
    cast: Cast, household: Household, deciders: list[User], subject: str
) -> None:
    decided(household, subject, deciders, cast, opinion="dismiss")

    assert not Remedy.objects.exists()
    assert not household.assessments.filter(state="set_aside").exists()


def test_what_was_done_is_written_down_once_and_the_family_reads_it(
    cast: Cast, household: Household, remedy: Remedy
) -> None:
    application = household.applications.get()
    assert "12 月 7 日" in entered(application).get("/help/status/").content.decode()

    services.record_remedy(remedy=remedy, **DONE, done_on=AT.date(), by=cast.supervisor, at=AT)

    remedy.refresh_from_db()
    assert (remedy.state, remedy.outcome, remedy.text) == ("done", "made_good", DONE["text"])
    assert (remedy.done_by, remedy.done_at, remedy.done_on) == (cast.supervisor, AT, AT.date())
    assert Notice.objects.filter(kind="objection_acted", to_ref=household.public_id).count() == 1
    page = entered(application).get("/help/status/").content.decode()
    assert DONE["text"] in page
    assert "您提的异议已经办了" in page
    assert DONE["text"] not in str(Entry.objects.get(action="households.remedy.done").parameters)
    again = {"remedy": remedy, "outcome": "changed", "text": "x", "done_on": AT.date()}
    refused("wrong_state", services.record_remedy, **again, by=cast.second_supervisor)


def test_neither_deciders_nor_outsiders_write_it_down(
    cast: Cast, remedy: Remedy, deciders: list[User]
) -> None:
    given = {"remedy": remedy, **DONE, "done_on": AT.date()}
    far = people.hire(
        "far", "远督导", Role.SUPERVISOR, organisation=cast.station, prefix=people.OTHER_COUNTY,
        by=cast.administrator,
    )  # fmt: skip

    refused("decided_it", services.record_remedy, **given, by=deciders[1])
    for person in (deciders[0], cast.worker, cast.village_worker, cast.stranger, far):
        refused("supervisor_needed", services.record_remedy, **given, by=person)
    assert not Involvement.objects.filter(duty="remedier").exists()


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"text": "  "}, "text_missing"),
        ({"outcome": "nothing"}, "outcome_unknown"),
        ({"done_on": AT.date() + DAY}, "in_the_future"),
        ({"done_on": AT.date() - DAY}, "before_the_decision"),
    ],
)
def test_it_says_what_was_done_and_when(
    cast: Cast, remedy: Remedy, changes: dict[str, Any], code: str
) -> None:
    given = DONE | {"done_on": AT.date()} | changes

    refused(code, services.record_remedy, remedy=remedy, **given, by=cast.supervisor)


def test_database_keeps_it_complete(cast: Cast, remedy: Remedy) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        Remedy.objects.update(state="done", outcome="changed", done_on=AT.date(), done_at=AT)


def test_who_acted_decides_no_later_objection_of_the_family(
    cast: Cast, household: Household, remedy: Remedy
) -> None:
    helper = cast.second_supervisor
    services.record_remedy(remedy=remedy, **DONE, done_on=AT.date(), by=helper, at=AT)
    objection = objects(household, "conduct")

    asked = {"objection": objection, "first": helper, "second": cast.village_worker, "by": cast.supervisor}
    refused("incompatible_duty", services.assign_objection, **asked)


def test_page_is_the_supervisors_alone_and_sent_twice_counts_once(
    cast: Cast, household: Household, remedy: Remedy, deciders: list[User]
) -> None:
    boss = people.signed_in(cast.supervisor)
    data = {**DONE, "done_on": "2026-11-23"}
    for person, status in ((cast.worker, 404), (cast.stranger, 404), (deciders[0], 404), (deciders[1], 409)):
        assert post(people.signed_in(person), remedy, "act", person.username, **data).status_code == status
    assert post(boss, remedy, "act", "empty", **data | {"text": ""}).status_code == 422
    assert Remedy.objects.get().state == "waiting"
    page = boss.get(address(remedy, "act")).content.decode()
    assert "药费没有算进去。" in page
    assert "重新看过，您说得对。" in page

    assert [post(boss, remedy, "act", **data).status_code for _twice in range(2)] == [302, 302]

    assert Entry.objects.filter(action="households.remedy.done").count() == 1
    assert post(boss, remedy, "act", "late", **data).status_code == 409
    file = f"/admin/households/household/{household.public_id}/file/?tab=rights"
    assert DONE["text"] in boss.get(file).content.decode()
    listed = boss.get("/admin/households/remedy/").content.decode()
    assert remedy.objection.number in listed
    far = people.signed_in(cast.stranger).get("/admin/households/remedy/").content.decode()
    assert remedy.objection.number not in far


def test_it_stands_on_the_worklist_overdue_first(
    cast: Cast, household: Household, remedy: Remedy, deciders: list[User]
) -> None:
    people.assessed(people.applies(people.clean_answers(1)), cast)

    def kinds(user: User) -> list[str]:
        return [todo.kind for todo in by_urgency(worklist.for_supervisor(user))]

    assert kinds(cast.supervisor) == ["remedy", "review"]
    assert "remedy" not in kinds(deciders[1])
    with clock.fixed(AT + 15 * DAY):
        first = by_urgency(worklist.for_supervisor(cast.supervisor))[0]
        assert first.due is not None
        assert (first.kind, first.url, first.due < clock.now()) == ("remedy", address(remedy, "act"), True)
    services.record_remedy(remedy=remedy, **DONE, done_on=AT.date(), by=cast.supervisor, at=AT)
    assert kinds(cast.supervisor) == ["review"]


def test_objection_is_taken_back_by_the_family_alone(
    cast: Cast, household: Household, deciders: list[User]
) -> None:
    objection = objects(household, "conduct")
    first, second = deciders
    services.assign_objection(objection=objection, first=first, second=second, by=cast.supervisor, at=AT)
    act = services.withdraw_objection

    word = keep(upload=photo(), purpose="confirmation_evidence", owner=household, by=cast.worker, at=AT)
    refused("incompatible_duty", act, objection=objection, evidence=word, by=first)
    refused("not_your_case", act, objection=objection, evidence=word, by=cast.stranger)
    refused("evidence_missing", act, objection=objection, by=cast.worker)
    assert act(objection=objection, evidence=word, by=cast.worker, at=AT).state == "withdrawn"


def test_family_takes_its_objection_back_on_its_own_page(household: Household) -> None:
    objection = objects(household, "conduct")
    neighbour = people.applies(people.clean_answers(5))
    page = f"/help/status/objection/{objection.public_id}/back/"
    assert entered(neighbour, neighbour.household.phone[-4:]).get(page).status_code == 404

    family = entered(household.applications.get())
    assert page in family.get("/help/status/").content.decode()
    assert family.get(page).status_code == 200
    assert family.post(page, {"_key": "a" * 32}).status_code == 302

    objection.refresh_from_db()
    assert objection.state == "withdrawn"
    assert family.get(page).status_code == 404
    assert page not in family.get("/help/status/").content.decode()


def test_worker_shut_out_of_an_objection_is_shut_out_of_what_follows(
    cast: Cast, household: Household, remedy: Remedy, deciders: list[User]
) -> None:
    number, words = remedy.objection.number, remedy.objection.answer
    file = f"/admin/households/household/{household.public_id}/file/?tab=rights"

    def sees(user: User) -> list[bool]:
        browser = people.signed_in(user)
        shown = [
            browser.get("/admin/households/remedy/").content.decode(),
            browser.get(file).content.decode(),
        ]
        return [number in page for page in shown]

    assert household.worker == cast.worker
    assert sees(cast.worker) == [False, False]
    about_her = people.signed_in(cast.worker)
    assert about_her.get(f"/admin/households/remedy/{remedy.public_id}/change/").status_code == 404
    assert words not in about_her.get(file).content.decode()
    assert sees(cast.supervisor) == [True, True]
    assert [Remedy.objects.visible_to(person).exists() for person in (*deciders, cast.colleague)] == [
        True, True, False,
    ]  # fmt: skip


def test_empty_list_of_objections_says_why_and_a_filter_only_when_there_is_one(
    cast: Cast, remedy: Remedy
) -> None:
    browser = people.signed_in(cast.worker)
    browser.cookies["language"] = "en"
    filters = "Nothing fits these filters"

    for name in ("objection", "remedy"):
        page = browser.get(f"/admin/households/{name}/").content.decode()
        assert filters not in page
        assert "upervisors" in page
        assert filters in browser.get(f"/admin/households/{name}/?worker=me").content.decode()
