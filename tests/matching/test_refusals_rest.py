"""Answers that came too late to be taken back, pairs that wait already, pledges too small to help."""

from __future__ import annotations

from typing import Any

from common.actors import CodeHolder
from households.models import Need
from matching import services
from matching.models import Proposal
from tests.cast import AT
from tests.matching.conftest import Scene, listed_lot
from tests.matching.test_pledge import pledge
from tests.refusing import refuses


def decided(scene: Scene) -> Proposal:
    """The widow's two quilts, decided; the agency is asked."""
    lot = listed_lot(scene)
    proposal = services.propose_by_hand(need=scene.quilts, lot=lot, amount=2, by=scene.cast.worker, at=AT)
    return services.decide(proposal=proposal, project=scene.project, amount=2, by=scene.cast.worker, at=AT)


def test_agency_does_not_take_its_answer_back_once_the_family_has_answered(scene: Scene) -> None:
    proposal = decided(scene)
    family = CodeHolder(scene.quilts.household.applications.get().public_id)
    given: dict[str, Any] = {"proposal": proposal, "method": "web", "evidence": None, "at": AT}
    services.confirm(party="agency", by=scene.agent, **given)
    services.confirm(party="household", by=family, **given)

    with refuses("answered_since"):
        services.undo_confirmation(proposal=proposal, party="agency", by=scene.agent, at=AT)


def test_pair_that_waits_for_its_answers_is_not_proposed_again(scene: Scene) -> None:
    lot = listed_lot(scene)
    Need.objects.filter(pk=scene.quilts.pk).update(requested=4)
    need = Need.objects.get(pk=scene.quilts.pk)
    proposal = services.propose_by_hand(need=need, lot=lot, amount=2, by=scene.cast.worker, at=AT)
    services.decide(proposal=proposal, project=scene.project, amount=2, by=scene.cast.worker, at=AT)

    with refuses("already_proposed"):
        services.propose_by_hand(
            need=Need.objects.get(pk=need.pk), lot=lot, amount=2, by=scene.cast.colleague, at=AT
        )


def test_match_that_ended_is_not_released_again(scene: Scene) -> None:
    proposal = decided(scene)
    services.release(proposal=proposal, reason="家庭已搬走", by=scene.cast.worker, at=AT)

    with refuses("not_live"):
        services.release(proposal=proposal, reason="家庭已搬走", by=scene.cast.worker, at=AT)


def test_pledge_below_the_smallest_useful_part_is_refused(scene: Scene) -> None:
    Need.objects.filter(pk=scene.medicine.pk).update(smallest=3)

    with refuses("too_small"):
        pledge(scene, 2)
