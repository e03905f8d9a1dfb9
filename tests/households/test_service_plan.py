"""The service plan: levels before anything is done, the family's word, T by stage; its steps keep their days."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from common import clock
from common.attainment import Goal, goal_attainment
from common.exceptions import Stale
from files.services import keep
from households import services
from households.desk import worklist
from households.models import Household, PlanRating, PlanStep, ServicePlan
from households.services.agreeing import open_points
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.test_desk_acts import address, photo, post
from tests.refusing import refuses

DAY = timedelta(days=1)
LEVELS = ["药断过两周以上", "药断过几天", "每天按时吃药", "血压也稳住", "三个月不用住院"]


def goal(text: str = "能按时吃上药", weight: int = 3, now: int | None = -2) -> dict[str, Any]:
    return {"text": text, "weight": weight, "levels": LEVELS, "now": now}


GOALS = [goal(), goal("孙子不缺课", 2, -1), goal("冬天屋里不冷", 1, -2)]
STEPS = [
    {"what": "办慢病卡", "who": "worker", "due": "2026-12-01"},
    {"what": "每天量血压", "who": "family", "due": "2026-12-20"},
]
WRITTEN: dict[str, Any] = {"goals": GOALS, "steps": STEPS, "review_due": date(2027, 2, 1)}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.fixture
def household(cast: Cast) -> Household:
    return people.approved(people.widow_applies(), cast).household


@pytest.fixture
def plan(cast: Cast, household: Household) -> ServicePlan:
    return services.start_plan(household=household, by=cast.worker, at=AT)


def saved(plan: ServicePlan, cast: Cast, **changes: Any) -> ServicePlan:
    plan.refresh_from_db()
    return services.save_plan(
        plan=plan, version=plan.version, changes=WRITTEN | changes, by=cast.worker, at=AT
    )


def word(household: Household, cast: Cast) -> Any:
    return keep(upload=photo(), purpose="confirmation_evidence", owner=household, by=cast.worker, at=AT)


def agreed(plan: ServicePlan, cast: Cast, **changes: Any) -> ServicePlan:
    plan = saved(plan, cast, **changes)
    return services.agree_plan(plan=plan, evidence=word(plan.household, cast), by=cast.worker, at=AT)


def test_worked_example_of_the_scale() -> None:
    weights = (3, 2, 1)

    before = goal_attainment([Goal(w, x) for w, x in zip(weights, (-2, -1, -2), strict=True)])
    after = goal_attainment([Goal(w, x) for w, x in zip(weights, (0, 1, -1), strict=True)])

    assert (before, after, after - before) == (Decimal("27.97"), Decimal("52.20"), Decimal("24.23"))


def test_plan_is_agreed_with_its_baseline_and_rated_by_stage(cast: Cast, plan: ServicePlan) -> None:
    plan = agreed(plan, cast)
    later = AT + 60 * DAY
    given: dict[str, Any] = {"note": "药按时吃了", "rated_on": later.date(), "by": cast.worker, "at": later}
    services.rate_plan(plan=plan, levels=[0, 1, -1], **given)

    assert [rating.score for rating in plan.ratings.order_by("stage")] == [Decimal("27.97"), Decimal("52.20")]
    assert [step.due for step in plan.tasks.order_by("due")] == [date(2026, 12, 1), date(2026, 12, 20)]
    titles = [todo.title for todo in worklist.for_social_worker(cast.worker)]
    assert any("办慢病卡" in str(title) for title in titles)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"goals": GOALS[:1]}, "goals_count"),
        ({"goals": [goal(), goal() | {"levels": ["", *LEVELS[1:]]}]}, "levels_missing"),
        ({"goals": [goal(now=None), goal()]}, "baseline_missing"),
        ({"steps": []}, "steps_missing"),
        ({"steps": [STEPS[0] | {"due": ""}]}, "steps_missing"),
        ({"review_due": None}, "review_missing"),
        ({"review_due": date(2028, 1, 1)}, "review_missing"),
    ],
)
def test_family_agrees_only_to_what_is_whole(
    cast: Cast, plan: ServicePlan, changes: dict[str, Any], code: str
) -> None:
    plan = saved(plan, cast, **changes)
    shown = word(plan.household, cast)

    assert [found for found, _words in open_points(plan, AT.date())] == [code]
    with refuses("plan_incomplete"):
        services.agree_plan(plan=plan, evidence=shown, by=cast.worker, at=AT)


def test_plan_is_the_familys_by_its_own_word_and_then_stands(cast: Cast, plan: ServicePlan) -> None:
    plan = saved(plan, cast)
    with refuses("evidence_missing"):
        services.agree_plan(plan=plan, evidence=None, by=cast.worker, at=AT)
    shown = word(plan.household, cast)
    with refuses("not_your_case"):
        services.agree_plan(plan=plan, evidence=shown, by=cast.stranger, at=AT)
    with refuses("plan_not_agreed"):
        services.rate_plan(plan=plan, levels=[0, 0, 0], note="", rated_on=AT.date(), by=cast.worker, at=AT)

    plan = services.agree_plan(plan=plan, evidence=shown, by=cast.worker, at=AT)
    with refuses("plan_agreed"):
        saved(plan, cast, goals=GOALS[:2])
    with refuses("answer_unknown"):
        services.rate_plan(plan=plan, levels=[0, 0], note="", rated_on=AT.date(), by=cast.worker, at=AT)
    with refuses("rating_day"):
        services.rate_plan(
            plan=plan, levels=[0, 0, 0], note="", rated_on=(AT - DAY).date(), by=cast.worker, at=AT
        )
    with pytest.raises(IntegrityError), transaction.atomic():
        ServicePlan.objects.update(evidence=None)


def test_newer_plan_begins_from_the_one_in_force_and_replaces_it(cast: Cast, plan: ServicePlan) -> None:
    first = agreed(plan, cast)
    step = first.tasks.get(who="worker")
    services.end_step(step=step, to="done", word="卡已拿到", by=cast.worker, at=AT)
    with refuses("wrong_state"):
        services.end_step(step=step, to="done", word="又一次", by=cast.worker, at=AT)
    with refuses("text_missing"):
        services.end_step(step=first.tasks.get(who="family"), to="dropped", word=" ", by=cast.worker, at=AT)

    second = services.start_plan(household=first.household, by=cast.worker, at=AT)
    assert services.start_plan(household=first.household, by=cast.colleague, at=AT) == second
    assert (second.edition, second.goals, [one["what"] for one in second.steps]) == (2, GOALS, ["每天量血压"])
    agreed(second, cast)

    first.refresh_from_db()
    assert first.state == "replaced"
    assert list(first.tasks.order_by("due").values_list("state", flat=True)) == ["done", "dropped"]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"goals": [goal(weight=9)]}, "answer_unknown"),
        ({"goals": [goal() | {"levels": LEVELS[:3]}]}, "answer_unknown"),
        ({"steps": [STEPS[0] | {"who": "nobody"}]}, "answer_unknown"),
        ({"state": "agreed"}, "answer_unknown"),
        ({"goals": [goal()] * 6}, "too_many"),
    ],
)
def test_what_is_written_is_of_its_kind(
    cast: Cast, plan: ServicePlan, changes: dict[str, Any], code: str
) -> None:
    with refuses(code):
        saved(plan, cast, **changes)


def test_stale_save_shows_answers_not_heaps(cast: Cast, plan: ServicePlan) -> None:
    saved(plan, cast)

    with pytest.raises(Stale) as caught:
        services.save_plan(
            plan=plan,
            version=1,
            changes=WRITTEN | {"goals": [goal("按月去复查"), *GOALS[1:]]},
            by=cast.worker,
            at=AT,
        )

    [found] = caught.value.differences
    assert (found.field, found.theirs, found.yours) == ("goal_1_text", "能按时吃上药", "按月去复查")


def test_family_not_on_file_or_paused_gets_no_plan(cast: Cast) -> None:
    application = people.verified(people.widow_applies(), cast)
    with refuses("not_on_file"):
        services.start_plan(household=application.household, by=cast.worker, at=AT)
    with refuses("not_your_case"):
        services.start_plan(household=application.household, by=cast.stranger, at=AT)
    services.suspend_household(household=application.household, reason="外出", by=cast.supervisor, at=AT)
    with refuses("paused"):
        services.start_plan(household=application.household, by=cast.worker, at=AT)


def test_worker_writes_it_on_the_desk(cast: Cast, household: Household) -> None:
    desk = people.signed_in(cast.worker)
    post(desk, household, "plan")
    plan = ServicePlan.objects.get()
    url = f"/admin/households/serviceplan/{plan.public_id}/write/"
    assert desk.get(url).status_code == 200
    data: dict[str, Any] = {"version": 1, "review_due": "2027-02-01", "_key": "p1"}
    for number, one in enumerate(GOALS, start=1):
        data |= {f"goal_{number}_text": one["text"], f"goal_{number}_weight": one["weight"]}
        data |= {f"goal_{number}_now": one["now"]}
        data |= {f"goal_{number}_level_{place}": said for place, said in enumerate(LEVELS, start=1)}
    for number, one in enumerate(STEPS, start=1):
        data |= {f"step_{number}_{name}": value for name, value in one.items()}

    assert desk.post(url, data).status_code == 302
    plan.refresh_from_db()
    assert (plan.goals, plan.steps) == (GOALS, STEPS)
    stale = desk.post(url, data | {"_key": "p2", "goal_1_text": "按月去复查"})
    assert stale.status_code == 409
    assert "能按时吃上药" in stale.content.decode()
    assert post(desk, plan, "agree", upload=photo()).status_code == 302
    assert desk.get(url).status_code == 404
    assert (
        post(desk, plan, "rate", level_1=0, level_2=1, level_3=-1, rated_on="2026-11-23").status_code == 302
    )
    step = PlanStep.objects.order_by("due").first()
    assert post(desk, step, "done", word="卡已拿到").status_code == 302
    page = desk.get(f"/admin/households/household/{household.public_id}/file/?tab=care").content.decode()
    assert "52.20" in page
    assert "卡已拿到" in page
    assert desk.get(address(plan, "rate")).status_code == 200


def test_neither_other_workers_nor_strangers_see_it(cast: Cast, plan: ServicePlan) -> None:
    agreed(plan, cast)
    for model in (ServicePlan, PlanStep, PlanRating):
        assert model.objects.visible_to(cast.worker).exists()
        assert model.objects.visible_to(cast.supervisor).exists()
        for person in (cast.colleague, cast.stranger, cast.village_worker, cast.administrator):
            assert not model.objects.visible_to(person).exists(), (model, person)
