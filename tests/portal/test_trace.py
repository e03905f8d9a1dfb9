"""Every unit to its result, to the cent: agreement, payment, vouchers, what was handed over; nothing of the family."""

from __future__ import annotations

from datetime import timedelta

import pytest

from accounts.models import User
from common import clock
from common.actors import SYSTEM
from delivery import services
from tests.cast import AT, WIDOW, signed_in
from tests.delivery.scene import Scene, handed_over, money_arrived, opening, paid, under_agreement, vouchered

pytestmark = pytest.mark.django_db
DAY = str(clock.day_of(AT))


@pytest.fixture
def scene() -> Scene:
    return opening()


def page(user: User, scene: Scene) -> str:
    with clock.fixed(AT + timedelta(hours=1)):
        answer = signed_in(user).get(f"/trace/{scene.lot.public_id}/")
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def test_donor_reads_agreement_payment_vouchers_and_proof_to_the_cent(scene: Scene) -> None:
    scene, proposal, entrustment = under_agreement(scene)
    money_arrived(scene)
    row = paid(scene, entrustment, 60_000)
    handed = handed_over(scene, proposal, 59_975, row)

    shown = page(scene.giver, scene)

    assert f'<a href="/delivery/agreements/{entrustment.public_id}/">{entrustment}</a>' in shown
    assert signed_in(scene.giver).get(f"/delivery/agreements/{entrustment.public_id}/").status_code == 200
    assert entrustment.effective_at is not None
    assert f'<span class="nowrap">{clock.day_of(entrustment.effective_at)}</span>' in shown
    for words in (
        "拨款 · ¥\xa0600.00",
        "本份已送到 ¥\xa0599.75",
        "还没有凭证",
        "证明已存档",
        row.number,
        DAY,
    ):
        assert words in shown.replace("¥ ", "¥\xa0"), words

    services.confirm_receipt(delivery=handed, method="web", evidence=None, by=scene.family, at=AT)
    services.settle_due_receipts(by=SYSTEM, at=AT + timedelta(minutes=10))
    row = vouchered(scene, row, 59_975)
    assert "已交凭证 ¥\xa0599.75 · 还没有核销" in page(scene.giver, scene).replace("¥ ", "¥\xa0")
    row = vouchered(scene, row, 25, "V-2")
    services.reconcile(disbursement=row, by=scene.keepers[0], at=AT)
    shown = page(scene.giver, scene).replace("¥ ", "¥\xa0")
    assert "已交凭证 ¥\xa0600.00 · 资金托管单位已核销" in shown
    for private in (WIDOW, scene.household.number, scene.household.public_id, "供销社", "V-1"):
        assert private not in shown


def test_agreement_is_named_without_a_link_to_whoever_may_not_open_it(scene: Scene) -> None:
    scene, _proposal, entrustment = under_agreement(scene)

    shown = page(scene.cast.stranger, scene)  # the gift may serve any county, the project serves one

    assert str(entrustment) in shown
    assert f"/delivery/agreements/{entrustment.public_id}/" not in shown
