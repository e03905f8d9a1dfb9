"""An objection to a match the family was right in: the supervisor releases it from the page of the decision."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from common import clock
from common.exceptions import Refused
from households.models import Household, Objection, Remedy
from households.queries.decisions import standing_decisions
from matching import services
from matching.models import Proposal
from tests import cast as people
from tests.cast import AT
from tests.households.objecting import decided, objects, outsiders
from tests.households.test_desk_acts import address
from tests.matching.conftest import Scene, listed_lot
from tests.matching.test_answers import proposed, say_yes
from tests.matching.test_decision import held
from tests.matching.test_parties import working_for


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


def asked(scene: Scene, **more: Any) -> Proposal:
    """A match the agency said yes to: the family is asked now."""
    proposal = proposed(scene, **more)
    say_yes(proposal, "agency", scene.agent)
    return Proposal.objects.get(pk=proposal.pk)


def named(row: Any) -> tuple[str, str]:
    return row._meta.label_lower, row.public_id


def offered(scene: Scene) -> dict[tuple[str, str], str]:
    household = Household.objects.get(pk=scene.quilts.household_id)
    return {one.about: one.words for one in standing_decisions(household) if one.subject == "match"}


def test_family_objects_to_a_match_once_it_was_asked_and_to_what_was_not_found(scene: Scene):
    assert set(offered(scene)) == {named(scene.quilts), named(scene.medicine)}

    proposal = proposed(scene)
    assert set(offered(scene)) == {named(scene.medicine)}
    say_yes(proposal, "agency", scene.agent)
    assert set(offered(scene)) == {named(proposal), named(scene.medicine)}
    assert proposal.number in offered(scene)[named(proposal)]
    before = offered(scene)[named(proposal)]
    services.release(proposal=proposal, reason="改期", by=scene.cast.worker, at=AT)

    assert set(offered(scene)) == {named(proposal), named(scene.quilts), named(scene.medicine)}
    assert offered(scene)[named(proposal)] != before


def test_another_familys_match_is_not_to_be_objected_to(scene: Scene):
    proposal = asked(scene)
    other = people.approved(people.applies(people.clean_answers(1)), scene.cast).household

    for about in (named(proposal), named(scene.quilts)):
        with pytest.raises(Refused) as caught:
            objects(other, "match", about=about)
        assert caught.value.code == "decision_unknown"
    assert not Objection.objects.exists()


def test_only_the_match_named_is_offered_for_release(scene: Scene):
    first = asked(scene)
    lot = listed_lot(scene, "chronic_medicine", 60)
    second = services.propose_by_hand(need=scene.medicine, lot=lot, amount=3, by=scene.cast.worker, at=AT)
    services.decide(proposal=second, project=scene.project, amount=3, by=scene.cast.worker, at=AT)
    decided(scene.quilts.household, "match", outsiders(scene.cast), scene.cast, about=named(first))

    page = people.signed_in(scene.cast.supervisor).get(address(Remedy.objects.get(), "act")).content.decode()

    assert f"/{first.public_id}/release/" in page
    assert f"/{second.public_id}/release/" not in page


def test_who_works_for_a_party_takes_no_objection_down(scene: Scene):
    asked(scene)
    tied = working_for(scene, scene.cast.second_supervisor, scene.cast.mill)

    with pytest.raises(Refused) as caught:
        objects(scene.quilts.household, "conduct", by=tied)

    assert (caught.value.code, Objection.objects.exists()) == ("own_employer", False)


def test_match_is_released_from_the_page_of_the_decision(scene: Scene):
    proposal = asked(scene)
    decided(scene.quilts.household, "match", outsiders(scene.cast), scene.cast, about=named(proposal))
    remedy, boss = Remedy.objects.get(), people.signed_in(scene.cast.supervisor)
    release = f"/admin/matching/proposal/{proposal.public_id}/release/"
    assert held(scene, proposal) == (2, 2, 2)  # nothing is torn up by the decision itself
    assert release in boss.get(address(remedy, "act")).content.decode()

    assert boss.post(release, {"_key": "1", "reason": "家里另有被子"}).status_code == 302

    assert (Proposal.objects.get().state, held(scene, proposal)) == ("released", (0, 0, 0))
    assert release not in boss.get(address(remedy, "act")).content.decode()


def test_another_familys_match_is_not_offered(scene: Scene):
    proposal = proposed(scene)
    other = people.approved(people.applies(people.clean_answers(1)), scene.cast).household
    decided(other, "match", outsiders(scene.cast), scene.cast)

    page = people.signed_in(scene.cast.supervisor).get(address(Remedy.objects.get(), "act")).content.decode()

    assert proposal.number not in page
