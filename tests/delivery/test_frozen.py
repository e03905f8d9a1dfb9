"""Nothing is paid to a frozen agency nor from a gift that is held for a check (domain §10.7)."""

from __future__ import annotations

from typing import Any

import pytest

from common import clock
from delivery import services
from delivery.models import Agreement, Disbursement
from donors.services import freeze_lot, unfreeze_lot
from implementers.services import change_standing_state
from journal.models import Entry
from projects.models import Project
from tests.cast import AT
from tests.delivery.scene import Scene, money_arrived, paper, requested, under_agreement
from tests.gates import refused


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(AT):
        yield


def freezes(scene: Scene, what: str) -> str:
    """The agency or the gift is held; the code of the refusal that follows."""
    given: dict[str, Any] = {"reason": "有人举报", "by": scene.cast.supervisor, "at": AT}
    if what == "gift":
        freeze_lot(lot=scene.lot, **given)
        return "gift_held"
    agency = Project.objects.get(pk=scene.project.pk).agency
    change_standing_state(agency=agency, to="frozen", **given)
    if what == "removed":
        change_standing_state(agency=agency, to="eliminated", **given)
    return "agency_frozen"


def fresh(row: Disbursement) -> Disbursement:
    return Disbursement.objects.get(pk=row.pk)


def acts() -> int:
    return Entry.objects.filter(action__contains="disbursement").count()


@pytest.mark.parametrize("what", ["agency", "removed", "gift"])
def test_no_payment_is_asked_for_while_something_is_frozen(scene: Scene, what: str) -> None:
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    code = freezes(scene, what)

    given: dict[str, Any] = {"amount": 60_000, "purpose": "补助", "by": scene.leader, "at": AT}
    refused(
        code,
        services.request_disbursement,
        agreement=Agreement.objects.get(pk=agreement.pk),
        **given,
    )

    agreement.refresh_from_db()
    assert (Disbursement.objects.count(), agreement.drawn, acts()) == (0, 0, 0)


@pytest.mark.parametrize("what", ["agency", "gift"])
@pytest.mark.parametrize("step", ["check", "first", "second", "payment"])
def test_no_payment_goes_on_while_something_is_frozen(scene: Scene, what: str, step: str) -> None:
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = requested(scene, agreement)
    slip = paper("payment_proof", row, scene.keepers[0])
    check, approve, pay = (
        services.check_disbursement,
        services.approve_disbursement,
        services.record_payment,
    )
    paid: dict[str, Any] = {"paid_on": AT.date(), "reference": "P-1", "proof": slip}
    steps: list[tuple[str, Any, dict[str, Any]]] = [
        ("check", check, {"by": scene.keepers[0]}),
        ("first", approve, {"by": scene.keepers[1]}),
        ("second", approve, {"by": scene.keepers[2]}),
        ("payment", pay, {"by": scene.keepers[0], **paid}),
    ]
    at = [name for name, *_rest in steps].index(step)
    for _name, act, given in steps[:at]:
        act(disbursement=fresh(row), at=AT, **given)
    code = freezes(scene, what)
    before = (fresh(row).state, fresh(row).first_approver, acts())

    _name, act, given = steps[at]
    refused(code, act, disbursement=fresh(row), at=AT, **given)

    assert (fresh(row).state, fresh(row).first_approver, acts()) == before


def test_payment_goes_on_once_the_check_of_the_gift_is_over(scene: Scene) -> None:
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    freezes(scene, "gift")

    unfreeze_lot(lot=scene.lot, by=scene.cast.supervisor, at=AT)

    assert requested(scene, agreement).state == "requested"
