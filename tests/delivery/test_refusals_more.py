"""Who signs, which slip stands for which money, and two people who ask at the same moment."""

from __future__ import annotations

from typing import Any

import pytest

from common.actors import CodeHolder
from delivery import services
from delivery.models import Disbursement, Transfer
from delivery.services import payments
from tests.cast import AT
from tests.delivery import scene as d
from tests.refusing import refuses


@pytest.mark.parametrize("who", ["another family", "the donor"])
def test_nobody_else_signs_for_the_family(scene: d.Scene, who: str) -> None:
    d.matched(scene)
    d.analysed(scene)
    agreement = d.opened(scene, d.drafted_service(scene))
    by = CodeHolder("nobodynobody") if who == "another family" else scene.giver

    with refuses("not_a_signer"):
        services.sign_agreement(
            agreement=agreement, signer="household", text_hash=agreement.content_hash, method="web",
            evidence=None, by=by, at=AT,
        )  # fmt: skip


def test_family_does_not_sign_for_the_agency(scene: d.Scene) -> None:
    d.matched(scene)
    d.analysed(scene)
    agreement = d.opened(scene, d.drafted_service(scene))

    with refuses("not_a_signer"):
        services.sign_agreement(
            agreement=agreement, signer="agency", text_hash=agreement.content_hash, method="web",
            evidence=None, by=scene.family, at=AT,
        )  # fmt: skip


def test_tranche_is_asked_for_once_by_two_at_the_same_moment(
    scene: d.Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The second looked before the first was stored; the table holds what the look could not."""
    scene, _proposal, agreement = d.under_agreement(scene)
    d.money_arrived(scene)
    seen_before: Any = payments.next_tranche(agreement)
    d.requested(scene, agreement, 30_000)
    monkeypatch.setattr(payments, "next_tranche", lambda _agreement: seen_before)

    with refuses("tranche_taken"):
        d.requested(scene, agreement, 30_000)

    assert Disbursement.objects.count() == 1


@pytest.mark.parametrize("missing", ["reference", "slip"])
def test_payment_is_recorded_with_reference_and_slip(scene: d.Scene, missing: str) -> None:
    scene, _proposal, agreement = d.under_agreement(scene)
    d.money_arrived(scene)
    row = d.requested(scene, agreement)
    services.check_disbursement(disbursement=row, by=scene.keepers[0], at=AT)
    services.approve_disbursement(disbursement=row, by=scene.keepers[1], at=AT)
    services.approve_disbursement(disbursement=row, by=scene.keepers[2], at=AT)
    slip = d.paper("payment_proof", row, scene.keepers[0])

    with refuses("proof_missing"):
        services.record_payment(
            disbursement=row, paid_on=AT.date(), reference=" " if missing == "reference" else "P-1",
            proof=None if missing == "slip" else slip, by=scene.keepers[0], at=AT,
        )  # fmt: skip


def test_bank_reference_stands_for_one_transfer(scene: d.Scene) -> None:
    d.money_arrived(scene, 40_000, reference="B-1")
    proof = d.paper("transfer_proof", scene.lot, scene.giver)

    with refuses("reference_known"):
        services.declare_transfer(
            lot=scene.lot, amount=20_000, sent_on=AT.date(), bank_reference=" B-1 ", proof=proof, by=scene.giver,
            at=AT,
        )  # fmt: skip

    assert Transfer.objects.count() == 1
