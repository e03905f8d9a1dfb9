"""Steps of an agreement, a payment or a handing over that are not open yet, or not any more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from common.actors import SYSTEM
from delivery import services
from delivery.models import Agreement, Disbursement
from donors import services as donors
from matching import services as matches
from projects import services as projects
from reference.queries import get_item
from tests.cast import AT
from tests.delivery import scene as d
from tests.refusing import refuses

DAY = timedelta(days=1)
LATER = AT + 10 * d.MINUTE


@pytest.fixture
def service(scene: d.Scene) -> Agreement:
    """The agreement with the family, written."""
    d.matched(scene)
    d.analysed(scene)
    return d.drafted_service(scene)


def signs(scene: d.Scene, agreement: Agreement) -> Any:
    return services.sign_agreement(
        agreement=agreement, signer="agency", text_hash=agreement.content_hash, method="web", evidence=None,
        by=scene.leader, at=AT,
    )  # fmt: skip


def test_draft_is_not_signed(scene: d.Scene, service: Agreement) -> None:
    with refuses("not_signing"):
        signs(scene, service)


def test_signature_under_an_agreement_in_force_is_not_undone(scene: d.Scene, service: Agreement) -> None:
    agreement = d.in_force(scene, service)

    with refuses("not_signing"):
        services.undo_signature(agreement=agreement, signer="agency", by=scene.leader, at=AT + d.MINUTE)


def test_party_signs_once(scene: d.Scene, service: Agreement) -> None:
    agreement = d.opened(scene, service)
    signs(scene, agreement)

    with refuses("signed_already"):
        signs(scene, agreement)


def test_agreement_one_party_has_not_signed_does_not_come_into_force(
    scene: d.Scene, service: Agreement
) -> None:
    agreement = d.sign(scene, d.opened(scene, service), "agency")

    with refuses("not_signed"):
        services.make_effective(agreement=agreement, by=SYSTEM, at=LATER)


def test_agreement_is_not_over_on_its_last_day(scene: d.Scene, service: Agreement) -> None:
    agreement = d.in_force(scene, service)
    last = AT + (agreement.end - AT.date())

    with refuses("not_over"):
        services.expire_agreement(agreement=agreement, by=SYSTEM, at=last)

    assert services.expire_agreement(agreement=agreement, by=SYSTEM, at=last + DAY).state == "expired"


def smaller(agreement: Agreement) -> dict[str, Any]:
    """Half of what was agreed."""
    return {
        "agreement": agreement,
        "content": {**d.ENTRUSTMENT, "tranche_amounts": [30_000, 20_000]},
        "amount": 50_000,
        "start": agreement.start,
        "end": agreement.end,
        "at": AT,
    }


def test_new_version_is_not_below_what_was_asked_for(scene: d.Scene) -> None:
    scene, _proposal, agreement = d.under_agreement(scene)
    d.money_arrived(scene)
    d.requested(scene, agreement)

    with refuses("less_than_drawn"):
        services.amend_agreement(**smaller(agreement), by=scene.leader)


def test_new_version_does_not_come_into_force_below_what_was_asked_for_meanwhile(scene: d.Scene) -> None:
    scene, _proposal, agreement = d.under_agreement(scene)
    d.money_arrived(scene)
    newer = services.amend_agreement(**smaller(agreement), by=scene.leader)
    newer = d.sign(scene, d.opened(scene, newer), "agency", "fund_holder", "platform")
    d.requested(scene, agreement)

    with refuses("less_than_drawn"):
        services.make_effective(agreement=newer, by=SYSTEM, at=LATER)

    agreement.refresh_from_db()
    assert (agreement.state, agreement.drawn) == ("effective", 60_000)


def test_text_in_force_is_not_rewritten(scene: d.Scene) -> None:
    _scene, _proposal, agreement = d.under_agreement(scene)

    with refuses("not_open"):
        services.rewrite_agreement(**smaller(agreement), by=scene.leader)


@pytest.fixture
def asked(scene: d.Scene) -> Disbursement:
    """The first tranche, asked for while the project is at work."""
    scene, _proposal, agreement = d.under_agreement(scene)
    d.money_arrived(scene)
    projects.start_project(project=scene.project, by=scene.leader, at=AT)
    return d.requested(scene, agreement, 30_000)


def test_payment_is_not_approved_before_its_papers_were_checked(scene: d.Scene, asked: Disbursement) -> None:
    with refuses("not_checked"):
        services.approve_disbursement(disbursement=asked, by=scene.keepers[1], at=AT)


def test_payments_rest_with_their_project(scene: d.Scene, asked: Disbursement) -> None:
    checked = services.check_disbursement(disbursement=asked, by=scene.keepers[0], at=AT)
    slip = d.paper("payment_proof", asked, scene.keepers[0])
    projects.pause_project(project=asked.project, reason="大雪封路。", by=scene.cast.worker, at=AT)

    with refuses("project_state"):
        d.requested(scene, asked.agreement, 10_000)
    with refuses("project_state"):
        services.approve_disbursement(disbursement=checked, by=scene.keepers[1], at=AT)
    with refuses("project_state"):
        services.record_payment(
            disbursement=checked, paid_on=AT.date(), reference="P-1", proof=slip, by=scene.keepers[0], at=AT
        )


def test_voucher_waits_for_the_money(scene: d.Scene, asked: Disbursement) -> None:
    copy = d.paper("voucher", asked, scene.leader)

    with refuses("not_received"):
        services.record_voucher(
            disbursement=asked, issuer="供销社", number="V-1", amount=10_000, dated=AT.date(), purpose="补助",
            attachment=copy, by=scene.leader, at=AT,
        )  # fmt: skip


@pytest.mark.parametrize("missing", ["issuer", "number"])
def test_voucher_has_its_issuer_and_its_number(scene: d.Scene, missing: str) -> None:
    scene, _proposal, agreement = d.under_agreement(scene)
    d.money_arrived(scene)
    row = d.paid(scene, agreement)
    given: dict[str, Any] = {
        "disbursement": row, "issuer": "供销社", "number": "V-1", "amount": 10_000, "dated": AT.date(),
        "purpose": "补助", "attachment": d.paper("voucher", row, scene.leader),
    }  # fmt: skip

    with refuses("number_missing"):
        services.record_voucher(**given | {missing: " "}, by=scene.leader, at=AT)


def test_payment_handed_on_to_a_family_is_not_returned(scene: d.Scene) -> None:
    scene, proposal, agreement = d.under_agreement(scene)
    d.money_arrived(scene)
    row = d.paid(scene, agreement)
    d.handed_over(scene, proposal, 10_000, row)

    with refuses("handed_on"):
        services.return_disbursement(disbursement=row, reason="退回。", by=scene.keepers[0], at=AT)


def test_suggestion_nobody_took_has_no_project_to_bring_it(scene: d.Scene) -> None:
    proposal = matches.propose_by_hand(
        need=scene.money, lot=scene.lot, amount=d.HELD, by=scene.cast.worker, at=AT
    )

    with refuses("no_project"):
        services.plan_delivery(
            proposal=proposal, amount=10_000, planned_on=AT.date(), disbursement=None, by=scene.leader, at=AT
        )


def test_what_was_handed_over_is_not_handed_over_again(scene: d.Scene) -> None:
    scene, proposal, agreement = d.under_agreement(scene)
    d.money_arrived(scene)
    delivery = d.handed_over(scene, proposal, 10_000, d.paid(scene, agreement))

    with refuses("not_planned"):
        services.record_delivery(
            delivery=delivery, delivered_on=AT.date(), proof=delivery.proof, by=scene.leader, at=AT
        )


def declares(scene: d.Scene, lot: Any) -> Any:
    return services.declare_transfer(
        lot=lot, amount=10_000, sent_on=AT.date(), bank_reference="B-1",
        proof=d.paper("transfer_proof", lot, scene.giver), by=scene.giver, at=AT,
    )  # fmt: skip


def test_quilts_are_not_transferred(scene: d.Scene) -> None:
    quilts = d.listed_lot(scene.cast, scene.donor, scene.giver, None, slug="quilt", quantity=20_000)

    with refuses("not_money"):
        declares(scene, quilts)


def test_money_is_not_sent_before_its_offer_is_listed(scene: d.Scene) -> None:
    lot = donors.draft_lot(
        donor=scene.donor, title="过冬", items=[get_item("living_aid")], quantity=d.HELD,
        fund_holder=scene.holder.organisation, by=scene.giver, at=AT,
    )  # fmt: skip
    lot = donors.submit_lot(lot=lot, by=scene.giver, at=AT)

    with refuses("not_listed"):
        declares(scene, lot)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"receipt_no": " "}, "receipt_missing"),
        ({"arrived_on": AT.date() - DAY}, "arrival_day"),
        ({"arrived_on": AT.date() + DAY}, "arrival_day"),
        ({"proof": None}, "proof_missing"),
    ],
)
def test_arrival_has_a_receipt_a_statement_and_a_day_between_sending_and_today(
    scene: d.Scene, changes: dict[str, Any], code: str
) -> None:
    transfer = declares(scene, scene.lot)
    given: dict[str, Any] = {"arrived_on": AT.date(), "receipt_no": "R-1", "proof": d.statement(scene)}

    with refuses(code):
        services.confirm_arrival(transfer=transfer, **given | changes, by=scene.keepers[0], at=AT)

    transfer.refresh_from_db()
    assert (transfer.state, transfer.receipt_no, transfer.arrival_proof) == ("declared", "", None)
