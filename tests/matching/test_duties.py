"""Who had a part in a match: neither giver nor carrier decides it, and none of them decides an objection."""

from __future__ import annotations

from typing import Any

import pytest

from accounts.enums import Duty, Role
from accounts.models import Involvement, User
from accounts.services import register_involvement
from common.exceptions import Refused
from donors import services as donors
from donors.enums import DonorKind
from donors.models import Donor, Lot
from households.models import Objection
from households.services import assign_objection
from matching import services
from matching.enums import ProposalState
from matching.models import Decision, Proposal
from reference.queries import get_item
from tests.cast import AT, PAPERS, hire
from tests.households.objecting import objects
from tests.matching.conftest import HOUR, Scene, listed_lot
from tests.matching.test_answers import evidence, proposed, say_yes
from tests.matching.test_decision import held, suggested


def refused(code: str, act: Any) -> None:
    def rows() -> list[Any]:
        return [
            Involvement.objects.count(),
            Decision.objects.count(),
            list(Proposal.objects.order_by("pk").values()),
            list(Objection.objects.values()),
        ]

    before = rows()
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code
    assert rows() == before


def decide(scene: Scene, proposal: Proposal, by: User) -> Proposal:
    return services.decide(proposal=proposal, project=scene.project, amount=1, by=by, at=AT)


def gift_of(scene: Scene, giver: User) -> Lot:
    """A social worker gives as a private person, in a seat of its own."""
    hire(giver.username, giver.name, Role.DONOR, organisation=None, by=scene.cast.administrator)
    private = User.objects.get(pk=giver.pk)
    private.take(private.memberships.get(role=Role.DONOR))
    donor = Donor.objects.create(
        kind=DonorKind.INDIVIDUAL, user=giver, display_name=giver.name, registered_at=AT, state="registered",
        state_since=AT,
    )  # fmt: skip
    donor = donors.verify_donor(donor=donor, seen=PAPERS, by=scene.cast.supervisor, at=AT)
    lot = donors.draft_lot(
        donor=donor, title="被子", items=[get_item("quilt")], quantity=2, by=private, at=AT - HOUR
    )
    lot = donors.edit_lot(lot=lot, version=lot.version, goods_condition="new", by=private, at=AT - HOUR)
    lot = donors.submit_lot(lot=lot, by=private, at=AT - HOUR)
    lot = donors.review_lot(lot=lot, by=scene.cast.colleague, at=AT)
    return donors.list_lot(lot=lot, by=scene.cast.colleague, at=AT)


def test_nobody_matches_the_own_gift(scene: Scene):
    giver, colleague = scene.cast.worker, scene.cast.colleague
    lot = gift_of(scene, giver)
    by_hand: dict[str, Any] = {"need": scene.quilts, "lot": lot, "amount": 1, "at": AT}

    refused("own_offer", lambda: services.propose_by_hand(**by_hand, by=giver))
    proposal = services.propose_by_hand(**by_hand, by=colleague)
    refused("own_offer", lambda: decide(scene, proposal, giver))
    refused("own_offer", lambda: services.ban(proposal=proposal, reason="x", by=giver, at=AT))
    assert held(scene, proposal) == (0, 0, 0)

    decide(scene, proposal, colleague)
    assert held(scene, proposal) == (1, 1, 1)


def test_who_wrote_the_offer_does_not_match_it_after_changing_sides(scene: Scene):
    lot = listed_lot(scene)
    proposal = suggested(scene, lot, scene.quilts, 1)
    Involvement.objects.filter(duty=Duty.DONOR, file_ref=lot.public_id).update(user=scene.cast.worker)

    refused("incompatible_duty", lambda: decide(scene, proposal, scene.cast.worker))

    assert held(scene, proposal) == (0, 0, 0)


def test_who_wrote_the_project_does_not_match_for_it(scene: Scene):
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 1)
    register_involvement(file=scene.project, duty=Duty.IMPLEMENTER, by=scene.cast.worker, at=AT)

    refused("incompatible_duty", lambda: decide(scene, proposal, scene.cast.worker))

    assert held(scene, proposal) == (0, 0, 0)


def objection_of(scene: Scene) -> Objection:
    return objects(scene.quilts.household, "match")


def assign(scene: Scene, objection: Objection, first: User) -> Any:
    return lambda: assign_objection(
        objection=objection, first=first, second=scene.cast.village_worker, by=scene.cast.supervisor, at=AT
    )


@pytest.mark.parametrize("act", ["decide", "ban", "release", "other"])
def test_who_decided_a_match_decides_no_objection(scene: Scene, act: str):
    decider = scene.cast.second_supervisor
    proposal = suggested(scene, listed_lot(scene), scene.quilts, 1)
    if act == "decide":
        decide(scene, proposal, decider)
    elif act == "ban":
        services.ban(proposal=proposal, reason="太薄", by=decider, at=AT)
    elif act == "release":
        decide(scene, proposal, scene.cast.worker)
        services.release(proposal=proposal, reason="改期", by=decider, at=AT)
    else:
        services.take_other_lot(proposal=proposal, lot=listed_lot(scene), amount=1, by=decider, at=AT)

    refused("incompatible_duty", assign(scene, objection_of(scene), decider))


@pytest.mark.parametrize("said", ["yes", "no"])
def test_who_took_down_the_familys_answer_decides_no_objection(scene: Scene, said: str):
    speaker = scene.cast.second_supervisor
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)
    given: dict[str, Any] = {"proposal": proposal, "party": "household", "method": "worker", "by": speaker}
    shown = evidence(scene, proposal)
    if said == "yes":
        services.confirm(**given, evidence=shown, at=AT)
    else:
        services.decline(**given, reason="", evidence=shown, at=AT)

    assert Involvement.objects.filter(user=speaker, duty=Duty.SPOKESPERSON).count() == 1
    refused("incompatible_duty", assign(scene, objection_of(scene), speaker))


def test_agencys_own_answer_speaks_for_nobody(scene: Scene):
    say_yes(proposed(scene), "agency", scene.agent)

    assert not Involvement.objects.filter(duty=Duty.SPOKESPERSON).exists()


def test_another_resource_is_a_decision_and_the_suggestion_goes(scene: Scene):
    proposal, other = suggested(scene, listed_lot(scene), scene.quilts, 2), listed_lot(scene, quantity=3)
    given: dict[str, Any] = {"proposal": proposal, "amount": 2, "by": scene.cast.worker, "at": AT}
    refused("same_lot", lambda: services.take_other_lot(lot=proposal.lot, **given))

    made = services.take_other_lot(lot=other, **given)

    proposal.refresh_from_db()
    assert (proposal.state, made.state) == (ProposalState.DECLINED, ProposalState.SUGGESTED)
    decision = Decision.objects.get(proposal=proposal)
    assert (decision.kind, decision.amount, decision.decided_by) == ("other_lot", 2, scene.cast.worker)
    third = listed_lot(scene, quantity=4)
    refused("decided_already", lambda: services.take_other_lot(lot=third, **given))


def test_donors_own_pledge_stays_beside_another_resource(scene: Scene):
    pledged = services.pledge_to_need(
        need=scene.quilts, donor=scene.donor, quantity=1, fund_holder=None, binding="intention",
        confirm_each=False, by=scene.miller, at=AT,
    )  # fmt: skip

    services.take_other_lot(proposal=pledged, lot=listed_lot(scene), amount=1, by=scene.cast.worker, at=AT)

    pledged.refresh_from_db()
    assert pledged.state == ProposalState.SUGGESTED
    assert Decision.objects.get(proposal=pledged).kind == "other_lot"
