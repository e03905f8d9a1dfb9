"""Which published rules of its place a family seems to meet: a hint with its reason, never a decision."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.urls import reverse

from accounts.models import User
from common import clock
from common.panels import collect
from households.models import Household, HouseholdYear
from journal.models import Entry
from policy import services
from policy.models import Policy
from policy.queries import hints_for
from policy.rules import meets
from tests import cast
from tests.cast import AT, COUNTY, OTHER_COUNTY, signed_in
from tests.policy.test_gates import officer
from tests.policy.test_policy import WORDS

SMALL = {"field": "size", "op": "at_most", "value": "3"}
POOR = {"field": "per_capita", "op": "at_most", "value": 8000}
ELDERLY = {"field": "group", "op": "in", "value": ["elderly", "disabled"]}
DIBAO = {"field": "category", "op": "is", "value": "dibao"}


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed(AT):
        yield


@pytest.fixture
def people(db: None) -> cast.Cast:
    return cast.county()


@pytest.fixture
def household(people: cast.Cast) -> Household:
    found: Household = cast.accepted(cast.widow_applies(), people).household
    return found


def in_force(
    people: cast.Cast, area: str, number: int, *rules: tuple[str, list[dict[str, Any]]], **words: Any
) -> Policy:
    writer, reader = (
        officer(people, f"w{number}", area, number),
        officer(people, f"r{number}", area, number + 1),
    )
    policy = services.draft_policy(area=area, by=writer, at=AT, **{**WORDS, **words})
    for benefit, conditions in rules:
        services.add_rule(
            policy=policy, subject="household", conditions=conditions, benefit=benefit, standard="",
            where_to_apply="乡镇服务大厅", by=writer, at=AT,
        )  # fmt: skip
    services.review_policy(policy=policy, by=reader, at=AT)
    return services.publish_policy(policy=policy, by=reader, at=AT)


def shown(household: Household, user: User) -> list[Any]:
    panels = [one for one in collect("household.file", household, user) if "hints" in one.template]
    return [hint for panel in panels for hint in panel.context["hints"]]


@pytest.mark.parametrize(
    ("condition", "fact", "said"),
    [
        (POOR, {"per_capita": Decimal(8000)}, True),
        (POOR, {"per_capita": Decimal("8000.01")}, False),
        (POOR, {"per_capita": None}, None),
        ({**POOR, "op": "below"}, {"per_capita": Decimal("7999.99")}, True),
        ({**POOR, "op": "below"}, {"per_capita": Decimal(8000)}, False),
        ({**SMALL, "op": "at_least"}, {"size": 3}, True),
        ({**SMALL, "op": "at_least"}, {"size": 2}, False),
        (ELDERLY, {"group": frozenset({"elderly", "women"})}, True),
        (ELDERLY, {"group": frozenset({"children"})}, False),
        (ELDERLY, {"group": frozenset()}, None),
        (DIBAO, {"category": "dibao"}, True),
        (DIBAO, {"category": "general"}, False),
        (DIBAO, {"category": ""}, None),
        (DIBAO, {}, None),
    ],
)
def test_condition_is_met_not_met_or_not_known(
    condition: dict[str, Any], fact: dict[str, Any], said: bool | None
) -> None:
    assert meets(condition, fact) is said


def test_worker_reads_which_programmes_a_family_seems_to_meet_and_why(
    people: cast.Cast, household: Household
) -> None:
    large: dict[str, Any] = {**SMALL, "op": "at_least", "value": 4}
    rules: list[tuple[str, list[dict[str, Any]]]] = [
        ("高龄津贴", [ELDERLY, SMALL]),
        ("大户补助", [large]),
        ("低收入补助", [POOR, SMALL]),
    ]
    in_force(people, COUNTY, 30, *rules)
    written = Entry.objects.filter(action__startswith="policy")
    before = written.count()

    hints = shown(household, people.worker)

    assert [(hint.rule.benefit, hint.fits) for hint in hints] == [("高龄津贴", True), ("低收入补助", False)]
    assert "老年人" in hints[0].reasons[0]
    assert "人均" in hints[1].reasons[0]
    page = signed_in(people.worker).get(
        reverse("admin:households_household_file", args=[household.public_id]), {"tab": "family"}
    )
    assert "高龄津贴" in page.content.decode()
    assert "大户补助" not in page.content.decode()
    household.refresh_from_db()
    assert household.needs.filter(state="open").count() == 0
    assert written.count() == before


def test_income_of_the_newest_year_counts(people: cast.Cast, household: Household) -> None:
    in_force(people, COUNTY, 30, ("低收入补助", [POOR]))
    for year, income in ((2024, 9000), (2025, 4000)):
        HouseholdYear.objects.create(
            household=household, year=year, period_start=date(year, 1, 1), period_end=date(year + 1, 1, 1), size=2,
            net_income=income * 200, per_capita=Decimal(income),
        )  # fmt: skip

    assert [hint.fits for hint in shown(household, people.worker)] == [True]

    HouseholdYear.objects.filter(household=household, year=2025).update(per_capita=Decimal(9000))
    assert shown(household, people.worker) == []


def test_rules_of_other_places_other_times_and_drafts_say_nothing(
    people: cast.Cast, household: Household
) -> None:
    in_force(people, OTHER_COUNTY, 30, ("邻县津贴", [ELDERLY]))
    in_force(people, COUNTY, 32, ("明年津贴", [ELDERLY]), effective_from=date(2027, 1, 1))
    in_force(people, COUNTY, 34, ("去年津贴", [ELDERLY]), effective_to=date(2026, 11, 1))
    writer = officer(people, "draft", COUNTY, 36)
    draft = services.draft_policy(area=COUNTY, by=writer, at=AT, **WORDS)
    services.add_rule(
        policy=draft, subject="household", conditions=[ELDERLY], benefit="草稿津贴", standard="", where_to_apply="x",
        by=writer, at=AT,
    )  # fmt: skip

    assert shown(household, people.worker) == []
    facts = {"group": frozenset({"elderly"})}
    assert hints_for(subject="household", area=household.area, facts=facts, on=AT.date()) == []


def test_only_the_station_reads_the_hint(people: cast.Cast, household: Household) -> None:
    in_force(people, COUNTY, 30, ("高龄津贴", [ELDERLY]))

    assert shown(household, people.supervisor) != []
    assert shown(household, people.village_worker) == []
    decision = collect("act.application", household.applications.get(), people.supervisor)
    assert [panel.template for panel in decision] == ["policy/panels/hints.html"]
