"""Who may not write on a project, asked of every service itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from accounts.enums import Role
from common.actors import CodeHolder
from households.services import grant_delegation
from projects import services
from projects.models import JointAnalysis
from reference.queries import get_item
from tests.cast import AT, COUNTY, OTHER_COUNTY, hire
from tests.delivery.scene import Scene, admitted_agency, opening
from tests.gates import assert_all_refused, assert_complete, assert_out_of_reach, refused
from tests.households.test_submit import HELPER

# Room is taken and given back by a match, whose own services have checked who decides.
BELOW = {"release_capacity", "reserve_capacity"}


@pytest.fixture
def scene(db: None) -> Scene:
    return opening()


@pytest.fixture
def analysis(scene: Scene) -> JointAnalysis:
    return services.open_joint_analysis(
        project=scene.project, household=scene.household, by=scene.leader, at=AT
    )


@pytest.fixture
def table(scene: Scene, analysis: JointAnalysis) -> dict[str, dict[str, Any]]:
    project, quilt = scene.project, get_item("quilt")
    one, why = {"project": project}, {"project": project, "reason": "no"}
    services_of_analysis = {"analysis": analysis}
    milestone = project.milestones.create(title="m", due=AT.date())
    words = {"needs_covered": "x", "activities": "x", "evaluation_plan": "x"}
    return {
        "accept_project": one,
        "after_mid_term": one,
        "approve_project": one,
        "archive_project": one,
        "ask_revision": why,
        "begin_completion": one,
        "begin_ex_ante": one,
        "begin_ex_post": one,
        "begin_mid_term": one,
        "confirm_joint_analysis_for_agency": services_of_analysis,
        "confirm_joint_analysis_for_household": {**services_of_analysis, "method": "web", "evidence": None},
        "draft_project": {
            "agency": scene.agency, "fund_holder": scene.holder, "title": "x", "place": COUNTY, "groups": [],
            "households_planned": 1, "funds": 1, "start": AT.date(), "end": AT.date() + timedelta(days=9), **words,
        },
        "edit_joint_analysis": {**services_of_analysis, "version": analysis.version, "changes": {"causes": []}},
        "edit_project": {**one, "version": project.version, "changes": {"title": "x"}},
        "end_joint_analysis": services_of_analysis,
        "fail_project": why,
        "mark_agreed": one,
        "mark_funded": one,
        "open_joint_analysis": {**one, "household": scene.household},
        "pass_gate": {**one, "stage": "mid_term", "evaluation_ref": "E2"},
        "pause_project": why,
        "propose_joint_analysis": services_of_analysis,
        "reach_milestone": {"milestone": milestone},
        "rectify_project": {**why, "due": AT.date()},
        "reject_project": why,
        "remove_capacity": {"row": project.items.get(item=quilt)},
        "reopen_joint_analysis": services_of_analysis,
        "resume_project": one,
        "screen_project": one,
        "set_capacity": {**one, "item": quilt, "capacity": 1},
        "set_milestones": {**one, "milestones": []},
        "start_project": one,
        "submit_project": one,
        "terminate_project": why,
    }  # fmt: skip


def test_every_service_refuses_other_agencies_other_counties_and_households(scene: Scene, table: Any) -> None:
    cast = scene.cast
    _agency, other = admitted_agency(cast, 40, "别的机构")
    people = {
        "another agency": other,
        "another county's worker": cast.stranger,
        "another county's supervisor": hire(
            "far",
            "远督导",
            Role.SUPERVISOR,
            organisation=cast.station,
            prefix=OTHER_COUNTY,
            by=cast.administrator,
        ),
        "another household": CodeHolder("another"),
    }

    assert_all_refused(services, table, people, "projects", "accounts")


def test_table_knows_every_service(table: Any) -> None:
    assert_complete(services, table, BELOW)
    assert_out_of_reach(BELOW, owner="projects")


def test_worker_neither_accepts_nor_fails_a_project(scene: Scene, table: Any) -> None:
    decided = {name: table[name] for name in ("accept_project", "fail_project", "approve_project")}

    assert_all_refused(services, decided, {"a worker": scene.cast.worker}, "projects")


def test_family_itself_ends_its_analysis_with_its_code(scene: Scene, analysis: JointAnalysis) -> None:
    ended = services.end_joint_analysis(analysis=analysis, by=scene.family, at=AT)

    assert ended.state == "ended"


def test_delegate_with_the_code_speaks_within_its_scope(scene: Scene, analysis: JointAnalysis) -> None:
    goods, matters = (
        CodeHolder(
            grant_delegation(
                household=scene.household, delegate=replace(HELPER, scope=(scope,)), evidence=None, by=scene.family,
                at=AT,
            ).public_id,
            "delegate",
        )
        for scope in ("receive_goods", "update")
    )  # fmt: skip

    refused("not_for_household", services.end_joint_analysis, analysis=analysis, by=goods, at=AT)
    analysis.refresh_from_db()
    assert analysis.state == "draft"
    assert services.end_joint_analysis(analysis=analysis, by=matters, at=AT).state == "ended"
