"""Accepting, changing, refusing: three reservations in one transaction, or none."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import IntegrityError, transaction

from accounts.enums import Role
from common.clock import day_of
from common.exceptions import Refused
from households.models import Need
from matching import services
from matching.enums import ProposalState
from matching.models import Ban, Decision, Proposal
from matching.rules import projects_fitting
from projects.models import Project, ProjectItem
from tests import cast
from tests.cast import AT
from tests.matching.conftest import Scene, listed_lot, project_of


def suggested(scene: Scene, lot: Any, need: Need, amount: int) -> Proposal:
    return services.propose_by_hand(need=need, lot=lot, amount=amount, by=scene.cast.worker, at=AT)


def held(scene: Scene, proposal: Proposal) -> tuple[int, int, int]:
    """What need, lot and project have set aside."""
    need = Need.objects.get(pk=proposal.need_id)
    proposal.lot.refresh_from_db()
    room = ProjectItem.objects.get(project=scene.project, item=need.item)
    return need.reserved, proposal.lot.reserved, room.reserved


def refusal(code: str, act: Any) -> None:
    with pytest.raises(Refused) as refused:
        act()
    assert refused.value.code == code


def test_decide_holds_lot_need_and_project_together(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)

    services.decide(proposal=proposal, project=scene.project, amount=2, by=scene.cast.worker, at=AT)

    assert held(scene, proposal) == (2, 2, 2)
    assert list(proposal.confirmations.values_list("party", "state")) == [("agency", "asked")]
    assert Decision.objects.get(proposal=proposal).kind == "accept"


def test_decide_refuses_own_employer_as_agency_and_changes_nothing(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)
    both = cast.hire(
        "zhou2", "周二", Role.SOCIAL_WORKER, organisation=scene.cast.station, prefix=cast.COUNTY,
        by=scene.cast.administrator,
    )  # fmt: skip
    agent = cast.hire(
        "agent_too", "周二", Role.AGENCY, organisation=scene.cast.association, by=scene.cast.administrator
    )
    agent.memberships.update(user=both)
    both.forget_seats()

    refusal(
        "own_employer",
        lambda: services.decide(proposal=proposal, project=scene.project, amount=2, by=both, at=AT),
    )

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SUGGESTED
    assert held(scene, proposal) == (0, 0, 0)


def test_decide_refuses_worker_of_another_county(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)

    refusal(
        "not_your_area",
        lambda: services.decide(
            proposal=proposal, project=scene.project, amount=2, by=scene.cast.stranger, at=AT
        ),
    )

    assert held(scene, proposal) == (0, 0, 0)


def test_decide_refuses_what_a_colleague_decided_already(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)
    services.decide(proposal=proposal, project=scene.project, amount=1, by=scene.cast.worker, at=AT)

    refusal(
        "decided_already",
        lambda: services.decide(
            proposal=proposal, project=scene.project, amount=2, by=scene.cast.colleague, at=AT
        ),
    )

    assert held(scene, proposal) == (1, 1, 1)


def test_decide_refuses_more_than_is_missing_and_rolls_everything_back(scene: Scene):
    lot = listed_lot(scene)
    proposal = suggested(scene, lot, scene.quilts, 2)

    refusal(
        "need_taken",
        lambda: services.decide(
            proposal=proposal, project=scene.project, amount=3, by=scene.cast.worker, at=AT
        ),
    )

    assert held(scene, proposal) == (0, 0, 0)


def test_decide_refuses_a_project_without_room(scene: Scene):
    small = project_of(scene.agency, {"quilt": 1}, number="2")
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)

    refusal(
        "project_unfit",
        lambda: services.decide(proposal=proposal, project=small, amount=2, by=scene.cast.worker, at=AT),
    )

    assert held(scene, proposal) == (0, 0, 0)


def test_capacity_is_kept_by_the_database_without_any_lock(scene: Scene):
    row = ProjectItem.objects.get(project=scene.project, item__slug="quilt")

    with pytest.raises(IntegrityError), transaction.atomic():
        ProjectItem.objects.filter(pk=row.pk).update(reserved=row.capacity + 1)
    with pytest.raises(IntegrityError), transaction.atomic():
        Need.objects.filter(pk=scene.quilts.pk).update(reserved=3)

    row.refresh_from_db()
    assert row.reserved == 0


def test_ban_keeps_the_reason_and_the_pair_away(scene: Scene):
    lot = listed_lot(scene)
    proposal = suggested(scene, lot, scene.quilts, 2)

    refusal(
        "reason_missing", lambda: services.ban(proposal=proposal, reason=" ", by=scene.cast.worker, at=AT)
    )
    services.ban(proposal=proposal, reason="花色不合适", by=scene.cast.worker, at=AT)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.DECLINED
    assert Ban.objects.filter(need=scene.quilts, lot=lot).exists()
    refusal("banned", lambda: suggested(scene, lot, scene.quilts, 2))


def test_release_gives_back_all_three(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 2)
    services.decide(proposal=proposal, project=scene.project, amount=2, by=scene.cast.worker, at=AT)

    services.release(proposal=proposal, reason="机构临时有事", by=scene.cast.worker, at=AT)

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.RELEASED
    assert held(scene, proposal) == (0, 0, 0)
    assert list(proposal.confirmations.values_list("state", flat=True)) == ["cancelled"]


def test_household_cap_counts_what_the_family_already_has(scene: Scene):
    lot = listed_lot(scene, conditions=[{"field": "household_cap", "op": "at_most", "value": 1}])
    services.decide(
        proposal=suggested(scene, lot, scene.quilts, 1), project=scene.project, amount=1,
        by=scene.cast.worker, at=AT,
    )  # fmt: skip

    refusal("condition_cap", lambda: suggested(scene, lot, scene.quilts, 1))


@pytest.mark.parametrize(
    ("condition", "code"),
    [
        ({"field": "implementer_kind", "value": ["foundation"]}, "agency_kind"),
        ({"field": "admin_fee_cap", "value": 4}, "admin_fee"),
        ({"field": "delivery_mode", "value": "pickup", "hard": True}, "delivery_mode"),
        ({"field": "agency_level", "value": "A"}, "agency_level"),
    ],
)
def test_decide_holds_the_project_to_what_the_donor_asks(scene: Scene, condition: dict[str, Any], code: str):
    Project.objects.filter(pk=scene.project.pk).update(admin_fee_bp=450)
    scene.project.refresh_from_db()
    proposal = suggested(scene, listed_lot(scene, conditions=[condition]), scene.quilts, 2)

    assert projects_fitting(proposal, 2, day_of(AT)) == []
    refusal(
        code,
        lambda: services.decide(
            proposal=proposal, project=scene.project, amount=2, by=scene.cast.worker, at=AT
        ),
    )

    assert held(scene, proposal) == (0, 0, 0)
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.SUGGESTED


def test_decide_takes_a_project_that_keeps_what_the_donor_asks(scene: Scene):
    Project.objects.filter(pk=scene.project.pk).update(admin_fee_bp=450)
    scene.project.refresh_from_db()
    scene.agency.delivery_ways = ["pickup"]
    scene.agency.save(update_fields=["delivery_ways"])
    conditions = [
        {"field": "implementer_kind", "value": ["association"]},
        {"field": "admin_fee_cap", "value": 5},
        {"field": "delivery_mode", "value": "pickup", "hard": True},
    ]
    proposal = suggested(scene, listed_lot(scene, conditions=conditions), scene.quilts, 2)

    services.decide(proposal=proposal, project=scene.project, amount=2, by=scene.cast.worker, at=AT)

    assert held(scene, proposal) == (2, 2, 2)


def test_a_wished_way_of_delivery_binds_nobody(scene: Scene):
    wish = {"field": "delivery_mode", "value": "pickup"}
    proposal = suggested(scene, listed_lot(scene, conditions=[wish]), scene.quilts, 2)

    assert [row.project for row in projects_fitting(proposal, 2, day_of(AT))] == [scene.project]
