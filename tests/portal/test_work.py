"""Homes of workers, supervisors and evaluators: what each gave and what came of it, every number with its list."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from html import unescape
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from common import clock
from common.actors import SYSTEM
from delivery.services import confirm_receipt, settle_due_receipts
from evaluation import services as evaluation
from households import services
from tests import cast as people
from tests.cast import AT, signed_in
from tests.delivery import scene as d
from tests.households import objecting
from tests.households.test_exits import agreed, earned
from tests.projects import stage as s

pytestmark = pytest.mark.django_db
TITLE = re.compile(r'class="figure[^>]*href="(/home/[^"]+)".*?figure-value">(.*?)</span>', re.S)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


def numbers_of(user: User) -> dict[str, str]:
    """What the first page says, by the address behind each number."""
    page = signed_in(user).get("/home/", follow=True)
    assert page.status_code == 200
    return {url.split("/")[2]: unescape(value) for url, value in TITLE.findall(page.content.decode())}


def rows_of(user: User, slug: str) -> int:
    page = signed_in(user).get(f"/home/{slug}/")
    assert page.status_code == 200
    return page.content.decode().count('<span class="row-title">')


@pytest.fixture
def helped() -> d.Scene:
    """The widow's quilts have arrived: she and her grandson are helped, one of two needs is met."""
    scene = d.opening()
    lot = d.listed_lot(scene.cast, scene.donor, scene.giver, None, "quilt", 2)
    proposal = d.matched(scene, scene.quilts, lot)
    d.under_agreement(scene)
    delivery = d.handed_over(scene, proposal, 2, None)
    confirm_receipt(delivery=delivery, method="web", evidence=None, by=scene.family, at=AT)
    settle_due_receipts(by=SYSTEM, at=AT + timedelta(minutes=10))
    return scene


def test_worker_sees_what_was_done_and_what_came_of_it(helped: d.Scene) -> None:
    worker, colleague = helped.cast.worker, helped.cast.colleague

    assert numbers_of(worker) == {
        "visits": "1",
        "assessments": "1",
        "files": "1",
        "matches": "2",
        "needs-met": "1",
        "people-helped": "2",
        "exits": "0",
    }
    assert rows_of(worker, "matches") == 2
    assert rows_of(worker, "people-helped") == 1
    assert set(numbers_of(colleague).values()) == {"0"}


def test_supervisor_sees_the_area_and_no_other(helped: d.Scene) -> None:
    cast, household = helped.cast, helped.household
    objecting.decided(household, "conduct", objecting.outsiders(cast), cast, opinion="dismiss")

    assert numbers_of(cast.supervisor) == {
        "decisions": "1",
        "objections": "1",
        "files": "1",
        "needs-met": "1",
        "people-helped": "2",
        "exits": "0",
    }
    far = people.hire(
        "wei", "魏督导", "supervisor", organisation=cast.station, prefix=people.OTHER_COUNTY,
        by=cast.administrator,
    )  # fmt: skip
    assert set(numbers_of(far).values()) == {"0"}


def test_number_counts_the_last_ninety_days_alone(helped: d.Scene) -> None:
    with clock.fixed(AT + timedelta(days=91)):
        seen = numbers_of(helped.cast.worker)

    assert (seen["visits"], seen["needs-met"], seen["people-helped"]) == ("0", "0", "0")


def test_exit_holds_until_support_begins_again() -> None:
    cast = people.county()
    application = people.approved(people.widow_applies(), cast)
    earned(application.household, below=False)
    household = agreed(application, cast)
    later = AT + timedelta(minutes=10)
    household = services.approve_exit(household=household, by=cast.supervisor, at=later)
    with clock.fixed(later):
        assert numbers_of(cast.worker)["exits"] == numbers_of(cast.supervisor)["exits"] == "1"
        home = signed_in(cast.worker).get("/home/", follow=True).content.decode()
        assert "共 1 户" in home
        assert "您做的" in home
        assert "退出后跟踪中" in signed_in(cast.worker).get("/home/exits/").content.decode()

        services.return_household(household=household, reason="又病了", by=cast.worker, at=later)

        assert numbers_of(cast.worker)["exits"] == "0"
        assert rows_of(cast.worker, "exits") == 1


def test_evaluator_sees_the_distance_only_after_the_close() -> None:
    on = s.stage()
    found = s.opened(on, s.in_ex_ante(on))
    first = found.team.order_by("pk")[0].user
    finding = evaluation.add_finding(evaluation=found, text="缺签到表。", by=first, at=AT)
    s.scored(found, [80, 86])
    assert numbers_of(first) == {"scored": "1", "findings": "1", "distance": "—", "put-right": "0"}

    evaluation.close_round(evaluation=found, by=on.cast.supervisor, at=AT)
    evaluation.comment(evaluation=found, text="没有意见。", by=on.leader, at=AT)
    evaluation.finalise(evaluation=found, by=on.cast.supervisor, at=AT)
    evaluation.resolve_finding(finding=finding, answer="已补。", by=on.cast.supervisor, at=AT)

    assert numbers_of(first) == {"scored": "1", "findings": "1", "distance": "3 分", "put-right": "1"}
    for slug in ("scored", "findings", "distance", "put-right"):
        assert rows_of(first, slug) == 1
    shown = signed_in(first).get("/home/distance/").content.decode()
    assert "我打 80 分 · 结果 83 分 · 相差 3 分" in shown
    third = next(user for user in on.evaluators if not found.team.filter(user=user).exists())
    assert rows_of(third, "scored") == 0


def test_list_of_another_role_does_not_exist(helped: d.Scene) -> None:
    assert signed_in(helped.cast.worker).get("/home/objections/").status_code == 404
    assert signed_in(helped.cast.supervisor).get("/home/visits/").status_code == 404
    assert signed_in(helped.leader).get("/home/visits/").status_code == 404


def test_list_costs_the_same_for_one_row_and_three(django_assert_num_queries: Any) -> None:
    cast = people.county()
    browser = signed_in(cast.worker)
    people.approved(people.applies(people.clean_answers(1)), cast)
    browser.get("/home/visits/")

    for families in (1, 3):
        for number in range(2, families + 1):
            people.approved(people.applies(people.clean_answers(number)), cast)
        with django_assert_num_queries(6):
            page = browser.get("/home/visits/")
        assert page.content.decode().count('<span class="row-title">') == families


def test_officer_sees_month_by_month_whom_help_reached(helped: d.Scene):
    office = people.body("清河县民政局", "government", 31)
    here, elsewhere = (
        people.hire(
            username, "王科长", "officer", organisation=office, prefix=prefix, by=helped.cast.administrator
        )
        for username, prefix in (("wang", people.COUNTY), ("ma", people.OTHER_COUNTY))
    )

    def by_month(user: User) -> dict[str, str]:
        page = signed_in(user).get("/home/").content.decode()
        assert 'class="line"' in page
        found = re.findall(r'<th scope="row">(\d{4}-\d{2})</th>\s*<td class="num">(\d+)</td>', page)
        assert len(found) == 12
        return dict(found)

    assert by_month(here)["2026-11"] == "1"
    assert set(by_month(elsewhere).values()) == {"0"}
    with clock.fixed(AT + timedelta(days=30)):
        assert (by_month(here)["2026-11"], by_month(here)["2026-12"]) == ("1", "0")


def test_newcomer_without_a_role_is_led_to_the_two_registrations(db: None):
    newcomer = User.objects.create_user(username="newmill", name="新磨坊")
    browser = signed_in(newcomer)

    page = browser.get("/home/").content.decode()
    assert reverse("donors:start") in page
    assert reverse("implementers:start") in page
    refused = browser.get(reverse("matching:catalogue"))
    assert refused.status_code == 404
    assert "先在首页登记" in refused.content.decode()
