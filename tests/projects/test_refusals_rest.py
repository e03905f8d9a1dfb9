"""Steps of a project and of its joint analysis that are not open, and pages that were opened before they closed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from common import clock
from common.actors import CodeHolder
from households.models import Household
from projects import services
from projects.models import JointAnalysis, Project
from tests.cast import AT, approved, signed_in, widow_applies
from tests.projects import stage as s
from tests.projects.test_course import WORDS, under_way
from tests.projects.test_pages import send
from tests.refusing import everything, refuses

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def still() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def on() -> s.Stage:
    return s.stage(evaluators=0)


@pytest.fixture
def household(on: s.Stage) -> Household:
    return approved(widow_applies(), on.cast).household


@pytest.fixture
def analysis(on: s.Stage, household: Household) -> JointAnalysis:
    """Written, and not yet laid before both sides."""
    found = services.open_joint_analysis(project=under_way(on), household=household, by=on.leader, at=AT)
    return services.edit_joint_analysis(analysis=found, version=1, changes=WORDS, by=on.leader, at=AT)


def test_project_that_is_only_written_takes_no_household(on: s.Stage, household: Household) -> None:
    with refuses("project_closed"):
        services.open_joint_analysis(project=s.drafted(on), household=household, by=on.leader, at=AT)


def test_project_at_work_is_not_resumed(on: s.Stage) -> None:
    project = under_way(on)

    with refuses("not_paused"):
        services.resume_project(project=project, by=on.cast.worker, at=AT)


def test_nobody_confirms_an_analysis_that_is_still_written(on: s.Stage, analysis: JointAnalysis) -> None:
    family = CodeHolder(analysis.household.applications.get().public_id)

    with refuses("not_confirming"):
        services.confirm_joint_analysis_for_agency(analysis=analysis, by=on.leader, at=AT)
    with refuses("not_confirming"):
        services.confirm_joint_analysis_for_household(
            analysis=analysis, method="web", evidence=None, by=family, at=AT
        )


def test_analysis_being_confirmed_is_not_written_on_from_a_page_opened_before(
    on: s.Stage, analysis: JointAnalysis
) -> None:
    services.propose_joint_analysis(analysis=analysis, by=on.cast.worker, at=AT)

    with refuses("not_a_draft"):
        services.edit_joint_analysis(
            analysis=analysis,
            version=analysis.version,
            changes={"strengths": "会养蜂。"},
            by=on.leader,
            at=AT,
        )


@pytest.mark.parametrize("act", ["resume", "revise"])
def test_step_the_project_has_gone_beyond_is_refused_at_the_desk(on: s.Stage, act: str) -> None:
    project = under_way(on)
    desk = signed_in(on.cast.supervisor)
    url = f"/admin/projects/project/{project.public_id}/file/"
    before = everything()

    answer = send(desk, url, expect=409, act=act, reason="试试。")

    errors = answer.context["form"].errors.as_data()
    assert [error.code for error in errors["__all__"]] == ["step_closed"]
    assert everything() == before
    assert Project.objects.get().state == "in_progress"


def test_project_that_was_sent_is_not_written_on_from_a_page_opened_before(on: s.Stage) -> None:
    draft = s.drafted(on)
    quilts = draft.items.get()
    services.submit_project(project=draft, by=on.leader, at=AT)
    given: dict[str, Any] = {"by": on.leader, "at": AT}

    with refuses("already_sent"):
        services.edit_project(project=draft, version=draft.version, changes={"risks": "雪"}, **given)
    with refuses("already_sent"):
        services.set_capacity(project=draft, item=quilts.item, capacity=5, **given)
    with refuses("already_sent"):
        services.remove_capacity(row=quilts, **given)
    with refuses("already_sent"):
        services.set_milestones(project=draft, milestones=[("一半", draft.end)], **given)
