"""The household disagrees; two people who had no part in it decide, and in doubt for the household."""

from __future__ import annotations

import re
from typing import Any

import pytest

from common import clock
from common.exceptions import Refused
from households import services
from households.desk.words import file_url
from households.models import Application, Household, Objection
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.objecting import decided, objects
from tests.households.objecting import outsiders as colleagues
from tests.households.test_status import entered


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def objection(cast: Cast) -> Objection:
    household = people.approved(people.widow_applies(), cast).household
    return objects(household, "assessment", by=cast.worker, channel="desk")


@pytest.fixture
def outsiders(cast: Cast) -> list[Any]:
    return colleagues(cast)


def refused(code: str, act: Any, **given: Any) -> None:
    before = list(Objection.objects.values())
    with pytest.raises(Refused) as caught:
        act(at=AT, **given)
    assert caught.value.code == code
    assert list(Objection.objects.values()) == before


def test_whoever_had_a_part_does_not_decide(cast: Cast, objection: Objection, outsiders: list[Any]) -> None:
    first, second = outsiders
    given = {"objection": objection, "by": cast.supervisor}

    refused("incompatible_duty", services.assign_objection, first=first, second=cast.worker, **given)
    refused("incompatible_duty", services.assign_objection, first=cast.colleague, second=second, **given)
    refused("two_people", services.assign_objection, first=first, second=first, **given)
    refused("decider_elsewhere", services.assign_objection, first=first, second=cast.stranger, **given)
    refused(
        "supervisor_needed",
        services.assign_objection,
        objection=objection,
        first=first,
        second=second,
        by=cast.worker,
    )


def test_differing_opinions_fall_to_the_household(
    cast: Cast, objection: Objection, outsiders: list[Any]
) -> None:
    first, second = outsiders
    services.assign_objection(objection=objection, first=first, second=second, by=cast.supervisor, at=AT)
    given: dict[str, Any] = {"objection": objection, "opinion": "dismiss", "answer": "已经算过。"}

    refused("not_asked", services.decide_objection, **given, by=cast.colleague)
    services.decide_objection(**given, by=first, at=AT)
    refused("opinion_given", services.decide_objection, **given, by=first)
    services.decide_objection(objection=objection, opinion="uphold", answer="应当重算。", by=second, at=AT)

    objection.refresh_from_db()
    assert (objection.state, objection.upheld) == ("decided", True)
    assert (objection.answer, objection.dissent) == ("应当重算。", "已经算过。")


def test_who_decides_reads_the_file_while_the_objection_is_before_them(
    cast: Cast, objection: Objection, outsiders: list[Any]
) -> None:
    first, second = outsiders
    browser, file = people.signed_in(first), file_url(objection.household)
    assert browser.get(file).status_code == 404

    services.assign_objection(objection=objection, first=first, second=second, by=cast.supervisor, at=AT)

    assert browser.get(file).status_code == 200
    assert people.full_assessment()["problem_view"] in browser.get(f"{file}?tab=check").content.decode()
    assert file not in browser.get("/admin/").content.decode()
    for by in (first, second):
        services.decide_objection(objection=objection, opinion="uphold", answer="应当重算。", by=by, at=AT)
    assert browser.get(file).status_code == 404


@pytest.mark.parametrize(
    ("answers", "read"),
    [
        (("应当重算。", "应当重算。 "), ["<p>应当重算。</p>"]),
        (("应当重算。", "收入少算了一项。"), ["<p>应当重算。</p>", "<p>收入少算了一项。</p>"]),
    ],
)
def test_family_reads_each_answer_apart_and_the_same_one_once(
    cast: Cast, objection: Objection, outsiders: list[Any], answers: tuple[str, str], read: list[str]
) -> None:
    first, second = outsiders
    services.assign_objection(objection=objection, first=first, second=second, by=cast.supervisor, at=AT)
    for by, answer in zip(outsiders, answers, strict=True):
        services.decide_objection(objection=objection, opinion="uphold", answer=answer, by=by, at=AT)

    with clock.fixed(AT):
        page = entered(objection.household.applications.get()).get("/help/status/").content.decode()

    assert re.findall(r"<p>(?:应当|收入)[^<]*</p>", page) == read


def test_the_family_reads_the_answer_that_holds_whoever_spoke_first(
    cast: Cast, objection: Objection, outsiders: list[Any]
) -> None:
    first, second = outsiders
    services.assign_objection(objection=objection, first=first, second=second, by=cast.supervisor, at=AT)
    services.decide_objection(objection=objection, opinion="uphold", answer="应当重算。", by=second, at=AT)
    services.decide_objection(objection=objection, opinion="dismiss", answer="已经算过。", by=first, at=AT)

    objection.refresh_from_db()
    assert (objection.upheld, objection.answer, objection.dissent) == (True, "应当重算。", "已经算过。")


@pytest.mark.parametrize(
    ("changes", "code"), [({"opinion": "maybe"}, "opinion"), ({"answer": " "}, "answer_missing")]
)
def test_opinion_is_clear_and_said_in_words(
    cast: Cast, objection: Objection, outsiders: list[Any], changes: dict[str, str], code: str
) -> None:
    first, second = outsiders
    services.assign_objection(objection=objection, first=first, second=second, by=cast.supervisor, at=AT)
    given = {"objection": objection, "opinion": "uphold", "answer": "应当重算。"} | changes

    refused(code, services.decide_objection, **given, by=first)


def rejected(cast: Cast) -> Application:
    application = people.reviewing(people.widow_applies(), cast)
    services.reject_application(application=application, reason="收入高于标准。", by=cast.supervisor, at=AT)
    return application


def judges_refusal(cast: Cast, application: Application, outsiders: list[Any], opinion: str) -> Objection:
    """The family objects to the refusal and both outsiders think so."""
    objection = decided(application.household, "rejection", outsiders, cast, opinion=opinion)
    application.refresh_from_db()
    return objection


def test_upheld_objection_brings_a_refused_application_back(cast: Cast, outsiders: list[Any]) -> None:
    application = rejected(cast)

    judges_refusal(cast, application, outsiders, "uphold")

    household = Household.objects.get()
    assert (application.state, application.decided_at, household.state) == ("reviewing", None, "pending")
    assert (household.size, household.head is not None) == (2, True)
    assert set(household.needs.values_list("state", flat=True)) == {"draft"}
    with pytest.raises(Refused) as caught:
        services.approve_application(application=application, by=cast.supervisor, at=AT)
    assert caught.value.code == "refused_before"
    with pytest.raises(Refused) as caught:
        services.reject_application(application=application, reason="不够。", by=cast.supervisor, at=AT)
    assert caught.value.code == "refused_before"
    assert set(household.needs.values_list("state", flat=True)) == {"draft"}
    services.approve_application(application=application, by=cast.second_supervisor, at=AT)
    assert set(household.needs.values_list("state", flat=True)) == {"open"}


def test_dismissed_objection_leaves_the_refusal(cast: Cast, outsiders: list[Any]) -> None:
    application = rejected(cast)

    judges_refusal(cast, application, outsiders, "dismiss")

    assert (application.state, Household.objects.get().state) == ("rejected", "rejected")
    assert people.widow_applies().state == "submitted"


def test_family_that_applied_again_is_helped_through_the_new_file(cast: Cast, outsiders: list[Any]) -> None:
    application = rejected(cast)
    people.widow_applies()

    objection = judges_refusal(cast, application, outsiders, "uphold")

    objection.refresh_from_db()
    assert (objection.state, objection.upheld, application.state) == ("decided", True, "rejected")
    before = list(Household.objects.order_by("pk").values())
    with pytest.raises(Refused) as caught:
        services.reopen_application(application=application, by=cast.supervisor, at=AT)
    assert caught.value.code == "applied_again"
    assert list(Household.objects.order_by("pk").values()) == before
    application.refresh_from_db()
    assert application.state == "rejected"
