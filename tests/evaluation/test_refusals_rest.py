"""What an evaluation, its appeal, a board or a policy does not take at this time or in this form."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.models import User
from common.actors import SYSTEM
from evaluation import services
from evaluation.enums import RankingState
from evaluation.models import Appeal, EliminationCase, Evaluation, Ranking, RatingPolicy
from evaluation.parameters import Course, Parameters
from evaluation.queries import policy_on
from projects.models import Project
from tests.cast import AT
from tests.evaluation.test_ranking import giver, listed, received
from tests.projects import stage as s
from tests.refusing import refuses

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
STEPS = ["很差", "较差", "达到", "较好", "很好"]


@pytest.fixture
def on() -> s.Stage:
    return s.stage()


@pytest.fixture
def found(on: s.Stage) -> Evaluation:
    """Before the start, its team drawn."""
    return s.opened(on, s.in_ex_ante(on))


def first_of(found: Evaluation) -> User:
    member: User = found.team.order_by("pk")[0].user
    return member


def saves(found: Evaluation, by: User, **changes: Any) -> Any:
    given: dict[str, Any] = {"points": s.sheet(84), "reasons": dict.fromkeys(s.WEIGHTS, "有记录可查。")}
    return services.save_score(evaluation=found, **given | changes, by=by, at=AT)


def test_no_rating_policy_of_a_day_before_the_first(on: s.Stage) -> None:
    with refuses("no_policy"):
        policy_on(date(2019, 12, 31))


def test_version_of_a_policy_stays_as_it_was_loaded(on: s.Stage) -> None:
    course = Course(appeal_days=5)

    with refuses("version_taken"):
        services.load_rating_policy(parameters=Parameters(course=course), by=on.cast.administrator, at=AT)

    assert RatingPolicy.objects.get() == on.policy


@pytest.mark.parametrize(
    ("changes", "code"),
    [({"points": {"charm": "5"}}, "heading_unknown"), ({"veto": "bad_manners"}, "veto_unknown")],
)
def test_sheet_holds_what_is_on_the_lists(found: Evaluation, changes: dict[str, Any], code: str) -> None:
    with refuses(code):
        saves(found, first_of(found), **changes)


def test_sheet_that_was_not_filled_in_is_not_submitted(found: Evaluation) -> None:
    with refuses("nothing_saved"):
        services.submit_score(evaluation=found, by=first_of(found), at=AT)


def test_sheets_are_closed_with_the_round_and_the_round_is_closed_once(
    on: s.Stage, found: Evaluation
) -> None:
    s.scored(found, [84, 84])
    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)

    with refuses("not_scoring"):
        saves(found, first_of(found))
    with refuses("not_scoring"):
        services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)
    with refuses("not_drawing"):
        services.draw_team(evaluation=found, by=on.cast.supervisor, at=AT)


def test_agency_comments_and_the_supervisor_finishes_only_after_the_scores(
    on: s.Stage, found: Evaluation
) -> None:
    with refuses("not_in_feedback"):
        services.comment(evaluation=found, text="没有意见。", by=on.leader, at=AT)
    with refuses("not_in_feedback"):
        services.finalise(evaluation=found, by=on.cast.supervisor, at=AT)


def test_seat_is_released_once(on: s.Stage, found: Evaluation) -> None:
    member = found.team.order_by("pk")[0]
    services.release_member(member=member, reason="生病。", by=on.cast.supervisor, at=AT)

    with refuses("released_already"):
        services.release_member(member=member, reason="生病。", by=on.cast.supervisor, at=AT)

    assert found.team.filter(recused=False).count() == 2


def test_finding_leaves_time_to_put_it_right(found: Evaluation) -> None:
    with refuses("due_past"):
        services.add_finding(evaluation=found, text="缺签到表。", due=AT.date(), by=first_of(found), at=AT)


def test_finding_is_resolved_once(on: s.Stage, found: Evaluation) -> None:
    finding = services.add_finding(evaluation=found, text="缺签到表。", by=first_of(found), at=AT)
    services.resolve_finding(finding=finding, answer="已补。", by=on.cast.supervisor, at=AT)

    with refuses("resolved"):
        services.resolve_finding(finding=finding, answer="又补。", by=on.cast.second_supervisor, at=AT)


def goal(**changes: Any) -> dict[str, Any]:
    return {"title": "药费有着落", "weight": 1, "baseline": -1, "steps": STEPS, **changes}


@pytest.mark.parametrize(
    ("goals", "code"),
    [
        ([goal()], "goal_count"),
        ([goal()] * 6, "goal_count"),
        ([goal(), goal(title=" ")], "title_missing"),
        ([goal(), goal(steps=STEPS[:4])], "steps_missing"),
        ([goal(), goal(steps=[*STEPS[:4], " "])], "steps_missing"),
        ([goal(), goal(baseline=3)], "step_unknown"),
        ([goal(), goal(weight=0)], "step_unknown"),
    ],
)
def test_unfit_goals_leave_the_earlier_ones_as_they_were(
    on: s.Stage, goals: list[dict[str, Any]], code: str
) -> None:
    project = s.drafted(on)
    services.set_goals(project=project, goals=[goal(), goal(title="孙子上学")], by=on.leader, at=AT)

    with refuses(code):
        services.set_goals(project=project, goals=goals, by=on.leader, at=AT)


def test_goals_are_rated_after_the_end_all_of_them_on_the_scale(on: s.Stage) -> None:
    project = s.drafted(on)
    goals = services.set_goals(project=project, goals=[goal(), goal(title="上学")], by=on.leader, at=AT)
    reached = {one.public_id: 1 for one in goals}
    Project.objects.filter(pk=project.pk).update(state="completing", started_at=AT)
    found = s.opened(on, project)
    rater = first_of(found)

    def rates(attained: dict[str, int]) -> Any:
        return services.rate_goals(evaluation=found, attained=attained, by=rater, at=AT)

    with refuses("goals_incomplete"):
        rates({goals[0].public_id: 1})
    with refuses("step_unknown"):
        rates(reached | {goals[0].public_id: 3})
    s.scored(found, [84, 84])
    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)
    with refuses("not_now"):
        rates(reached)


def test_goals_are_not_rated_before_the_work(found: Evaluation) -> None:
    with refuses("not_now"):
        services.rate_goals(evaluation=found, attained={}, by=first_of(found), at=AT)


@pytest.fixture
def appeal(on: s.Stage, found: Evaluation) -> Appeal:
    """Against a result before the start."""
    final = s.concluded(on, found, [84, 84])
    return services.file_appeal(about=final, text="分数偏低。", by=on.leader, at=AT)


@pytest.mark.parametrize(
    ("granted", "score", "code"),
    [
        (True, None, "score_missing"),
        (True, Decimal("100.5"), "score_unfit"),
        (True, Decimal(-1), "score_unfit"),
        (False, Decimal(90), "score_unfit"),
    ],
)
def test_corrected_score_comes_with_a_granted_appeal_alone(
    on: s.Stage, appeal: Appeal, granted: bool, score: Decimal | None, code: str
) -> None:
    with refuses(code):
        services.decide_appeal(
            appeal=appeal, granted=granted, answer="重新看过。", corrected_score=score,
            by=on.cast.second_supervisor, at=AT,
        )  # fmt: skip


@pytest.mark.parametrize("decided", [False, True])
def test_case_is_not_final_while_the_agency_may_appeal(on: s.Stage, found: Evaluation, decided: bool) -> None:
    s.concluded(on, found, [84, 84], veto="diverted_funds")
    case = EliminationCase.objects.get()
    if decided:
        services.make_statement(case=case, text="没有挪用。", by=on.leader, at=AT)
        for person in (on.cast.supervisor, on.cast.second_supervisor):
            services.decide_elimination(case=case, decision="none", reason="查无此事。", by=person, at=AT)

    with refuses("appeal_open"):
        services.finish_case(case=case, by=SYSTEM, at=AT + 30 * DAY - timedelta(seconds=1))


def test_board_of_an_earlier_day_does_not_replace_a_later_one(on: s.Stage) -> None:
    donor = giver(on.cast)
    quilts = listed(on.cast, donor, "quilt", 50, at=AT - 9 * DAY, fair_value=500_000)
    received(quilts, 50, at=AT - 2 * DAY)
    for day in (AT.date() - DAY, AT.date()):
        services.compute_rankings(as_of=day, by=SYSTEM, at=AT)
    earlier, later = Ranking.objects.order_by("as_of")
    services.approve_ranking(ranking=later, by=on.cast.supervisor, at=AT)

    with refuses("older_ranking"):
        services.approve_ranking(ranking=earlier, by=on.cast.supervisor, at=AT)

    assert Ranking.objects.get(state=RankingState.EFFECTIVE) == later
