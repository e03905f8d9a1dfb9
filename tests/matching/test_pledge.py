"""Donors pledge to a need: it closes exactly, however many come at once."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection

from common.exceptions import Refused
from donors.enums import LotState, PledgeState
from donors.models import Donor, Lot
from donors.services import withdraw_pledge
from households.models import Need
from matching import services
from matching.enums import ProposalState
from matching.models import Proposal
from matching.queries import left_of
from tests import cast
from tests.cast import AT
from tests.matching.conftest import Scene, agency_of, checked_donor, project_of


def pledge(
    scene: Scene, quantity: int, *, donor: Donor | None = None, by: Any = None, **more: Any
) -> Proposal:
    given: dict[str, Any] = {"fund_holder": None, "binding": "intention", "confirm_each": False, "at": AT}
    return services.pledge_to_need(
        need=scene.medicine,
        donor=donor or scene.donor,
        quantity=quantity,
        by=by or scene.miller,
        **given | more,
    )


def test_two_donors_pledge_parts_and_the_need_closes_exactly(scene: Scene):
    other_user, other = checked_donor(scene.cast, "shop", cast.body("清河药店", "enterprise", 7))
    first = pledge(scene, 4)

    with pytest.raises(Refused) as refused:
        pledge(scene, 3, donor=other, by=other_user)
    assert refused.value.code == "need_taken"
    assert Lot.objects.count() == 1

    second = pledge(scene, 2, donor=other, by=other_user)

    assert left_of(Need.objects.get(pk=scene.medicine.pk)) == 0
    for proposal in (first, second):
        services.decide(
            proposal=proposal, project=scene.project, amount=proposal.amount, by=scene.cast.worker, at=AT
        )
    need = Need.objects.get(pk=scene.medicine.pk)
    assert (need.reserved, need.remaining) == (6, 0)


def test_pledge_is_a_lot_for_this_need_alone_and_a_suggestion_of_the_donor(scene: Scene):
    proposal = pledge(scene, 6)

    assert proposal.lot.restricted_ref == scene.medicine.public_id
    assert (proposal.origin, proposal.state, proposal.lot.reserved) == ("donor", "suggested", 0)
    with pytest.raises(Refused) as refused:
        services.propose_by_hand(need=scene.quilts, lot=proposal.lot, amount=1, by=scene.cast.worker, at=AT)
    assert refused.value.code == "condition_item"


def test_pledge_refuses_a_need_that_is_not_open(scene: Scene):
    Need.objects.filter(pk=scene.medicine.pk).update(state="cancelled")

    with pytest.raises(Refused) as refused:
        pledge(scene, 1)

    assert refused.value.code == "need_closed"
    assert not Proposal.objects.exists()


def test_pledge_by_a_relative_of_the_donor_is_refused(scene: Scene):
    scene.miller.phone = cast.WIDOW_PHONE
    scene.miller.save()

    with pytest.raises(Refused) as refused:
        pledge(scene, 1)

    assert refused.value.code == "related_party"
    assert not Lot.objects.exists()


def test_undo_at_minute_nine_takes_the_suggestion_with_it(scene: Scene):
    proposal = pledge(scene, 6, binding="promise")

    withdraw_pledge(pledge=proposal.lot.pledge, by=scene.miller, at=AT + timedelta(minutes=9))

    proposal.refresh_from_db()
    assert proposal.state == ProposalState.EXPIRED
    assert Lot.objects.get(pk=proposal.lot_id).state == LotState.WITHDRAWN
    assert left_of(scene.medicine) == 6


def test_undo_of_a_promise_at_minute_eleven_is_refused(scene: Scene):
    proposal = pledge(scene, 6, binding="promise")

    with pytest.raises(Refused) as refused:
        withdraw_pledge(pledge=proposal.lot.pledge, by=scene.miller, at=AT + timedelta(minutes=11))

    assert refused.value.code == "pledge_binds"
    proposal.refresh_from_db()
    assert (proposal.state, proposal.lot.pledge.state) == (ProposalState.SUGGESTED, PledgeState.MADE)


def at_once(*acts: Any) -> list[str]:
    """Every act in a thread of its own, let loose together; what each ended with."""
    outcomes: list[str] = []
    barrier = threading.Barrier(len(acts))

    def run(act: Any) -> None:
        barrier.wait()
        try:
            act()
            outcomes.append("done")
        except Refused as refused:
            outcomes.append(refused.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sorted(outcomes)


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_pledges_never_overfill(scene: Scene):
    other_user, other = checked_donor(scene.cast, "shop", cast.body("清河药店", "enterprise", 7))

    outcomes = at_once(lambda: pledge(scene, 4), lambda: pledge(scene, 4, donor=other, by=other_user))

    assert outcomes == ["done", "need_taken"]
    assert left_of(Need.objects.get(pk=scene.medicine.pk)) == 2


@pytest.mark.django_db(transaction=True)
def test_two_simultaneous_decisions_never_exceed_a_projects_room(scene: Scene):
    agency, _agent = agency_of(scene.cast, cast.body("清河社工社", "association", 8))
    tight = project_of(agency, {"chronic_medicine": 4}, number="9")
    first, second = pledge(scene, 3), pledge(scene, 3)

    outcomes = at_once(
        *(
            lambda proposal=proposal, by=by: services.decide(
                proposal=proposal, project=tight, amount=3, by=by, at=AT
            )
            for proposal, by in ((first, scene.cast.worker), (second, scene.cast.colleague))
        )
    )

    assert outcomes[0] == "done"
    assert outcomes[1] in {"no_capacity", "project_unfit"}
    assert tight.items.get().reserved == 3
    assert Need.objects.get(pk=scene.medicine.pk).reserved == 3
