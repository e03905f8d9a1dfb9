"""Who works for the donor, the agency or the fund holder of a family's match decides nothing on its file."""

from __future__ import annotations

from typing import Any

import pytest

from accounts import services as accounts
from accounts.enums import OrganisationKind, Role
from accounts.models import Organisation, User
from common.exceptions import Refused
from donors.models import Lot
from households.models import Household, Need, Objection
from households.rules import parties_of
from households.services import (
    assign_objection,
    decide_objection,
    override_severity,
    suspend_household,
)
from matching import services
from matching.models import Proposal
from projects.models import Project
from tests import cast
from tests.cast import AT
from tests.households.objecting import objects
from tests.matching.conftest import Scene, listed_lot
from tests.matching.test_answers import proposed
from tests.matching.test_pledge import pledge
from tests.projects.stage import admitted_holder

SEAT_AT = {
    OrganisationKind.ENTERPRISE: Role.DONOR,
    OrganisationKind.ASSOCIATION: Role.AGENCY,
    OrganisationKind.FOUNDATION: Role.FUND_HOLDER,
}


def working_for(scene: Scene, user: User, organisation: Organisation) -> User:
    """The same person has a seat there as well."""
    accounts.invite_member(
        username=user.username, name=user.name, role=SEAT_AT[OrganisationKind(organisation.kind)],
        organisation=organisation, by=scene.cast.administrator, at=AT,
    )  # fmt: skip
    seat = user.memberships.get(organisation=organisation)
    accounts.accept_invitation(membership=seat, password=cast.PASSWORD, by=user, at=AT)
    again: User = User.objects.get(pk=user.pk)
    return again


def objection_of(household: Household) -> Objection:
    return objects(household, "match", text="为什么是别人？")


def refused(code: str, act: Any, **given: Any) -> None:
    def rows() -> list[Any]:
        return [list(model.objects.order_by("pk").values()) for model in (Household, Need, Objection)]

    before = rows()
    with pytest.raises(Refused) as caught:
        act(**given, at=AT)
    assert (caught.value.code, rows()) == (code, before)


def tied_to(scene: Scene, party: str) -> Organisation:
    """A match with this party in it, and the party."""
    if party in {"donor", "agency"}:
        proposed(scene)
        return scene.cast.mill if party == "donor" else scene.agency.organisation
    foundation = cast.body("清河县慈善基金会", OrganisationKind.FOUNDATION, 44)
    proposal = proposed(scene)
    if party == "the lot's holder":
        Lot.objects.filter(pk=proposal.lot_id).update(fund_holder=foundation)
    else:
        holder = admitted_holder(scene.cast)
        type(holder).objects.filter(pk=holder.pk).update(organisation=foundation)
        Project.objects.filter(pk=scene.project.pk).update(fund_holder=holder)
    return foundation


@pytest.mark.parametrize("party", ["donor", "agency", "the lot's holder", "the project's holder"])
def test_employee_of_a_party_decides_nothing_on_the_file(scene: Scene, party: str):
    household, supervisor = scene.quilts.household, scene.cast.second_supervisor
    severity: dict[str, Any] = {"need": scene.medicine, "severity": 5, "reason": "冬天到了"}
    override_severity(**severity, by=working_for(scene, supervisor, tied_to_nobody()), at=AT)
    objection = objection_of(household)

    tied = working_for(scene, supervisor, tied_to(scene, party))

    refused("own_employer", override_severity, **severity, by=tied)
    refused("own_employer", suspend_household, household=household, reason="moved", by=tied)
    asked: dict[str, Any] = {"objection": objection, "second": scene.cast.village_worker}
    refused("own_employer", assign_objection, **asked, first=tied, by=scene.cast.supervisor)
    refused("own_employer", assign_objection, **asked, first=scene.cast.stranger, by=tied)


def tied_to_nobody() -> Organisation:
    """An enterprise that gives nothing to this family."""
    return cast.body("清河木器厂", OrganisationKind.ENTERPRISE, 45)


def test_decider_who_is_tied_since_gives_no_opinion(scene: Scene):
    household, decider = scene.quilts.household, scene.cast.second_supervisor
    other = cast.hire(
        "wu", "吴二", Role.SOCIAL_WORKER, organisation=scene.cast.station, prefix=cast.COUNTY,
        by=scene.cast.administrator,
    )  # fmt: skip
    objection = objection_of(household)
    assign_objection(objection=objection, first=decider, second=other, by=scene.cast.supervisor, at=AT)

    tied = working_for(scene, decider, tied_to(scene, "donor"))

    said: dict[str, Any] = {"objection": objection, "opinion": "dismiss", "answer": "没有问题。"}
    refused("own_employer", decide_objection, **said, by=tied)
    decide_objection(**said, by=other, at=AT)


def test_suggestion_of_a_run_ties_nobody_and_a_pledge_to_the_family_does(scene: Scene):
    household = scene.quilts.household
    services.propose_by_hand(need=scene.quilts, lot=listed_lot(scene), amount=1, by=scene.cast.worker, at=AT)
    assert parties_of(household) == frozenset()

    pledged = pledge(scene, 1)
    assert parties_of(household) == {scene.cast.mill.pk}
    services.ban(proposal=pledged, reason="不合适", by=scene.cast.worker, at=AT)
    assert parties_of(household) == {scene.cast.mill.pk}


def test_released_match_still_ties_its_parties(scene: Scene):
    proposal = proposed(scene)
    services.release(proposal=proposal, reason="改期", by=scene.cast.worker, at=AT)

    assert Proposal.objects.get(pk=proposal.pk).state == "released"
    assert parties_of(scene.quilts.household) == {scene.cast.mill.pk, scene.cast.association.pk}


def test_another_familys_match_ties_nobody_here(scene: Scene):
    proposed(scene)
    other = cast.approved(cast.applies(cast.clean_answers(1)), scene.cast).household

    assert parties_of(other) == frozenset()
