"""Payments: agreement, gate, arrived money, two people; never more than agreed, never the same paper twice."""

from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import F
from django.urls import reverse

from common import clock
from common.actors import SYSTEM
from common.exceptions import Refused
from common.templatetags.ui import moment
from delivery import services
from delivery.models import Agreement, Disbursement, Transfer, Voucher
from delivery.queries import arrived, left_at
from projects.services import pass_gate
from tests.cast import AT, signed_in
from tests.delivery.scene import (
    HELD,
    MINUTE,
    Scene,
    analysed,
    approved_project,
    drafted_service,
    ended_by_all,
    handed_over,
    in_force,
    money_arrived,
    paid,
    paper,
    requested,
    statement,
    under_agreement,
    vouchered,
)


def refused(code: str, act, **given) -> None:
    with pytest.raises(Refused) as found:
        act(**given)
    assert found.value.code == code


def test_no_payment_without_entrustment(scene: Scene):
    analysed(scene)
    service = in_force(scene, drafted_service(scene))

    refused(
        "no_agreement", services.request_disbursement,
        agreement=service, amount=1, purpose="x", by=scene.leader, at=AT,
    )  # fmt: skip
    assert not Disbursement.objects.exists()


def test_no_payment_before_the_money_has_arrived(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene, 30_000)

    with pytest.raises(Refused) as found:
        requested(scene, agreement, 30_001)

    agreement.refresh_from_db()
    assert (found.value.code, agreement.drawn) == ("money_not_there", 0)
    assert not Disbursement.objects.exists()


def test_no_payment_after_the_agreement_has_ended(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = requested(scene, agreement)
    services.check_disbursement(disbursement=row, by=scene.keepers[0], at=AT)
    services.approve_disbursement(disbursement=row, by=scene.keepers[1], at=AT)
    assert ended_by_all(scene, agreement).state == "terminated"

    refused("no_agreement", services.approve_disbursement, disbursement=row, by=scene.keepers[2], at=AT)

    row.refresh_from_db()
    assert (row.state, row.second_approver) == ("checked", None)


def test_second_tranche_waits_for_the_gate_midway(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    paid(scene, agreement, 60_000)

    with pytest.raises(Refused) as found:
        requested(scene, agreement, 10_000)
    agreement.refresh_from_db()
    assert (found.value.code, agreement.drawn) == ("gate_missing", 60_000)

    pass_gate(project=scene.project, stage="mid_term", evaluation_ref="E2", by=SYSTEM, at=AT)
    assert requested(scene, agreement, 10_000).tranche == 2


def test_no_more_than_a_tranche_and_no_more_than_agreed(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)

    with pytest.raises(Refused) as found:
        requested(scene, agreement, 60_001)
    assert found.value.code == "more_than_tranche"

    Agreement.objects.filter(pk=agreement.pk).update(drawn=HELD)
    with pytest.raises(Refused) as found:
        requested(scene, agreement, 1)
    assert found.value.code in {"more_than_agreed", "money_not_there"}
    assert not Disbursement.objects.exists()


def test_nothing_is_paid_under_an_agreement_without_tranches(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    Agreement.objects.filter(pk=agreement.pk).update(content={**agreement.content, "tranche_amounts": None})

    with pytest.raises(Refused) as found:
        requested(scene, agreement, 1)

    assert found.value.code == "more_than_tranche"
    assert not Disbursement.objects.exists()


def test_who_checked_or_approved_may_not_approve_again(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = requested(scene, agreement)
    checker, first, _second = scene.keepers
    services.check_disbursement(disbursement=row, by=checker, at=AT)

    with pytest.raises(Refused):
        services.approve_disbursement(disbursement=row, by=checker, at=AT)
    services.approve_disbursement(disbursement=row, by=first, at=AT)
    for again in (first, checker):
        with pytest.raises(Refused):
            services.approve_disbursement(disbursement=row, by=again, at=AT)

    row.refresh_from_db()
    assert (row.state, row.first_approver, row.second_approver) == ("checked", first, None)


def test_stranger_moves_no_payment(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = requested(scene, agreement)

    refused("not_your_money", services.check_disbursement, disbursement=row, by=scene.leader, at=AT)
    refused("not_your_money", services.check_disbursement, disbursement=row, by=scene.cast.supervisor, at=AT)
    refused(
        "not_your_money", services.reject_disbursement,
        disbursement=row, reason="x", by=scene.giver, at=AT,
    )  # fmt: skip
    row.refresh_from_db()
    assert row.state == "requested"


def test_rejected_request_frees_its_sum_and_its_tranche(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = requested(scene, agreement)

    services.reject_disbursement(disbursement=row, reason="少一张单据", by=scene.keepers[0], at=AT)

    agreement.refresh_from_db()
    assert agreement.drawn == 0
    assert requested(scene, agreement).tranche == 1


def test_receipt_number_is_used_once(scene: Scene):
    money_arrived(scene, 40_000)
    second = services.declare_transfer(
        lot=scene.lot, amount=10_000, sent_on=AT.date(), bank_reference="B-2",
        proof=paper("transfer_proof", scene.lot, scene.giver), by=scene.giver, at=AT,
    )  # fmt: skip

    refused(
        "receipt_known", services.confirm_arrival,
        transfer=second, arrived_on=AT.date(), receipt_no="R-B-1", proof=statement(scene), by=scene.keepers[0], at=AT,
    )  # fmt: skip

    second.refresh_from_db()
    assert (second.state, second.receipt_no) == ("declared", "")


def test_transfer_is_refused_when_it_does_not_fit(scene: Scene):
    slip = paper("transfer_proof", scene.lot, scene.giver)
    given = {"lot": scene.lot, "sent_on": AT.date(), "bank_reference": "B", "proof": slip, "at": AT}

    refused("more_than_offered", services.declare_transfer, amount=HELD + 1, by=scene.giver, **given)
    refused("not_your_lot", services.declare_transfer, amount=1, by=scene.leader, **given)
    refused(
        "reference_missing", services.declare_transfer,
        amount=1, by=scene.giver, **{**given, "bank_reference": " "},
    )  # fmt: skip
    assert not Transfer.objects.exists()


def test_only_the_named_fund_holder_confirms(scene: Scene):
    transfer = services.declare_transfer(
        lot=scene.lot, amount=10, sent_on=AT.date(), bank_reference="B",
        proof=paper("transfer_proof", scene.lot, scene.giver), by=scene.giver, at=AT,
    )  # fmt: skip

    for by in (scene.giver, scene.leader, scene.cast.supervisor):
        refused(
            "not_your_money", services.confirm_arrival,
            transfer=transfer, arrived_on=AT.date(), receipt_no="R", proof=statement(scene), by=by, at=AT,
        )  # fmt: skip
    transfer.refresh_from_db()
    assert transfer.state == "declared"


def test_voucher_number_is_used_once_and_vouchers_never_exceed_the_payment(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = vouchered(scene, paid(scene, agreement, 60_000), 20_000)
    given = {
        "disbursement": row, "issuer": "供销社", "dated": AT.date(), "purpose": "x",
        "attachment": paper("voucher", row, scene.leader), "by": scene.leader, "at": AT,
    }  # fmt: skip

    refused("voucher_known", services.record_voucher, number="V-1", amount=1, **given)
    refused("voucher_amount", services.record_voucher, number="V-2", amount=40_001, **given)
    refused("voucher_amount", services.record_voucher, number="V-2", amount=0, **given)

    row.refresh_from_db()
    assert (row.vouchered, Voucher.objects.count(), row.state) == (20_000, 1, "received")


def test_disputed_payment_comes_back_where_it_was(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = paid(scene, agreement, 60_000)
    services.dispute_disbursement(disbursement=row, reason="单据重复", by=scene.keepers[0], at=AT)

    refused("not_paid", services.confirm_payment_received, disbursement=row, by=scene.leader, at=AT)
    row = services.clear_dispute(disbursement=row, reason="已说明", by=scene.keepers[0], at=AT)
    assert row.state == "received"

    services.dispute_disbursement(disbursement=row, reason="再查", by=scene.keepers[0], at=AT)
    services.recover_disbursement(disbursement=row, reason="已退回", by=scene.keepers[0], at=AT)
    agreement.refresh_from_db()
    assert agreement.drawn == 0


def disputed(scene: Scene, agreement: Agreement) -> Disbursement:
    row = paid(scene, agreement, 60_000)
    return services.dispute_disbursement(disbursement=row, reason="单据重复", by=scene.keepers[0], at=AT)


def test_recovery_keeps_what_families_got(scene: Scene):
    scene, proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = paid(scene, agreement, 60_000)
    got = handed_over(scene, proposal, 20_000, row)
    services.confirm_receipt(delivery=got, method="web", evidence=None, by=scene.family, at=AT)
    services.settle_due_receipts(by=SYSTEM, at=AT + 10 * MINUTE)
    wrong = handed_over(scene, proposal, 10_000, row)
    services.dispute_delivery(delivery=wrong, reason="没收到", by=scene.family, at=AT)
    given: dict[str, Any] = {
        "amount": 5_000,
        "planned_on": AT.date(),
        "disbursement": row,
        "by": scene.leader,
        "at": AT,
    }
    planned = services.plan_delivery(proposal=proposal, **given)
    row = services.dispute_disbursement(disbursement=row, reason="有一户没收到", by=scene.keepers[0], at=AT)

    services.recover_disbursement(disbursement=row, reason="余款退回", by=scene.keepers[0], at=AT)

    for one in (row, got, wrong, planned, agreement):
        one.refresh_from_db()
    assert (row.state, row.kept, agreement.drawn) == ("recovered", 20_000, 20_000)
    assert [one.state for one in (got, wrong, planned)] == ["confirmed", "cancelled", "cancelled"]
    assert left_at(scene.holder) == HELD - 20_000
    with pytest.raises(Refused) as found:
        requested(scene, agreement, 40_001)
    assert found.value.code == "more_than_tranche"
    assert requested(scene, agreement, 40_000).tranche == 1


def test_nothing_is_recovered_before_the_family_has_spoken(scene: Scene):
    scene, proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = paid(scene, agreement, 60_000)
    brought = handed_over(scene, proposal, 60_000, row)
    row = services.dispute_disbursement(disbursement=row, reason="再查", by=scene.keepers[0], at=AT)
    given = {"disbursement": row, "reason": "已退回", "by": scene.keepers[0], "at": AT}

    refused("answer_missing", services.recover_disbursement, **given)
    services.confirm_receipt(delivery=brought, method="web", evidence=None, by=scene.family, at=AT)
    refused("answer_missing", services.recover_disbursement, **given)
    services.settle_due_receipts(by=SYSTEM, at=AT + 10 * MINUTE)
    refused("nothing_to_recover", services.recover_disbursement, **given)

    for one in (row, brought, agreement):
        one.refresh_from_db()
    assert (row.state, row.kept, brought.state, agreement.drawn) == ("disputed", 0, "confirmed", 60_000)


def test_only_a_doubted_payment_is_recovered_and_never_without_a_reason(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = paid(scene, agreement, 60_000)
    given: dict[str, Any] = {"disbursement": row, "by": scene.keepers[0], "at": AT}

    refused("not_disputed", services.recover_disbursement, reason="x", **given)
    services.dispute_disbursement(reason="再查", **given)
    refused("reason_missing", services.recover_disbursement, reason=" ", **given)

    agreement.refresh_from_db()
    assert agreement.drawn == 60_000


@pytest.mark.parametrize("broken", [{"kept": 1}, {"kept": 60_000, "state": "recovered"}], ids=str)
def test_database_keeps_kept_money_apart(scene: Scene, broken: dict):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = disputed(scene, agreement)

    with pytest.raises(IntegrityError), transaction.atomic():
        Disbursement.objects.filter(pk=row.pk).update(**broken)


def test_other_project_does_not_draw_on_the_same_yuan(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    other = approved_project(scene.cast, scene.agency, scene.leader, scene.holder, "另一个项目")

    assert (arrived(scene.project), arrived(other)) == (HELD, 0)
    requested(scene, agreement, 60_000)
    assert left_at(scene.holder) == HELD - 60_000


def test_two_requests_for_the_same_rest_give_one(scene: Scene):
    """The second one saw the row before the first wrote: the counter's CHECK decides, not the reading."""
    scene, _proposal, agreement = under_agreement(scene)
    Agreement.objects.filter(pk=agreement.pk).update(drawn=F("drawn") + 60_000)

    with pytest.raises(IntegrityError), transaction.atomic():
        Agreement.objects.filter(pk=agreement.pk).update(drawn=F("drawn") + 60_000)

    agreement.refresh_from_db()
    assert agreement.drawn == 60_000


@pytest.mark.parametrize(
    "broken",
    [
        {"vouchered": 60_001},
        {"amount": 0},
        {"second_approver": F("first_approver")},
        {"checked_by": F("first_approver")},
        {"checked_by": F("second_approver")},
        {"second_approver": None},
        {"tranche": 0},
        {"state": "gone"},
    ],
    ids=str,
)
def test_database_refuses_a_broken_payment(scene: Scene, broken: dict):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene)
    row = paid(scene, agreement, 60_000)

    with pytest.raises(IntegrityError), transaction.atomic():
        Disbursement.objects.filter(pk=row.pk).update(**broken)


def test_database_keeps_transfers_whole(scene: Scene):
    transfer = money_arrived(scene, 10_000)

    for broken in ({"receipt_no": ""}, {"arrived_by": None}, {"amount": 0}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Transfer.objects.filter(pk=transfer.pk).update(**broken)


def test_every_step_of_a_payment_stands_with_its_time(scene: Scene):
    scene, _proposal, agreement = under_agreement(scene)
    money_arrived(scene, HELD)
    row = requested(scene, agreement)
    checker, first, second = scene.keepers
    with clock.fixed(AT):
        services.check_disbursement(disbursement=row, by=checker, at=AT + MINUTE)
        services.approve_disbursement(disbursement=row, by=first, at=AT + 2 * MINUTE)
        services.approve_disbursement(disbursement=row, by=second, at=AT + 3 * MINUTE)
        services.record_payment(
            disbursement=row, paid_on=AT.date(), reference="P-9", proof=paper("payment_proof", row, checker),
            by=checker, at=AT + 4 * MINUTE,
        )  # fmt: skip
        page = signed_in(scene.leader).get(reverse("delivery:payment", args=[row.public_id]))

    times = [moment(AT + number * MINUTE) for number in range(5)]
    assert [moment(entry.at) for entry in page.context["entries"]] == times
    assert [entry.by for entry in page.context["entries"]] == [
        scene.leader.name, checker.name, first.name, second.name, "",
    ]  # fmt: skip
    assert [words for _label, words in page.context["approvals"]] == [
        f"{person.name} · {at}" for person, at in zip(scene.keepers, times[1:4], strict=True)
    ]
    shown = page.content.decode()
    assert all(at in shown for at in times)
