"""A project is funded once the confirmed matches are enough, or a supervisor says why less will do (domain §10.5)."""

from __future__ import annotations

import pytest
from django.urls import reverse

from common import clock
from common.actors import SYSTEM
from delivery import services
from projects.models import Project
from projects.services import mark_funded
from tests.cast import AT, signed_in
from tests.delivery.scene import (
    HELD,
    MINUTE,
    Scene,
    analysed,
    drafted_entrustment,
    drafted_service,
    in_force,
    listed_lot,
    matched,
)
from tests.delivery.test_pages import done, post
from tests.gates import refused


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(AT):
        yield


def part(scene: Scene) -> None:
    """A gift of less than the project asked for is matched, and everybody says yes."""
    matched(scene, lot=listed_lot(scene.cast, scene.donor, scene.giver, scene.holder, quantity=HELD // 4))


def state(scene: Scene) -> str:
    return str(Project.objects.get(pk=scene.project.pk).state)


def test_nothing_is_funded_without_a_match(scene: Scene) -> None:
    for by, reason in ((scene.cast.worker, ""), (scene.cast.supervisor, "先开工。")):
        refused("nothing_matched", mark_funded, project=scene.project, reason=reason, by=by, at=AT)

    assert state(scene) == "approved"


def test_match_of_a_part_funds_nothing_and_the_rest_does(scene: Scene) -> None:
    part(scene)
    for by, reason in ((scene.cast.worker, "先开工。"), (scene.cast.supervisor, " ")):
        refused("funds_lacking", mark_funded, project=scene.project, reason=reason, by=by, at=AT)
    assert state(scene) == "approved"

    matched(scene, scene.quilts, listed_lot(scene.cast, scene.donor, scene.giver, None, "quilt", 2))
    assert state(scene) == "approved"  # quilts are no money

    scene.money.refresh_from_db()
    matched(scene)
    assert state(scene) == "funded"


def test_supervisor_lets_it_begin_with_less_and_says_why(scene: Scene) -> None:
    part(scene)

    project = mark_funded(
        project=scene.project, reason="够第一户过冬，先开工。", by=scene.cast.supervisor, at=AT
    )

    assert (project.state, project.reason) == ("funded", "够第一户过冬，先开工。")


def test_project_that_brings_no_money_needs_one_match(scene: Scene) -> None:
    scene.project.items.filter(item__slug="living_aid").delete()

    matched(scene, scene.quilts, listed_lot(scene.cast, scene.donor, scene.giver, None, "quilt", 2))

    assert state(scene) == "funded"


def test_button_of_the_desk_says_what_is_lacking(scene: Scene) -> None:
    part(scene)
    desk = signed_in(scene.cast.supervisor)
    page = reverse("admin:projects_project_file", args=[scene.project.public_id])

    refusal = post(desk, page, {"act": "fund", "reason": ""})

    assert refusal.status_code == 409
    shown = refusal.content.decode()
    assert all(amount in shown for amount in ("1,000.00", "250.00", "750.00"))
    assert state(scene) == "approved"
    done(post(desk, page, {"act": "fund", "reason": "够第一户过冬，先开工。"}))
    assert state(scene) == "funded"


def test_project_let_begin_after_its_agreement_is_carried_on(scene: Scene) -> None:
    part(scene)
    analysed(scene)
    in_force(scene, drafted_service(scene))
    in_force(scene, drafted_entrustment(scene))
    assert state(scene) == "approved"
    mark_funded(project=scene.project, reason="先开工。", by=scene.cast.supervisor, at=AT)

    services.make_due_effective(by=SYSTEM, at=AT + 30 * MINUTE)

    assert state(scene) == "agreed"
