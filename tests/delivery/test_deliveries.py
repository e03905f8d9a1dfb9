"""Handing over and the family's own word."""

import pytest
from django.db import IntegrityError, transaction

from common.actors import CodeHolder
from common.exceptions import Refused
from delivery import services
from delivery.enums import DeliveryState
from delivery.models import Delivery
from donors.models import LedgerEntry
from households.models import Need, Objection
from households.queries.decisions import decision_named, standing_decisions
from matching.enums import ProposalState
from matching.services import release
from notices.models import Notice
from tests.cast import AT, applies, clean_answers
from tests.delivery.scene import Scene, handed_over, matched, money_arrived, paid, paper, under_agreement
from tests.households.objecting import objects


@pytest.fixture
def story(scene: Scene):
    """The family's money is with the agency."""
    scene, proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    return scene, proposal, paid(scene, agreement, 60_000)


def test_nothing_is_planned_before_the_agreements(scene: Scene):
    proposal = matched(scene)

    with pytest.raises(Refused) as refused:
        services.plan_delivery(
            proposal=proposal, amount=1, planned_on=AT.date(), disbursement=None, by=scene.leader, at=AT
        )

    assert refused.value.code == "not_agreed"
    assert not Delivery.objects.exists()


def test_money_is_planned_from_a_received_payment_and_never_more_than_it_holds(story):
    scene, proposal, row = story

    for amount, payment, code in (
        (1, None, "no_payment"),
        (60_001, row, "more_than_paid"),
        (0, row, "more_than_matched"),
    ):
        with pytest.raises(Refused) as refused:
            services.plan_delivery(
                proposal=proposal, amount=amount, planned_on=AT.date(), disbursement=payment, by=scene.leader,
                at=AT,
            )  # fmt: skip
        assert refused.value.code == code
    assert not Delivery.objects.exists()


def test_agency_cannot_confirm_what_it_brought(story):
    scene, proposal, row = story
    delivery = handed_over(scene, proposal, 60_000, row)

    for by in (scene.leader, scene.giver, scene.keepers[0], CodeHolder("nobodynobody"), scene.cast.stranger):
        with pytest.raises(Refused) as refused:
            services.confirm_receipt(delivery=delivery, method="web", evidence=None, by=by, at=AT)
        assert refused.value.code == "not_yours"
    delivery.refresh_from_db()
    scene.money.refresh_from_db()
    assert (delivery.state, scene.money.delivered) == ("delivered", 0)
    assert not LedgerEntry.objects.filter(target="disbursed").exists()


def test_worker_confirms_with_the_family_own_word_only(story):
    scene, proposal, row = story
    delivery = handed_over(scene, proposal, 60_000, row)

    with pytest.raises(Refused) as refused:
        services.confirm_receipt(delivery=delivery, method="web", evidence=None, by=scene.cast.worker, at=AT)
    assert refused.value.code == "evidence_missing"

    proof = paper("confirmation_evidence", delivery, scene.cast.worker)
    services.confirm_receipt(delivery=delivery, method="worker", evidence=proof, by=scene.cast.worker, at=AT)
    delivery.refresh_from_db()
    assert (delivery.state, delivery.confirm_method) == ("confirmed", "worker")


def test_family_says_what_is_wrong_and_is_asked_again(story):
    scene, proposal, row = story
    delivery = handed_over(scene, proposal, 60_000, row)

    with pytest.raises(Refused):
        services.dispute_delivery(delivery=delivery, reason=" ", by=scene.family, at=AT)
    services.dispute_delivery(delivery=delivery, reason="少了一半", by=scene.family, at=AT)
    assert Notice.objects.filter(kind="delivery_disputed", to_ref=scene.leader.public_id).exists()
    assert Notice.objects.filter(kind="delivery_disputed", to_ref=scene.cast.worker.public_id).exists()
    asked = Notice.objects.filter(kind="delivery_for_household").count()

    services.resolve_dispute(delivery=delivery, reason="补送", by=scene.leader, at=AT)

    delivery.refresh_from_db()
    assert delivery.state == "delivered"
    assert Notice.objects.filter(kind="delivery_for_household").count() == asked + 1


def test_database_keeps_confirmed_receipts_whole(story):
    scene, proposal, row = story
    delivery = handed_over(scene, proposal, 60_000, row)
    services.confirm_receipt(delivery=delivery, method="web", evidence=None, by=scene.family, at=AT)

    for broken in ({"confirmed_by_ref": ""}, {"confirmed_at": None}, {"delivered_at": None}, {"amount": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Delivery.objects.filter(pk=delivery.pk).update(**broken)


def test_match_that_brought_something_is_not_released(story):
    scene, proposal, row = story
    handed_over(scene, proposal, 20_000, row)
    need = proposal.need
    before = Need.objects.values_list("reserved", "delivered").get(pk=need.pk)

    with pytest.raises(Refused) as found:
        release(proposal=proposal, reason="试试", by=scene.cast.colleague, at=AT)

    assert found.value.code == "handed_over"
    proposal.refresh_from_db()
    assert proposal.state == ProposalState.EXECUTING
    assert Need.objects.values_list("reserved", "delivered").get(pk=need.pk) == before


def test_release_calls_off_what_was_only_planned(story):
    scene, proposal, row = story
    planned = services.plan_delivery(
        proposal=proposal, amount=20_000, planned_on=AT.date(), disbursement=row, by=scene.leader, at=AT
    )

    release(proposal=proposal, reason="家庭搬走了", by=scene.cast.colleague, at=AT)

    planned.refresh_from_db()
    assert planned.state == DeliveryState.CANCELLED


def test_family_objects_to_what_was_handed_over_and_to_nothing_of_others(story):
    scene, proposal, row = story
    household = proposal.need.household
    assert not [one for one in standing_decisions(household) if one.subject == "delivery"]
    delivery = handed_over(scene, proposal, 60_000, row)
    about = ("delivery.delivery", delivery.public_id)
    other = applies(clean_answers(1)).household

    with pytest.raises(Refused) as refused:
        objects(other, "delivery", about=about)
    assert (refused.value.code, Objection.objects.exists()) == ("decision_unknown", False)
    objection = objects(household, "delivery")

    assert (objection.object_label, objection.object_ref) == about
    named = decision_named(objection)
    assert named is not None
    assert (named.on, proposal.number in named.words) == (AT.date(), True)
