"""A delegate brings the family's own yes to the joint analysis and shows it; a no needs nothing."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from common import clock
from common.actors import CodeHolder
from files.models import Attachment
from households.models import Delegation
from households.services import grant_delegation
from projects import services
from projects.models import JointAnalysis
from tests.cast import AT
from tests.delivery.scene import Scene, opening
from tests.gates import refused
from tests.households.test_submit import HELPER
from tests.projects import stage as s
from tests.projects.test_course import WORDS


@pytest.fixture(autouse=True)
def today() -> Any:
    with clock.fixed(AT + timedelta(minutes=1)):
        yield


@pytest.fixture
def scene(db: None) -> Scene:
    return opening()


@pytest.fixture
def analysis(scene: Scene) -> JointAnalysis:
    opened = services.open_joint_analysis(
        project=scene.project, household=scene.household, by=scene.leader, at=AT
    )
    services.edit_joint_analysis(
        analysis=opened, version=opened.version, changes=WORDS, by=scene.leader, at=AT
    )
    return services.propose_joint_analysis(analysis=opened, by=scene.leader, at=AT)


@pytest.fixture
def helper(scene: Scene) -> Delegation:
    given = replace(HELPER, scope=("update",))
    return grant_delegation(household=scene.household, delegate=given, evidence=None, by=scene.family, at=AT)


def came_in(scene: Scene, helper: Delegation | None) -> Client:
    client = Client()
    session = client.session
    delegation = helper.public_id if helper else ""
    session["household"] = {"application": scene.family.actor_ref, "delegation": delegation, "seen": 2**33}
    session.save()
    client.cookies["language"] = "en"
    return client


def url_of(analysis: JointAnalysis) -> str:
    return f"/projects/with-us/{analysis.public_id}/"


def stored() -> list[Any]:
    return [list(model.objects.order_by("pk").values()) for model in (JointAnalysis, Attachment)]


def test_delegate_without_the_familys_word_is_refused(analysis: JointAnalysis, helper: Delegation) -> None:
    before = stored()

    refused(
        "evidence_missing", services.confirm_joint_analysis_for_household, analysis=analysis, method="delegate",
        evidence=None, by=CodeHolder(helper.public_id, "delegate"), at=AT,
    )  # fmt: skip

    assert stored() == before


def test_page_asks_the_delegate_for_the_familys_own_yes(
    scene: Scene, analysis: JointAnalysis, helper: Delegation
) -> None:
    browser, url, before = came_in(scene, helper), url_of(analysis), stored()
    shown = browser.get(url).content.decode()
    assert "Does the family say that it is right?" in shown
    assert 'type="file"' in shown

    assert browser.post(url, {"_key": "1", "act": "yes"}).status_code == 422
    assert stored() == before

    assert browser.post(url, {"_key": "2", "act": "yes", "upload": s.picture()}).status_code == 302
    analysis.refresh_from_db()
    assert (analysis.household_method, analysis.household_confirmed_at is None) == ("delegate", False)
    kept = analysis.household_evidence
    assert kept is not None
    assert (kept.purpose, kept.owner_ref) == ("confirmation_evidence", analysis.public_id)


def test_no_of_a_delegate_and_yes_of_the_family_need_only_a_press(
    scene: Scene, analysis: JointAnalysis, helper: Delegation
) -> None:
    family, url = came_in(scene, None), url_of(analysis)
    assert 'type="file"' not in family.get(url).content.decode()
    assert family.post(url, {"_key": "1", "act": "yes"}).status_code == 302
    analysis.refresh_from_db()
    assert analysis.household_method == "web"

    assert came_in(scene, helper).post(url, {"_key": "2", "act": "no"}).status_code == 302
    analysis.refresh_from_db()
    assert analysis.state == "ended"
