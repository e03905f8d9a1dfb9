"""What the desk says of a family and of what is stored about it: masked, in words, and of nobody as “we”."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal

import pytest
from django.test import Client
from django.utils import translation

from common import clock
from common.actors import SYSTEM
from households import services
from households.desk import worklist
from households.desk.forms.imports import mapping_words
from households.imports.findings import kind_of_finding, what_to_do
from households.models import Assessment, HouseholdYear, Need, QualityFlag, Visit
from households.quality import RULES
from households.services.need_ends import drop_need
from policy.models import Line
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.objecting import objects
from tests.households.test_desk_acts import address

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT), translation.override("en"):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def desk(cast: Cast) -> Client:
    return english(cast.worker)


def english(user: object) -> Client:
    client = people.signed_in(user)  # type: ignore[arg-type]
    client.cookies["language"] = "en"
    return client


def shown(client: Client, url: str) -> str:
    return client.get(url).content.decode()


def test_refused_application_leaves_no_assessment_waiting_and_no_need_cancelled_by_the_family(
    cast: Cast,
) -> None:
    application = people.reviewing(people.widow_applies(), cast)
    taken_back = Need.objects.order_by("pk").first()
    drop_need(taken_back, by=SYSTEM, at=AT - DAY)  # type: ignore[arg-type]
    services.reject_application(application=application, reason="收入高于标准。", by=cast.supervisor, at=AT)
    file = f"/admin/households/household/{application.household.public_id}/file/"
    boss = english(cast.second_supervisor)

    assert Assessment.objects.get().state_label == "Ended, the application was not approved"
    assert [need.state_label for need in Need.objects.order_by("pk")] == [
        "Cancelled by the household", "Not approved with its application",
    ]  # fmt: skip
    assert "Waiting for the supervisor" not in shown(boss, "/admin/households/assessment/")
    check = shown(boss, f"{file}?tab=check")
    assert "Waiting for the supervisor" not in check
    assert "/do/send-back/" not in check

    deciders = [cast.second_supervisor, people.hire(
        "wu", "吴二", "supervisor", organisation=cast.station, prefix=people.COUNTY, by=cast.administrator
    )]  # fmt: skip
    objection = objects(application.household, "rejection")
    services.assign_objection(
        objection=objection, first=deciders[0], second=deciders[1], by=cast.supervisor, at=AT
    )
    for person in deciders:
        services.decide_objection(
            objection=objection, opinion="uphold", answer="您说得对。", by=person, at=AT
        )
    assert Assessment.objects.get().state_label == "Waiting for the supervisor"


def test_visit_form_masks_whose_document_was_seen(cast: Cast, desk: Client) -> None:
    people.verified(people.widow_applies(), cast)
    visit = Visit.objects.get()

    page = shown(desk, address(visit, "record"))

    assert people.WIDOW not in page
    assert "王*兰" in page
    for slug in ("further", "measure"):
        assert people.WIDOW not in shown(desk, address(visit.household, slug))


def test_visit_past_its_day_is_marked_and_stands_first_on_the_worklist(cast: Cast, desk: Client) -> None:
    household = people.verified(people.widow_applies(), cast).household
    due = Visit.objects.get().due
    pages = [
        "/admin/households/visit/",
        f"/admin/households/household/{household.public_id}/file/?tab=check",
    ]
    assert not any("overdue" in shown(desk, url) for url in pages)

    with clock.fixed(AT + (due - AT.date() + DAY)):
        assert all('<span class="tag tag-alert">overdue</span>' in shown(desk, url) for url in pages)
        first = next(todo for todo in worklist.for_social_worker(cast.worker) if todo.kind == "visit")
        assert first.due is not None
        assert first.due < clock.now()
        services.assign_worker(household=household, worker=cast.supervisor, by=cast.supervisor, at=AT)
        household.refresh_from_db()
        assert "visit" in [todo.kind for todo in worklist.for_supervisor(cast.supervisor)]


def test_question_is_found_by_its_words_and_its_code_stands_behind(cast: Cast, desk: Client) -> None:
    household = people.accepted(people.widow_applies(), cast).household
    rule = RULES["RISK-01"]
    QualityFlag.objects.filter(household=household).delete()
    QualityFlag.objects.create(
        household=household, rule=rule.code, severity="flag", state="raised", state_since=AT, raised_at=AT
    )

    page = shown(desk, "/admin/households/qualityflag/")
    assert f'{rule.explanation} <span class="soft">RISK-01</span>' in page
    assert f'<option value="RISK-01">{rule.explanation}</option>' in page
    assert len(desk.get("/admin/households/qualityflag/?rule=RISK-01").context["rows"]) == 1
    assert desk.get("/admin/households/qualityflag/?rule=LAB-01").context["rows"] == []


def test_objection_is_told_of_the_family_at_the_desk_and_by_it_on_its_page(cast: Cast) -> None:
    household = people.approved(people.widow_applies(), cast).household
    objects(household, "conduct")
    file = f"/admin/households/household/{household.public_id}/file/?tab=rights"
    boss = english(cast.supervisor)

    for url in (file, "/admin/households/objection/", address(household, "objection")):
        page = shown(boss, url).lower()
        assert "how the family was treated" in page
        assert "how we were treated" not in page


def test_need_without_an_assessment_says_so(cast: Cast, desk: Client) -> None:
    household = people.accepted(people.widow_applies(), cast).household

    for url in ("/admin/households/need/", f"/admin/households/household/{household.public_id}/file/"):
        assert "not assessed yet" in shown(desk, url)


def test_one_page_has_one_form_of_money(cast: Cast, desk: Client) -> None:
    household = people.approved(people.widow_applies(), cast).household
    line = Line.objects.first()
    HouseholdYear.objects.create(
        household=household, year=2026, period_start=AT.date(), period_end=AT.date() + DAY, size=2,
        net_income=1_210_000, per_capita=Decimal("6050.00"), line=line,
    )  # fmt: skip

    facts = shown(desk, f"/admin/households/household/{household.public_id}/file/?tab=facts")
    listed = shown(desk, "/admin/households/householdyear/")

    for page in (facts, listed):
        assert "¥\N{NO-BREAK SPACE}12,100.00" in page
        assert "¥\N{NO-BREAK SPACE}6,050.00" in page


def test_finding_speaks_of_loading_only_where_something_is_loaded() -> None:
    for code in ("no_head", "no_category", "no_standard"):
        assert "incomplete" in what_to_do(code, "")
        assert "incomplete" not in what_to_do(code, "", kept_out=True)
    assert kind_of_finding("no_day") == "not a day. Write it as 2014-06-01, or leave it empty."
    assert kind_of_finding("identity") == what_to_do("identity", "")
    assert mapping_words("official-2") == "the official table, one row per member"
    assert mapping_words("other-1") == "other-1"
