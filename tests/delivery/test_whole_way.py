"""From a confirmed match to a reconciled payment and a told donor, through the services alone."""

from datetime import timedelta

from common.actors import SYSTEM
from delivery import services
from donors.models import FeedbackDue
from donors.services import give_feedback
from households.models import CaseAccess
from journal.models import Entry
from projects.services import pass_gate
from tests.cast import AT
from tests.delivery.scene import (
    HELD,
    Scene,
    handed_over,
    matched,
    money_arrived,
    paid,
    under_agreement,
    vouchered,
)


def test_whole_way_from_match_to_reconciled_payment(scene: Scene):
    scene, proposal, entrustment = under_agreement(scene)
    assert (scene.project.state, proposal.state) == ("agreed", "agreed")
    access = CaseAccess.objects.get()
    assert (access.organisation, access.consent.purpose) == (scene.agency.organisation, "share_implementer")
    money_arrived(scene)

    row = paid(scene, entrustment, 60_000)
    entrustment.refresh_from_db()
    assert (row.state, row.tranche, entrustment.drawn) == ("received", 1, 60_000)
    handed = handed_over(scene, proposal, 60_000, row)
    services.confirm_receipt(delivery=handed, method="web", evidence=None, by=scene.family, at=AT)
    services.settle_due_receipts(by=SYSTEM, at=AT + timedelta(minutes=10))
    row = vouchered(scene, row, 60_000)
    assert row.state == "vouchered"
    services.reconcile(disbursement=row, by=scene.keepers[0], at=AT)
    services.close_disbursement(disbursement=row, by=scene.keepers[0], at=AT)

    row.refresh_from_db()
    scene.money.refresh_from_db()
    scene.lot.refresh_from_db()
    proposal.refresh_from_db()
    assert row.state == "closed"
    assert (scene.money.delivered, scene.lot.disbursed, proposal.state) == (60_000, 60_000, "executing")


def test_match_is_reported_once_the_donor_was_told_of_every_part(scene: Scene):
    lot_of_quilts = quilts(scene)
    scene, _money, _entrustment = under_agreement(scene)
    proposal = matched(scene, scene.quilts, lot_of_quilts)
    services.make_due_effective(by=SYSTEM, at=AT.replace(hour=3))
    proposal.refresh_from_db()
    for _part in range(2):
        handed = handed_over(scene, proposal, 1, None)
        services.confirm_receipt(delivery=handed, method="web", evidence=None, by=scene.family, at=AT)
        services.settle_due_receipts(by=SYSTEM, at=AT + timedelta(minutes=10))
        proposal.refresh_from_db()
    assert proposal.state == "completed"
    first, second = FeedbackDue.objects.filter(lot=lot_of_quilts, kind="allocation").order_by("pk")

    give_feedback(feedback=first, text="到了一床。", by=scene.leader, at=AT)
    proposal.refresh_from_db()
    assert proposal.state == "completed"
    give_feedback(feedback=second, text="两床都到了。", by=scene.leader, at=AT)

    proposal.refresh_from_db()
    assert proposal.state == "closed"
    entries = Entry.objects.filter(object_ref=proposal.public_id).order_by("pk")
    assert list(entries.values_list("action", flat=True))[-2:] == [
        "matching.proposal.fed_back", "matching.proposal.closed",
    ]  # fmt: skip


def test_match_of_money_is_over_only_when_its_payment_is_accounted_for(scene: Scene):
    scene, proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = paid(scene, agreement, 60_000)
    pass_gate(project=scene.project, stage="mid_term", evaluation_ref="E2", by=SYSTEM, at=AT)
    rest = paid(scene, agreement, 40_000)
    for payment in (row, rest):
        handed = handed_over(scene, proposal, payment.amount, payment)
        services.confirm_receipt(delivery=handed, method="web", evidence=None, by=scene.family, at=AT)
    services.settle_due_receipts(by=SYSTEM, at=AT + timedelta(minutes=10))
    for feedback in FeedbackDue.objects.filter(lot=scene.lot, kind="allocation"):
        give_feedback(feedback=feedback, text="够用了。", by=scene.leader, at=AT)

    states = []
    for number, payment in enumerate((row, rest)):
        vouchered(scene, payment, payment.amount, number=f"V-{number}")
        proposal.refresh_from_db()
        states.append(proposal.state)
        services.reconcile(disbursement=payment, by=scene.keepers[0], at=AT)
        proposal.refresh_from_db()
        states.append(proposal.state)

    assert states == ["fed_back", "fed_back", "fed_back", "closed"]


def quilts(scene: Scene):
    from tests.delivery.scene import listed_lot

    return listed_lot(scene.cast, scene.donor, scene.giver, None, "quilt", 2)


def test_arrived_money_serves_the_matches_in_their_order(scene: Scene):
    from delivery.queries import arrived

    matched(scene)

    assert arrived(scene.project) == 0
    money_arrived(scene, HELD // 2)
    assert arrived(scene.project) == HELD // 2
    money_arrived(scene, HELD // 2, reference="B-2")
    assert arrived(scene.project) == HELD
