"""A project from its draft to the work: who writes, who decides, and what is refused without a trace."""

from datetime import timedelta
from typing import Any

import pytest

from common.actors import SYSTEM, CodeHolder
from common.exceptions import Refused, Stale
from files.services import keep
from households.models import Household
from households.services import assign_objection
from projects import services
from projects.models import JointAnalysis, Milestone, Project
from tests.cast import AT, approved, widow_applies
from tests.households.objecting import objects
from tests.projects import stage as s

pytestmark = pytest.mark.django_db


@pytest.fixture
def on() -> s.Stage:
    return s.stage(evaluators=4)


@pytest.fixture
def draft(on: s.Stage) -> Project:
    return s.drafted(on)


def refused(code: str, act: Any, *args: Any, **kwargs: Any) -> None:
    with pytest.raises(Refused) as caught:
        act(*args, **kwargs)
    assert caught.value.code == code


def under_way(on: s.Stage, **changes: Any) -> Project:
    """As an evaluation and an agreement would leave it."""
    project = s.drafted(on)
    Project.objects.filter(pk=project.pk).update(
        state="in_progress", started_at=AT, approved_at=AT, **changes
    )
    project.refresh_from_db()
    return project


def test_four_facts_are_there_from_the_first_save(on, draft):
    assert (draft.place, draft.households_planned, draft.funds, draft.state) == (
        "990101",
        30,
        s.FUNDS,
        "draft",
    )
    assert draft.number.startswith("P-990101-2026-")
    refused(
        "schedule", s.drafted, on, start=AT.date(), end=AT.date() - timedelta(days=1),
    )  # fmt: skip
    assert Project.objects.count() == 1


def test_stale_edit_shows_both_answers(on, draft):
    services.edit_project(project=draft, version=draft.version, changes={"risks": "雪"}, by=on.leader, at=AT)

    with pytest.raises(Stale) as caught:
        services.edit_project(
            project=draft, version=draft.version, changes={"risks": "雨"}, by=on.leader, at=AT
        )

    assert [(one.theirs, one.yours) for one in caught.value.differences] == [("雪", "雨")]
    draft.refresh_from_db()
    assert draft.risks == "雪"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"groups": []}, "incomplete"),
        ({"budget_lines": [{"title": "棉被", "amount": 1}]}, "budget_sum"),
        ({"admin_fee_bp": 1500}, "fee_too_high"),
        ({"fund_holder": None}, "no_fund_holder"),
    ],
)
def test_incomplete_project_is_not_sent(on, draft, changes, code):
    draft = services.edit_project(project=draft, version=draft.version, changes=changes, by=on.leader, at=AT)

    refused(code, services.submit_project, project=draft, by=on.leader, at=AT)

    draft.refresh_from_db()
    assert draft.state == "draft"


def test_suspended_agency_does_not_send(on, draft):
    type(on.agency).objects.filter(pk=on.agency.pk).update(standing="suspended")
    draft.refresh_from_db()

    refused("agency_blocked", services.submit_project, project=draft, by=on.leader, at=AT)

    draft.refresh_from_db()
    assert draft.state == "draft"


def test_sent_project_is_not_edited_and_a_stranger_never_writes(on, draft):
    _other, stranger = s.admitted_agency(on.cast, 30, "别家机构")
    change = {"project": draft, "version": draft.version, "changes": {"risks": "雪"}, "at": AT}
    refused("not_your_project", services.edit_project, **change, by=stranger)
    services.submit_project(project=draft, by=on.leader, at=AT)

    refused(
        "already_sent", services.edit_project, **change | {"project": Project.objects.get()}, by=on.leader
    )

    assert Project.objects.get().risks == ""


def test_staff_decides_in_its_own_area_without_a_tie(on, draft):
    services.submit_project(project=draft, by=on.leader, at=AT)
    refused("not_your_area", services.screen_project, project=draft, by=on.cast.stranger, at=AT)
    type(on.agency).objects.filter(pk=on.agency.pk).update(organisation=on.cast.station)

    refused("own_employer", services.screen_project, project=draft, by=on.cast.worker, at=AT)

    draft.refresh_from_db()
    assert draft.state == "submitted"


def test_agency_cannot_send_its_own_project_back_or_pass_its_own_gate(on, draft):
    project = s.in_ex_ante(on)

    refused("not_your_area", services.ask_revision, project=project, reason="我", by=on.leader, at=AT)
    refused("not_your_area", services.mark_funded, project=project, by=on.leader, at=AT)
    refused(
        "not_your_area",
        services.pass_gate,
        project=project,
        stage="ex_ante",
        evaluation_ref="x",
        by=on.leader,
        at=AT,
    )

    project.refresh_from_db()
    assert project.state == "ex_ante"
    assert not project.gates.exists()


@pytest.mark.parametrize("state", ["paused", "mid_evaluating", "rectifying"])
def test_start_is_no_way_around_a_pause_or_an_evaluation(on, state):
    project = under_way(on)
    Project.objects.filter(pk=project.pk).update(state=state)

    refused("not_agreed", services.start_project, project=project, by=on.leader, at=AT)

    project.refresh_from_db()
    assert project.state == state


def test_work_is_not_reported_done_before_the_evaluation_midway(on):
    project = under_way(on)

    refused("gate_missing", services.begin_completion, project=project, by=on.leader, at=AT)

    services.pass_gate(project=project, stage="mid_term", evaluation_ref="v1", by=SYSTEM, at=AT)
    done = services.begin_completion(project=project, by=on.leader, at=AT)
    assert (done.state, done.completed_at) == ("completing", AT)


def test_pause_says_why_and_goes_on(on):
    project = under_way(on)
    refused("reason_missing", services.pause_project, project=project, reason=" ", by=on.cast.worker, at=AT)

    services.pause_project(project=project, reason="大雪封路", by=on.cast.worker, at=AT)
    assert services.resume_project(project=project, by=on.cast.worker, at=AT).state == "in_progress"


def test_project_is_ended_early_by_a_supervisor_alone(on):
    project = under_way(on)
    refused(
        "not_your_area", services.terminate_project, project=project, reason="停", by=on.cast.worker, at=AT
    )

    assert (
        services.terminate_project(project=project, reason="停", by=on.cast.supervisor, at=AT).state
        == "terminated"
    )


def test_milestones_lie_inside_the_schedule_and_are_reached_once(on, draft):
    outside = [("太晚", draft.end + timedelta(days=1))]
    refused(
        "milestone_outside", services.set_milestones, project=draft, milestones=outside, by=on.leader, at=AT
    )
    services.set_milestones(project=draft, milestones=[("一半", draft.end)], by=on.leader, at=AT)
    milestone = Milestone.objects.get()
    refused("not_under_way", services.reach_milestone, milestone=milestone, by=on.leader, at=AT)
    Project.objects.update(state="in_progress")

    services.reach_milestone(milestone=milestone, by=on.leader, at=AT)

    refused("reached", services.reach_milestone, milestone=milestone, by=on.leader, at=AT)
    assert Milestone.objects.get().reached_at == AT


# --- the joint analysis ---------------------------------------------------------------------------------------------
WORDS: dict[str, Any] = {
    "causes": ["illness", "labour"],
    "cause_notes": "老伴走后药费没人分担。",
    "strengths": "会做布鞋。",
    "responses": "每月探访。",
    "goals": ["药费有着落"],
}


@pytest.fixture
def household(on: s.Stage) -> Household:
    return approved(widow_applies(), on.cast).household


@pytest.fixture
def analysis(on: s.Stage, household: Household) -> JointAnalysis:
    return services.open_joint_analysis(project=under_way(on), household=household, by=on.cast.worker, at=AT)


def confirming(on: s.Stage, analysis: JointAnalysis) -> JointAnalysis:
    services.edit_joint_analysis(analysis=analysis, version=1, changes=WORDS, by=on.leader, at=AT)
    return services.propose_joint_analysis(analysis=analysis, by=on.cast.worker, at=AT)


def test_analysis_is_opened_once_and_written_by_both(on, household, analysis):
    again = services.open_joint_analysis(project=analysis.project, household=household, by=on.leader, at=AT)

    assert again == analysis
    assert confirming(on, analysis).state == "confirming"


def test_analysis_names_the_main_cause_itself_before_anybody_confirms_it(on, analysis):
    services.edit_joint_analysis(
        analysis=analysis, version=1, changes=WORDS | {"causes": []}, by=on.leader, at=AT
    )

    refused("incomplete", services.propose_joint_analysis, analysis=analysis, by=on.leader, at=AT)

    analysis.refresh_from_db()
    assert analysis.state == "draft"


def test_analysis_names_three_causes_and_five_goals_at_most(on, analysis):
    four = {"causes": ["illness", "labour", "skill", "water"]}
    refused(
        "too_many_causes",
        services.edit_joint_analysis,
        analysis=analysis,
        version=1,
        changes=four,
        by=on.leader,
        at=AT,
    )
    refused(
        "too_many_causes",
        services.edit_joint_analysis,
        analysis=analysis,
        version=1,
        changes={"causes": ["illness", "illness"]},
        by=on.leader,
        at=AT,
    )
    services.edit_joint_analysis(
        analysis=analysis, version=1, changes=WORDS | {"goals": ["一"] * 6}, by=on.leader, at=AT
    )

    refused("goals", services.propose_joint_analysis, analysis=analysis, by=on.leader, at=AT)

    analysis.refresh_from_db()
    assert analysis.state == "draft"


def test_analysis_is_agreed_by_both_sides_and_no_other(on, analysis):
    analysis = confirming(on, analysis)
    household = CodeHolder(analysis.household.applications.get().public_id)
    say_yes = {"analysis": analysis, "method": "worker", "evidence": None, "at": AT}
    refused(
        "not_your_project",
        services.confirm_joint_analysis_for_agency,
        analysis=analysis,
        by=on.cast.worker,
        at=AT,
    )
    refused("not_for_household", services.confirm_joint_analysis_for_household, **say_yes, by=on.leader)
    refused("evidence_missing", services.confirm_joint_analysis_for_household, **say_yes, by=on.cast.worker)
    analysis.refresh_from_db()
    assert (analysis.agency_confirmed_at, analysis.household_confirmed_at) == (None, None)

    services.confirm_joint_analysis_for_agency(analysis=analysis, by=on.leader, at=AT)
    done = services.confirm_joint_analysis_for_household(**say_yes | {"method": "web"}, by=household)

    assert done.state == "agreed"


def test_worker_confirms_with_evidence(on, analysis):
    analysis = confirming(on, analysis)
    evidence = keep(
        upload=s.picture(), purpose="confirmation_evidence", owner=analysis, by=on.cast.worker, at=AT
    )

    done = services.confirm_joint_analysis_for_household(
        analysis=analysis, method="worker", evidence=evidence, by=on.cast.worker, at=AT
    )

    assert (done.household_method, done.household_evidence) == ("worker", evidence)


@pytest.mark.parametrize("said", ["yes", "no"])
def test_who_took_down_the_familys_word_decides_no_objection(on, household, analysis, said):
    speaker, analysis = on.cast.second_supervisor, confirming(on, analysis)
    paper = keep(upload=s.picture(), purpose="confirmation_evidence", owner=analysis, by=speaker, at=AT)
    if said == "yes":
        services.confirm_joint_analysis_for_household(
            analysis=analysis, method="worker", evidence=paper, by=speaker, at=AT
        )
    else:
        refused("evidence_missing", services.end_joint_analysis, analysis=analysis, by=speaker, at=AT)
        services.end_joint_analysis(analysis=analysis, evidence=paper, by=speaker, at=AT)
    objection = objects(household, "conduct")

    asked = {"first": speaker, "second": on.cast.village_worker, "by": on.cast.supervisor, "at": AT}
    refused("incompatible_duty", assign_objection, objection=objection, **asked)

    objection.refresh_from_db()
    assert (objection.state, objection.first_decider) == ("received", None)


def test_household_withdraws_at_any_time_and_the_agency_never_for_it(on, analysis):
    analysis = confirming(on, analysis)
    refused("not_for_household", services.end_joint_analysis, analysis=analysis, by=on.leader, at=AT)

    refused("not_for_household", services.end_joint_analysis, analysis=analysis, by=CodeHolder("a1"), at=AT)

    family = CodeHolder(analysis.household.applications.get().public_id)
    assert services.end_joint_analysis(analysis=analysis, by=family, at=AT).state == "ended"


def test_back_to_writing_forgets_the_confirmations(on, analysis):
    analysis = confirming(on, analysis)
    services.confirm_joint_analysis_for_agency(analysis=analysis, by=on.leader, at=AT)

    again = services.reopen_joint_analysis(analysis=analysis, by=on.leader, at=AT)

    assert (again.state, again.agency_confirmed_at) == ("draft", None)


def test_analysis_is_seen_by_its_agency_and_the_workers_of_the_place(on, analysis):
    _other, stranger = s.admitted_agency(on.cast, 31, "别家机构")

    seen = {
        user: JointAnalysis.objects.visible_to(user).exists()
        for user in (
            on.leader,
            on.cast.worker,
            on.cast.supervisor,
            stranger,
            on.cast.stranger,
            on.evaluators[0],
        )
    }

    assert list(seen.values()) == [True, True, True, False, False, False]
