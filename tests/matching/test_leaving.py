"""A family on file leaves: needs, matches, visits and sharing end, and the people can apply again."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from django.db.models import Model

from common import clock
from common.exceptions import Refused
from donors.models import Lot
from households import services
from households.models import Application, Consent, Household, Member, Need, Visit
from matching.models import Proposal
from matching.services import propose_by_hand
from tests import cast
from tests.cast import AT
from tests.households import walking
from tests.households.test_desk_acts import photo, post
from tests.households.test_status import entered
from tests.matching.conftest import Scene, listed_lot
from tests.matching.test_answers import proposed, say_yes, widow

ROWS: tuple[type[Model], ...] = (Application, Consent, Household, Lot, Member, Need, Proposal, Visit)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


def rows() -> list[Any]:
    return [list(model._base_manager.order_by("pk").values()) for model in ROWS]


def refused(code: str, household: Household, by: Any) -> None:
    before = rows()
    with pytest.raises(Refused) as caught:
        services.leave_support(household=household, evidence=None, by=by, at=AT)
    assert (caught.value.code, rows()) == (code, before)


def test_family_ends_its_support_on_its_own_page(scene: Scene):
    proposal = proposed(scene)
    say_yes(proposal, "agency", scene.agent)
    lot = listed_lot(scene, slug="chronic_medicine", quantity=6)
    suggested = propose_by_hand(need=scene.medicine, lot=lot, amount=6, by=scene.cast.worker, at=AT)
    household = scene.quilts.household
    assert scene.quilts.application is not None
    client = entered(scene.quilts.application)
    assert "/help/status/end/" in walking.text(client.get("/help/status/"))
    assert client.get("/help/status/end/").status_code == 200

    assert client.post("/help/status/end/", {"_key": "1"}).status_code == 302

    household.refresh_from_db()
    proposal.refresh_from_db()
    suggested.refresh_from_db()
    assert (household.state, proposal.state, suggested.state) == ("withdrawn", "released", "expired")
    assert set(household.needs.values_list("state", "reserved")) == {("cancelled", 0)}
    assert not household.consents.filter(withdrawn_at__isnull=True).exists()
    assert not household.members.filter(live=True).exists()
    proposal.lot.refresh_from_db()
    assert proposal.lot.reserved == 0
    assert client.get("/help/status/").status_code == 200
    assert client.get("/help/status/end/").status_code == 404
    assert cast.widow_applies().household_id != household.pk


def test_worker_needs_the_familys_own_word(scene: Scene):
    household = scene.quilts.household
    desk = cast.signed_in(scene.cast.worker)

    refused("evidence_missing", household, scene.cast.worker)
    refused("not_your_case", household, scene.cast.stranger)
    assert post(desk, household, "leave", "k1").status_code == 422
    assert Household.objects.get(pk=household.pk).state == "active"
    assert post(desk, household, "leave", "k2", upload=photo()).status_code == 302

    assert Household.objects.get(pk=household.pk).state == "withdrawn"
    assert desk.get(f"/admin/households/household/{household.public_id}/").status_code in {200, 302}


def test_help_under_agreement_is_left_there_first(scene: Scene):
    proposal = proposed(scene)
    Proposal.objects.filter(pk=proposal.pk).update(state="agreed")

    refused("under_agreement", scene.quilts.household, widow(scene))


def test_nobody_else_and_nobody_before_filing_ends_it(scene: Scene):
    other = cast.applies(cast.clean_answers(5))

    refused("not_yours", scene.quilts.household, type(widow(scene))(other.public_id))
    refused("file_not_open", other.household, type(widow(scene))(other.public_id))
