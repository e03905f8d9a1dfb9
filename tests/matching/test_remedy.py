"""An objection to a match the family was right in: the supervisor releases it from the page of the decision."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from common import clock
from households.models import Remedy
from matching.models import Proposal
from tests import cast as people
from tests.cast import AT
from tests.households.objecting import decided, outsiders
from tests.households.test_desk_acts import address
from tests.matching.conftest import Scene
from tests.matching.test_answers import proposed
from tests.matching.test_decision import held


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


def test_match_is_released_from_the_page_of_the_decision(scene: Scene):
    proposal = proposed(scene)
    decided(scene.quilts.household, "match", outsiders(scene.cast), scene.cast)
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
