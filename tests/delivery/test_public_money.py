"""Public money arrives by its budget or transfer document: it carries no donation receipt."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from accounts.enums import Role
from accounts.models import User
from common import clock
from delivery import services
from delivery.models import Transfer
from donors.models import Lot
from donors.services import list_lot, review_lot
from donors.services.public_fund import register_public_fund
from reference.queries import get_item
from tests.cast import AT, COUNTY, body, hire, signed_in
from tests.delivery.scene import HELD, MINUTE, Scene, money_arrived, paper, statement
from tests.gates import refused


@pytest.fixture
def officer(scene: Scene) -> User:
    office = body("清河县民政局", "government", 60)
    return hire(
        "qin", "秦科长", Role.OFFICER, prefix=COUNTY, organisation=office, by=scene.cast.administrator
    )


@pytest.fixture
def sent(scene: Scene, officer: User) -> Transfer:
    """Public money on its way to the fund holder."""
    lot: Lot = register_public_fund(
        officer=officer, title="临时救助", department="民政局", document_no="Q1", budget_line="2081901",
        items=[get_item("living_aid")], amount=HELD, area=COUNTY, fund_holder=scene.holder.organisation,
        by=officer, at=AT - 20 * MINUTE,
    )  # fmt: skip
    if lot.state == "submitted":
        lot = review_lot(lot=lot, by=scene.cast.worker, at=AT)
        lot = list_lot(lot=lot, by=scene.cast.worker, at=AT)
    return services.declare_transfer(
        lot=lot, amount=HELD, sent_on=AT.date(), bank_reference="B-7",
        proof=paper("transfer_proof", lot, officer), by=officer, at=AT,
    )  # fmt: skip


def test_public_money_is_asked_for_its_document(scene: Scene, sent: Transfer, officer: User) -> None:
    keeper = signed_in(scene.keepers[0])
    with clock.fixed(AT):
        form = keeper.get(reverse("delivery:transfer_act", args=[sent.public_id, "confirm"]))
    asked = form.context["form"]
    assert str(asked["receipt_no"].label) == "预算或拨款文件文号"
    assert "票据" not in str(asked["receipt_no"].label)

    given: dict[str, Any] = {"transfer": sent, "arrived_on": AT.date(), "proof": statement(scene, sent.lot)}
    refused("receipt_missing", services.confirm_arrival, **given, receipt_no=" ", by=scene.keepers[0], at=AT)
    services.confirm_arrival(**given, receipt_no="清财农〔2026〕7号", by=scene.keepers[0], at=AT)

    page = signed_in(officer).get(reverse("delivery:transfer", args=[sent.public_id]))
    facts = {str(label): value for label, value in page.context["facts"]}
    assert facts["预算或拨款文件"] == "清财农〔2026〕7号"
    assert "捐赠票据" not in page.content.decode()


def test_gift_is_asked_for_its_receipt(scene: Scene) -> None:
    page = signed_in(scene.giver).get(reverse("delivery:transfer", args=[money_arrived(scene).public_id]))

    labels = [str(label) for label, _value in page.context["facts"]]
    assert "捐赠票据" in labels
    assert "预算或拨款文件" not in labels
