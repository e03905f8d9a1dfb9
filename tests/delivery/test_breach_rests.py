"""While a breach of an entrustment is being heard, no payment under it is asked for or approved."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from common import clock
from delivery import services
from delivery.models import Agreement, Disbursement, Ending
from journal.models import Entry
from tests.cast import AT, signed_in
from tests.delivery.scene import Scene, money_arrived, paper, requested, under_agreement
from tests.gates import refused


@pytest.fixture(autouse=True)
def still_clock():
    with clock.fixed(AT):
        yield


def accused(agreement: Agreement, scene: Scene) -> Ending:
    owner = ("delivery.endings_of_agreement", agreement.public_id)
    keeper = scene.keepers[0]
    return services.ask_ending(
        agreement=agreement, ground="breach", reason="报告两次未交。", clause="reporting", against="agency",
        evidence=paper("ending_evidence", owner, keeper), by=keeper, at=AT,
    )  # fmt: skip


def acts() -> int:
    return Entry.objects.filter(action__contains="disbursement").count()


def test_open_breach_stops_new_requests_and_says_whom_to_ask(scene: Scene) -> None:
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    accused(agreement, scene)
    before = acts()

    given: dict[str, Any] = {
        "agreement": agreement,
        "amount": 60_000,
        "purpose": "补助",
        "by": scene.leader,
        "at": AT,
    }
    refused("breach_open", services.request_disbursement, **given)

    agreement.refresh_from_db()
    assert (Disbursement.objects.count(), agreement.drawn, acts()) == (0, 0, before)
    page = signed_in(scene.leader).post(
        reverse("delivery:request_payment", args=[scene.project.public_id]),
        {"amount": "600", "purpose": "补助", "_key": "1"},
    )
    assert page.status_code == 409
    assert "督导" in page.content.decode()
    assert not Disbursement.objects.exists()


def test_open_breach_stops_both_approvals_and_a_dismissed_one_lets_them_go_on(scene: Scene) -> None:
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = requested(scene, agreement)
    services.check_disbursement(disbursement=row, by=scene.keepers[0], at=AT)
    services.approve_disbursement(disbursement=row, by=scene.keepers[1], at=AT)
    ending = accused(agreement, scene)
    before = acts()

    refused("breach_open", services.approve_disbursement, disbursement=row, by=scene.keepers[2], at=AT)

    row.refresh_from_db()
    assert (row.state, row.second_approver, acts()) == ("checked", None, before)

    services.answer_ending(ending=ending, answer="stated", text="已经补交。", by=scene.leader, at=AT)
    services.decide_ending(ending=ending, ends=False, reason="已经补交。", by=scene.cast.supervisor, at=AT)

    assert services.approve_disbursement(disbursement=row, by=scene.keepers[2], at=AT).state == "approved"


def test_mutual_end_that_is_being_talked_about_stops_no_payment(scene: Scene) -> None:
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    services.ask_ending(agreement=agreement, ground="mutual", reason="都迁走了。", by=scene.leader, at=AT)

    assert requested(scene, agreement).state == "requested"
