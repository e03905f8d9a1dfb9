"""An altered sum is found: against the rows it counts, and against the journal when those were altered with it."""

import json
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.db.models import F

from delivery.models import Agreement, Delivery, Disbursement, Transfer, Voucher
from households.models import Need
from projects.models import ProjectItem
from tests.delivery.scene import Scene, handed_over, money_arrived, opening, paid, under_agreement, vouchered

pytestmark = pytest.mark.django_db


def verify() -> tuple[int, dict[str, Any]]:
    out = StringIO()
    try:
        call_command("verify_ledger", json=True, stdout=out)
    except SystemExit as stop:
        return int(str(stop.code)), json.loads(out.getvalue())["first"]
    return 0, json.loads(out.getvalue())


@pytest.fixture
def story(db: None) -> Scene:
    """A payment of 600 yuan, a voucher of 100, a delivery on its way."""
    scene, proposal, agreement = under_agreement(opening())
    money_arrived(scene)
    row = paid(scene, agreement)
    vouchered(scene, row, 10_000)
    handed_over(scene, proposal, 20_000, row)
    assert verify() == (0, {"lots": 1, "ok": True})
    return scene


ALTERED = [
    (Disbursement, {"amount": F("amount") - 1}, "delivery.disbursement"),
    (Disbursement, {"vouchered": F("vouchered") + 1}, "delivery.disbursement"),
    (Transfer, {"amount": F("amount") + 1}, "delivery.transfer"),
    (Voucher, {"amount": F("amount") + 1}, "delivery.voucher"),
    (Delivery, {"amount": F("amount") + 1}, "delivery.delivery"),
    (Agreement, {"drawn": F("drawn") - 1}, "delivery.agreement"),
    (Need, {"reserved": F("reserved") - 1}, "households.need"),
    (Need, {"delivered": F("delivered") + 1, "reserved": F("reserved") - 1}, "households.need"),
    (ProjectItem, {"reserved": F("reserved") - 1}, "projects.project"),
]


@pytest.mark.parametrize(("model", "change", "where"), ALTERED)
def test_altered_sum_is_named(story: Scene, model: Any, change: dict[str, Any], where: str):
    rows = model._base_manager.order_by("-pk")
    if model is Agreement:
        rows = rows.filter(drawn__gt=0)
    if model in (Need, ProjectItem):
        rows = rows.filter(reserved__gt=0)
    model._base_manager.filter(pk=rows[0].pk).update(**change)

    code, first = verify()

    assert code == 1
    assert first["where"].startswith(where)


def test_payment_altered_together_with_its_counter_contradicts_the_journal(story: Scene):
    row = Disbursement._base_manager.get()
    Disbursement._base_manager.update(amount=F("amount") - 100)
    Agreement._base_manager.filter(pk=row.agreement_id).update(drawn=F("drawn") - 100)

    assert verify() == (
        1,
        {
            "where": f"delivery.disbursement {row.public_id}",
            "what": f"amount {row.amount - 100}, the journal says {row.amount}",
        },
    )


def test_payment_nobody_asked_for_is_named(story: Scene):
    row = Voucher._base_manager.get()
    row.pk, row.public_id, row.number = None, "forged000000", "V-2"
    row.save(force_insert=True)

    err = StringIO()
    with pytest.raises(SystemExit):
        call_command("verify_ledger", stderr=err)

    assert (
        err.getvalue().strip() == "delivery.voucher forged000000: amount 10000, the journal does not know it"
    )
