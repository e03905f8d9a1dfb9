"""The family's word that help arrived: taken back for ten minutes, then need, ledger and news move once."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from common import clock
from common.actors import SYSTEM, CodeHolder
from common.exceptions import Refused
from delivery import services
from delivery.models import Delivery
from donors.models import FeedbackDue, LedgerEntry, Lot
from donors.services import freeze_lot
from households.models import Need
from households.services import grant_delegation
from journal.models import Entry
from matching.models import Proposal
from notices.models import Notice
from tests.cast import AT, signed_in
from tests.delivery.scene import Scene, handed_over, money_arrived, paid, paper, under_agreement
from tests.delivery.test_pages import at_home, done, post
from tests.households.test_submit import HELPER

UNDO = timedelta(minutes=10)


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def brought(scene: Scene) -> tuple[Scene, Delivery]:
    """Money brought to the family, which has not answered yet."""
    scene, proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    return scene, handed_over(scene, proposal, 60_000, paid(scene, agreement, 60_000))


def says_yes(scene: Scene, delivery: Delivery) -> Delivery:
    return services.confirm_receipt(delivery=delivery, method="web", evidence=None, by=scene.family, at=AT)


def books() -> list[Any]:
    """Everything that depends on a receipt."""
    return [
        list(Delivery.objects.values()),
        list(Need.objects.values("reserved", "delivered", "state")),
        list(Lot.objects.values("reserved", "disbursed")),
        list(Proposal.objects.values("state")),
        LedgerEntry.objects.count(),
        FeedbackDue.objects.filter(kind="allocation").count(),
        Notice.objects.filter(kind="delivery_received").count(),
    ]


def refused(code: str, act: Any, **given: Any) -> None:
    before = books()
    with pytest.raises(Refused) as caught:
        act(**given)
    assert caught.value.code == code
    assert books() == before


def test_nothing_moves_while_the_family_can_think_again(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    _row, *before = books()

    says_yes(scene, delivery)

    assert books()[1:] == before
    assert services.settle_due_receipts(by=SYSTEM, at=AT + UNDO - timedelta(seconds=1)) == 0
    refused("undo_running", services.settle_receipt, delivery=delivery, by=SYSTEM, at=AT)
    assert books()[1:] == before


def test_word_is_taken_back_within_ten_minutes_and_asked_for_again(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    before = books()

    says_yes(scene, delivery)
    services.undo_receipt(delivery=delivery, by=scene.family, at=AT + UNDO - timedelta(seconds=1))

    after = books()
    delivery.refresh_from_db()
    assert (delivery.state, delivery.confirmed_at, delivery.confirmed_by_ref) == ("delivered", None, "")
    assert after[1:] == before[1:]
    entry = Entry.objects.filter(action="delivery.delivery.delivered").latest("pk")
    assert (entry.actor_ref, entry.parameters["reason"]) == (scene.family.actor_ref, "undone")
    assert services.settle_due_receipts(by=SYSTEM, at=AT + UNDO) == 0
    assert says_yes(scene, delivery).state == "confirmed"


def test_after_ten_minutes_the_word_stands(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    says_yes(scene, delivery)

    given: dict[str, Any] = {"delivery": delivery, "by": scene.family}
    refused("too_late_to_undo", services.undo_receipt, **given, at=AT + UNDO)
    services.settle_due_receipts(by=SYSTEM, at=AT + UNDO)
    refused("too_late_to_undo", services.undo_receipt, **given, at=AT)


def test_settled_receipt_moves_need_ledger_and_news_once(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    says_yes(scene, delivery)

    assert services.settle_due_receipts(by=SYSTEM, at=AT + UNDO) == 1
    assert services.settle_due_receipts(by=SYSTEM, at=AT + UNDO) == 0
    refused("nothing_to_settle", services.settle_receipt, delivery=delivery, by=SYSTEM, at=AT + UNDO)

    scene.money.refresh_from_db()
    scene.lot.refresh_from_db()
    assert (scene.money.delivered, scene.lot.disbursed) == (60_000, 60_000)
    assert LedgerEntry.objects.filter(target="disbursed").count() == 1
    assert FeedbackDue.objects.filter(kind="allocation").count() == 1
    news = Notice.objects.get(kind="delivery_received", to_ref=scene.giver.public_id)
    assert news.params == {"number": delivery.proposal.number}


def test_held_gift_waits_and_is_settled_when_it_is_free_again(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    says_yes(scene, delivery)
    freeze_lot(lot=scene.lot, reason="有人反映来源不明", by=scene.cast.supervisor, at=AT)
    before = books()

    assert services.settle_due_receipts(by=SYSTEM, at=AT + UNDO) == 0

    assert books() == before
    Lot.objects.filter(pk=scene.lot.pk).update(state="listed")
    assert services.settle_due_receipts(by=SYSTEM, at=AT + UNDO) == 1


def test_goods_brought_in_time_count_though_the_word_comes_late(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    Lot.objects.filter(pk=scene.lot.pk).update(expires_on=AT.date())
    late = AT + timedelta(days=2)
    services.confirm_receipt(delivery=delivery, method="web", evidence=None, by=scene.family, at=late)

    assert services.settle_due_receipts(by=SYSTEM, at=late + UNDO) == 1


def test_only_who_speaks_for_the_family_takes_its_word_back(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    says_yes(scene, delivery)

    for by in (scene.leader, scene.giver, scene.cast.stranger, CodeHolder("nobodynobody")):
        refused("not_yours", services.undo_receipt, delivery=delivery, by=by, at=AT)


def test_nothing_is_taken_back_before_it_was_said(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought

    refused("nothing_to_undo", services.undo_receipt, delivery=delivery, by=scene.family, at=AT)


def test_delegate_takes_back_within_the_scope(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    says_yes(scene, delivery)
    given = [
        grant_delegation(
            household=scene.household, delegate=replace(HELPER, scope=(scope,)), evidence=None,
            by=scene.family, at=AT,
        )
        for scope in ("receive_goods", "receive_money")
    ]  # fmt: skip
    goods, money = (CodeHolder(one.public_id, "delegate") for one in given)

    refused("not_yours", services.undo_receipt, delivery=delivery, by=goods, at=AT)
    services.undo_receipt(delivery=delivery, by=money, at=AT)

    delivery.refresh_from_db()
    assert delivery.state == "delivered"


def test_database_settles_nothing_that_can_be_taken_back(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    says_yes(scene, delivery)
    row = Delivery.objects.filter(pk=delivery.pk)

    for broken in ({"settled_at": AT}, {"settled_at": AT + UNDO, "state": "delivered"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            row.update(**broken)


def test_family_takes_its_word_back_on_its_page(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    family = at_home(scene)
    yes = reverse("delivery:household_arrived", args=[delivery.public_id])
    undo = reverse("delivery:household_undo_arrived", args=[delivery.public_id])
    assert family.get(undo).status_code == 404

    done(post(family, yes))
    assert undo in family.get(reverse("households:status")).content.decode()
    assert family.get(undo).status_code == 200
    done(post(family, undo))

    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    done(post(family, yes))
    with clock.fixed(AT + UNDO):
        assert undo not in family.get(reverse("households:status")).content.decode()
        assert family.get(undo).status_code == 404
        assert family.post(undo, {"_key": "too-late"}).status_code == 409
    delivery.refresh_from_db()
    assert delivery.state == "confirmed"


def test_worker_takes_it_back_at_the_desk(brought: tuple[Scene, Delivery]) -> None:
    scene, delivery = brought
    proof = paper("confirmation_evidence", delivery, scene.cast.worker)
    services.confirm_receipt(delivery=delivery, method="worker", evidence=proof, by=scene.cast.worker, at=AT)
    address = reverse("admin:delivery_delivery_act", args=[delivery.public_id, "undo-arrived"])

    with clock.fixed(AT):
        done(post(signed_in(scene.cast.worker), address))

    delivery.refresh_from_db()
    assert (delivery.state, delivery.evidence) == ("delivered", None)
