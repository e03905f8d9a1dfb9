"""From the draw to the gate: independent people, sealed sheets, one result, and the project that follows it."""

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from accounts.enums import Duty, OrganisationKind, Role
from accounts.models import Membership
from accounts.services import invite_member, register_involvement
from common.actors import SYSTEM
from common.exceptions import Refused, Stale
from evaluation import services
from evaluation.models import Evaluation, Finding, Score, TeamMember
from evaluation.queries import eligible_evaluators
from evaluation.services.team import lot_of
from journal.models import Entry
from notices.models import Notice
from projects.models import Project, StageGate
from projects.services import approve_project, begin_ex_ante, edit_project, screen_project, submit_project
from reference.queries import add_working_days
from tests.cast import AT, body, signed_in
from tests.projects import stage as s

pytestmark = pytest.mark.django_db


@pytest.fixture
def on() -> s.Stage:
    return s.stage()


@pytest.fixture
def project(on: s.Stage) -> Project:
    return s.in_ex_ante(on)


@pytest.fixture
def found(on: s.Stage, project: Project) -> Evaluation:
    return s.opened(on, project)


def refused(code: str, act: Any, *args: Any, **kwargs: Any) -> None:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    assert caught.value.code == code


def due(project: Project) -> Evaluation:
    found = services.open_due_evaluation(project=project, by=SYSTEM, at=AT)
    assert found is not None
    return found


def team_of(found: Evaluation) -> list[Any]:
    members = TeamMember.objects.filter(evaluation=found, recused=False)
    return [member.user for member in members.order_by("pk").select_related("user")]


def test_due_evaluation_opens_once(on, project):
    first = services.open_due_evaluations(by=SYSTEM, at=AT)
    second = services.open_due_evaluations(by=SYSTEM, at=AT)

    assert [row.project for row in first] == [project]
    assert second == []
    assert first[0].desk is True  # below fifty thousand yuan
    assert first[0].stage == "ex_ante"


def test_large_project_is_not_reviewed_at_the_desk(on):
    project = s.in_ex_ante(on, funds=5_000_000)

    assert due(project).desk is False


def test_draw_takes_two_and_is_the_same_for_everybody(on, project):
    found = due(project)
    pool = eligible_evaluators(found)

    drawn = services.draw_team(evaluation=found, by=on.cast.supervisor, at=AT)

    assert len(drawn) == 2
    assert len(pool) == 6
    expected = sorted(pool, key=lambda user: lot_of(found, user))[:2]
    assert [member.user for member in drawn] == expected
    assert services.draw_team(evaluation=found, by=on.cast.supervisor, at=AT) == []


def test_draw_leaves_out_who_is_involved_or_employed_by_a_party(on, project):
    found = due(project)
    involved, employed = on.evaluators[0], on.evaluators[1]
    register_involvement(file=project, duty=Duty.VISITOR, by=involved, at=AT)
    Membership.objects.create(
        user=employed, role=Role.DONOR, organisation=on.agency.organisation, state="active", active_from=AT
    )

    pool = eligible_evaluators(found)

    assert involved not in pool
    assert employed not in pool
    assert len(pool) == 4


def test_draw_with_too_few_is_refused_told_and_draws_nobody(on, project):
    for user in on.evaluators[1:]:
        user.memberships.update(state="ended")
    found = due(project)

    refused("too_few_evaluators", services.draw_team, evaluation=found, by=on.cast.supervisor, at=AT)
    services.draw_or_report(evaluation=found, by=SYSTEM, at=AT)

    found.refresh_from_db()
    assert found.state == "planned"
    assert not found.team.exists()
    told = set(Notice.objects.filter(kind="team_missing").values_list("to_ref", flat=True))
    assert told == {on.cast.supervisor.public_id, on.cast.second_supervisor.public_id}


def test_team_is_not_drawn_twice_in_a_row(on, found):
    first = set(team_of(found))
    s.concluded(on, found, [72, 72])
    project = Project.objects.get(pk=found.project_id)
    submit_project(project=project, by=on.leader, at=AT)
    screen_project(project=project, by=on.cast.worker, at=AT)
    begin_ex_ante(project=project, by=on.cast.worker, at=AT)

    second = s.opened(on, project)

    assert second.round == 2
    assert not first & set(team_of(second))


def test_seventy_two_is_sent_back_and_eighty_four_passes(on, found):
    s.concluded(on, found, [72, 72])
    found.refresh_from_db()
    project = Project.objects.get(pk=found.project_id)

    assert (found.score, found.outcome, project.state) == (Decimal("72.00"), "revise", "revise")
    refused("gate_missing", approve_project, project=project, by=on.cast.supervisor, at=AT)

    edit_project(
        project=project, version=project.version, changes={"risks": "大雪封路。"}, by=on.leader, at=AT
    )
    submit_project(project=project, by=on.leader, at=AT)
    screen_project(project=project, by=on.cast.worker, at=AT)
    begin_ex_ante(project=project, by=on.cast.worker, at=AT)
    second = s.concluded(on, s.opened(on, project), [84, 84])

    assert (second.score, second.outcome, second.grade) == (Decimal("84.00"), "passed", "good")
    assert approve_project(project=project, by=on.cast.supervisor, at=AT).state == "approved"


def test_nothing_is_approved_before_the_gate(on, project):
    refused("gate_missing", approve_project, project=project, by=on.cast.supervisor, at=AT)

    project.refresh_from_db()
    assert project.state == "ex_ante"
    assert not StageGate.objects.exists()


def test_passed_evaluation_writes_the_gate_with_its_reference(on, found):
    s.concluded(on, found, [84, 80])

    gate = StageGate.objects.get()
    assert (gate.stage, gate.evaluation_ref) == ("ex_ante", found.public_id)
    assert found.project.gates.get() == gate


def test_scores_stay_sealed_until_all_have_submitted(on, found):
    first, second = team_of(found)
    s.save(found, first, 80)
    services.submit_score(evaluation=found, by=first, at=AT)

    seen = {
        user: Score.objects.visible_to(user).count()
        for user in (first, second, on.cast.supervisor, on.leader, on.cast.worker)
    }
    assert seen == {first: 1, second: 0, on.cast.supervisor: 0, on.leader: 0, on.cast.worker: 0}
    refused("not_all_submitted", services.close_round, evaluation=found, by=on.cast.supervisor, at=AT)

    s.save(found, second, 84)
    services.submit_score(evaluation=found, by=second, at=AT)
    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)

    assert Score.objects.visible_to(first).count() == 2
    assert Score.objects.visible_to(on.leader).count() == 2


def test_submitted_score_is_journaled_by_its_digest_at_once_and_never_changes(on, found):
    first, _second = team_of(found)
    s.save(found, first, 80)
    score = services.submit_score(evaluation=found, by=first, at=AT)

    entry = Entry.objects.get(action="evaluation.score_submitted")
    assert entry.parameters["digest"] == score.digest
    refused("submitted", s.save, found, first, 90)
    refused("submitted", services.submit_score, evaluation=found, by=first, at=AT)
    assert Score.objects.get().total == Decimal("80.00")


def test_altered_sheet_is_noticed(on, found):
    s.scored(found, [80, 84])
    Score.objects.filter(total=80).update(reasons={})

    refused("sheet_altered", services.close_round, evaluation=found, by=on.cast.supervisor, at=AT)

    found.refresh_from_db()
    assert found.score is None


def test_incomplete_sheet_is_not_submitted(on, found):
    first, _second = team_of(found)
    services.save_score(
        evaluation=found, points={"need_fit": "8"}, reasons={"need_fit": "合适"}, by=first, at=AT
    )

    refused("points_missing", services.submit_score, evaluation=found, by=first, at=AT)

    assert Score.objects.get().submitted_at is None


@pytest.mark.parametrize("points", ["8.5", "-1", "7.3", "many"])
def test_points_beyond_the_heading_are_refused(on, found, points):
    first, _second = team_of(found)

    refused(
        "points_out_of_range", services.save_score, evaluation=found, points={"need_fit": points}, reasons={},
        by=first, at=AT,
    )  # fmt: skip

    assert not Score.objects.exists()


def test_stale_sheet_shows_both_versions(on, found):
    first, _second = team_of(found)
    kept = s.save(found, first, 80)
    s.save(found, first, 82)

    with pytest.raises(Stale):
        services.save_score(
            evaluation=found, points=s.sheet(70), reasons={}, version=kept.version, by=first, at=AT
        )

    assert Score.objects.get().points == s.sheet(82)


def test_stranger_to_the_team_cannot_score(on, found):
    outsider = next(user for user in on.evaluators if user not in team_of(found))

    refused("not_in_team", s.save, found, outsider, 80)

    assert not Score.objects.exists()


def test_evaluator_with_a_duty_on_the_file_is_refused(on, found):
    first, _second = team_of(found)
    register_involvement(file=found.project, duty=Duty.REVIEWER, by=first, at=AT)

    refused("incompatible_duty", s.save, found, first, 80)

    assert not Score.objects.exists()
    found.refresh_from_db()
    assert found.state == "team_assigned"


def test_evaluator_hired_by_the_agency_is_refused(on, found):
    first, _second = team_of(found)
    Membership.objects.create(
        user=first, role=Role.AGENCY, organisation=on.agency.organisation, state="active", active_from=AT
    )
    seat = next(one for one in first.seats if one.role == Role.EVALUATOR)
    first.forget_seats()
    first.take(seat)

    refused("own_employer", s.save, found, first, 80)

    assert not Score.objects.exists()


def test_recusal_is_replaced_by_a_fresh_draw(on, found):
    first, second = team_of(found)
    s.save(found, first, 80)

    services.declare_recusal(evaluation=found, reason="堂兄在该机构工作", by=first, at=AT)

    team = team_of(found)
    assert first not in team
    assert second in team
    assert len(team) == 2
    assert not Score.objects.exists()
    refused("not_in_team", s.save, found, first, 80)


def test_recusal_after_submitting_is_refused(on, found):
    first, _second = team_of(found)
    s.save(found, first, 80)
    services.submit_score(evaluation=found, by=first, at=AT)

    refused("score_submitted", services.declare_recusal, evaluation=found, reason="太晚了", by=first, at=AT)

    assert first in team_of(found)


def test_wide_spread_brings_a_third_evaluator_whose_sheet_joins_the_mean(on, found):
    s.scored(found, [70, 88])
    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)
    found.refresh_from_db()

    assert (found.state, found.score) == ("arbitrating", None)
    arbiter = found.team.get(arbiter=True)
    assert Score.objects.visible_to(arbiter.user).filter(evaluation=found).count() == 0
    refused("not_all_submitted", services.close_round, evaluation=found, by=on.cast.supervisor, at=AT)

    s.scored(found, [82])
    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)
    found.refresh_from_db()

    assert (found.state, found.score) == ("feedback", Decimal("80.00"))


def test_final_waits_for_the_comment_or_the_five_days(on, found):
    s.scored(found, [84, 84])
    services.close_round(evaluation=found, by=on.cast.supervisor, at=AT)
    found.refresh_from_db()

    assert (found.comments_due - AT.date()).days == 7  # Monday to Monday: five working days
    refused("comments_running", services.finalise, evaluation=found, by=on.cast.supervisor, at=AT)
    late = AT + timedelta(days=8)
    refused("comments_over", services.comment, evaluation=found, text="迟到", by=on.leader, at=late)
    assert services.finalise(evaluation=found, by=on.cast.supervisor, at=late).state == "final"


def test_final_is_a_persons_act_without_a_tie(on, found):
    s.scored(found, [84, 84])
    services.close_round(evaluation=found, by=SYSTEM, at=AT)
    services.comment(evaluation=found, text="无", by=on.leader, at=AT)
    station_agency = Project.objects.filter(pk=found.project_id)

    refused("person_needed", services.finalise, evaluation=found, by=SYSTEM, at=AT)
    refused("not_your_area", services.finalise, evaluation=found, by=on.cast.worker, at=AT)
    on.agency.__class__.objects.filter(pk=on.agency.pk).update(organisation=on.cast.station)
    refused("own_employer", services.finalise, evaluation=found, by=on.cast.supervisor, at=AT)

    found.refresh_from_db()
    assert (found.state, station_agency.get().state) == ("feedback", "ex_ante")
    assert not StageGate.objects.exists()


def test_published_summary_is_for_everybody(on, found):
    from django.contrib.auth.models import AnonymousUser

    s.concluded(on, found, [84, 84])
    assert not Evaluation.objects.visible_to(AnonymousUser()).exists()

    refused(
        "summary_missing",
        services.publish_evaluation,
        evaluation=found,
        summary=" ",
        by=on.cast.supervisor,
        at=AT,
    )
    services.publish_evaluation(evaluation=found, summary="设计扎实。", by=on.cast.supervisor, at=AT)

    assert Evaluation.objects.visible_to(AnonymousUser()).get().summary == "设计扎实。"


def test_midway_finding_holds_the_gate_until_it_is_put_right(on):
    project = s.under_way(on)
    half = AT + timedelta(days=147)
    assert services.open_due_evaluation(project=project, by=SYSTEM, at=AT + timedelta(days=100)) is None
    found = s.opened(on, project, at=half)
    evaluator = team_of(found)[0]
    finding = services.add_finding(
        evaluation=found,
        text="同一张发票用了两次。",
        due=(half + timedelta(days=20)).date(),
        by=evaluator,
        at=half,
    )

    s.concluded(on, found, [82, 82], at=half)
    project.refresh_from_db()
    assert (project.state, project.rectify_due) == ("rectifying", finding.due)
    assert not project.gates.filter(stage="mid_term").exists()
    assert services.open_due_evaluations(by=SYSTEM, at=half) == []

    services.resolve_finding(finding=finding, answer="已换发票，见凭证。", by=on.cast.supervisor, at=half)
    again = s.opened(on, project, at=half)
    s.concluded(on, again, [82, 82], at=half)

    project.refresh_from_db()
    assert again.round == 2
    assert project.state == "in_progress"
    assert project.gates.filter(stage="mid_term").exists()


def test_finding_is_resolved_by_a_supervisor_alone(on, found):
    finding = services.add_finding(
        evaluation=found, text="缺签到表。", due=AT.date() + timedelta(days=9), by=team_of(found)[0], at=AT
    )

    refused("not_your_area", services.resolve_finding, finding=finding, answer="好了", by=on.leader, at=AT)

    assert Finding.objects.get().resolved_at is None


def test_veto_fails_the_project_and_freezes_the_agency(on, found):
    s.concluded(on, found, [84, 84], veto="diverted_funds")
    on.agency.refresh_from_db()
    project = Project.objects.get(pk=found.project_id)

    assert (project.state, on.agency.standing) == ("rejected", "frozen")
    case = on.agency.elimination_cases.get()
    assert (case.trigger, case.measure) == ("veto", "eliminated")


def test_goals_are_written_before_and_rated_after_by_an_evaluator(on):
    steps = ["很差", "较差", "达到", "较好", "很好"]
    levels = [(3, -2, 0), (2, -1, 1), (1, -2, -1)]
    project = s.drafted(on)
    goals = services.set_goals(
        project=project,
        goals=[
            {"title": f"目标{n}", "weight": weight, "baseline": before, "steps": steps}
            for n, (weight, before, _after) in enumerate(levels)
        ],
        by=on.leader,
        at=AT,
    )
    Project.objects.filter(pk=project.pk).update(state="completing", started_at=AT)
    found = s.opened(on, project)

    refused(
        "not_in_team", services.rate_goals, evaluation=found, attained={g.public_id: 0 for g in goals},
        by=on.leader, at=AT,
    )  # fmt: skip
    attained = {goal.public_id: after for goal, (_w, _b, after) in zip(goals, levels, strict=True)}
    rated = services.rate_goals(evaluation=found, attained=attained, by=team_of(found)[0], at=AT)

    from evaluation.views.agency import attainment

    assert attainment(rated, "baseline") == Decimal("27.97")
    assert attainment(rated, "attained") == Decimal("52.20")


def test_goals_are_too_late_once_work_has_begun(on):
    project = s.under_way(on)

    refused("too_late", services.set_goals, project=project, goals=[], by=on.leader, at=AT)


def test_outsider_organisation_may_not_invite_an_evaluator_of_its_own(on):
    mill = body("清河榨油厂", OrganisationKind.ENTERPRISE, 90)

    refused(
        "not_yours_to_give", invite_member, username="x1", name="张", role=Role.EVALUATOR, organisation=mill,
        by=on.leader, at=AT,
    )  # fmt: skip


def test_last_team_judges_again_with_a_word_when_nobody_else_is_left(on, found):
    first = set(team_of(found))
    s.concluded(on, found, [72, 72])
    project = Project.objects.get(pk=found.project_id)
    submit_project(project=project, by=on.leader, at=AT)
    screen_project(project=project, by=on.cast.worker, at=AT)
    begin_ex_ante(project=project, by=on.cast.worker, at=AT)
    spare = next(user for user in on.evaluators if user not in first)
    for user in on.evaluators:
        if user not in first | {spare}:
            user.memberships.update(state="ended")

    second = s.opened(on, project)

    drawn = set(team_of(second))
    assert spare in drawn  # others first
    (again,) = drawn - {spare}
    assert again in first
    entry = Entry.objects.filter(action="evaluation.team_drawn", object_ref=second.public_id).get()
    assert entry.parameters["again"] == [again.public_id]
    desk = signed_in(on.cast.supervisor).get(f"/admin/evaluation/evaluation/{second.public_id}/file/")
    assert len(re.findall("nobody else was left|上一次也在组里", desk.content.decode())) == 1


def test_arbiter_gets_time_of_its_own(on, found):
    s.scored(found, [70, 88])
    at = AT + timedelta(days=40)

    services.close_round(evaluation=found, by=SYSTEM, at=at)

    found.refresh_from_db()
    assert found.due == add_working_days(at.date(), 10)
