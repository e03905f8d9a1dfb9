"""Who may not write on agreements, money and deliveries, asked of every service itself."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from accounts.enums import Role
from accounts.models import User
from common.actors import CodeHolder
from delivery import services
from delivery.enums import AgreementKind
from implementers import services as implementers
from tests.cast import AT, OTHER_COUNTY, credit_code, hire
from tests.delivery.scene import (
    ENTRUSTMENT,
    HELD,
    Scene,
    admitted_agency,
    handed_over,
    money_arrived,
    opening,
    paid,
    paper,
    under_agreement,
    verified_donor,
)
from tests.gates import assert_all_refused, assert_complete, assert_out_of_reach

# What agreements and payments mean for the matches they carry: called by the services and signals that did the act.
BELOW = {"agree_due_matches", "call_off_planned", "close_settled_matches", "release_undelivered"}


@pytest.fixture
def scene(db: None) -> Scene:
    return opening()


@pytest.fixture
def table(scene: Scene) -> dict[str, dict[str, Any]]:
    scene, proposal, entrustment = under_agreement(scene)
    arrived = money_arrived(scene)
    money = paid(scene, entrustment)
    brought = handed_over(scene, proposal, 1_000, money)
    service = scene.project.agreements.get(kind=AgreementKind.SERVICE)
    ending = services.ask_ending(
        agreement=entrustment, ground="mutual", reason="都迁走了。", by=scene.leader, at=AT
    )
    day, later = AT.date(), AT.date() + timedelta(days=99)
    text = {"content": ENTRUSTMENT, "amount": HELD, "start": day, "end": later}
    one, row, gift = {"agreement": entrustment}, {"disbursement": money}, {"delivery": brought}
    reason = {"reason": "no"}
    household = {"method": "web", "evidence": None}
    return {
        "amend_agreement": {**one, **text},
        "answer_ending": {"ending": ending, "answer": "yes", "text": ""},
        "approve_disbursement": row,
        "ask_ending": {**one, **reason, "ground": "mutual"},
        "ask_for_change": {**one, "kind": "purpose", "text": "x"},
        "cancel_delivery": {**gift, **reason},
        "check_disbursement": row,
        "clear_dispute": {**row, **reason},
        "close_disbursement": row,
        "confirm_arrival": {"transfer": arrived, "arrived_on": day, "receipt_no": "R9", "proof": arrived.arrival_proof},
        "confirm_payment_received": row,
        "confirm_receipt": {**gift, **household},
        "decide_ending": {"ending": ending, "ends": True, **reason},
        "declare_transfer": {
            "lot": scene.lot, "amount": 1, "sent_on": day, "bank_reference": "x",
            "proof": paper("transfer_proof", scene.lot, scene.giver),
        },
        "decline_use": {"agreement": entrustment, "reason": "no"},
        "dispute_delivery": {**gift, **reason},
        "dispute_disbursement": {**row, **reason},
        "draft_agreement": {"kind": "entrustment", "project": scene.project, "household": None, **text},
        "expire_agreement": one,
        "fulfil_agreement": one,
        "keep_text": {**one, "answer": "x", "seen": []},
        "make_due_effective": {},
        "make_effective": one,
        "open_negotiation": one,
        "open_signing": one,
        "plan_delivery": {"proposal": proposal, "amount": 1, "planned_on": day, "disbursement": money},
        "reconcile": row,
        "record_delivery": {**gift, "delivered_on": day, "proof": None},
        "record_payment": {**row, "paid_on": day, "reference": "x", "proof": None},
        "record_voucher": {
            **row, "issuer": "x", "number": "1", "amount": 1, "dated": day, "purpose": "x",
            "attachment": paper("voucher", money, scene.leader),
        },
        "recover_disbursement": {**row, **reason},
        "reject_disbursement": {**row, **reason},
        "reject_transfer": {"transfer": arrived, **reason},
        "report_progress": {
            "project": scene.project, "period_start": day, "period_end": later, "text": "x", "households_served": 1,
            "spent": 1,
        },
        "request_disbursement": {**one, "amount": 1, "purpose": "x"},
        "resolve_dispute": {**gift, **reason},
        "return_disbursement": {**row, **reason},
        "rewrite_agreement": {**one, **text},
        "settle_due_endings": {},
        "settle_due_receipts": {},
        "settle_receipt": gift,
        "sign_agreement": {
            "agreement": service, "signer": "household", "text_hash": service.content_hash, **household
        },
        "terminate_agreement": {"agreement": service, **reason},
        "undo_ending_answer": {"ending": ending},
        "undo_receipt": gift,
        "undo_signature": {"agreement": service, "signer": "household"},
        "withdraw_ending": {"ending": ending},
        "withdraw_remarks": one,
    }  # fmt: skip


def other_keeper() -> User:
    user = User.objects.create_user(username="purse", name="别家会计")
    implementers.register_fund_holder(
        user=user,
        name="别家基金会",
        uscc=credit_code(41, "foundation"),
        kind="charity",
        contact_phone="13800009998",
        by=user,
        at=AT,
    )
    return user


def test_every_service_refuses_other_parties_other_counties_and_households(scene: Scene, table: Any) -> None:
    cast = scene.cast
    _agency, leader = admitted_agency(cast, 40, "别的机构")
    giver, _donor = verified_donor(cast, 42, "别的工厂")
    people = {
        "another agency": leader,
        "another fund holder": other_keeper(),
        "another donor": giver,
        "another county's worker": cast.stranger,
        "another county's supervisor": hire(
            "far",
            "远督导",
            Role.SUPERVISOR,
            organisation=cast.station,
            prefix=OTHER_COUNTY,
            by=cast.administrator,
        ),
        "another household": CodeHolder("another"),
    }

    assert_all_refused(services, table, people, "delivery", "donors", "matching", "accounts")


def test_table_knows_every_service(table: Any) -> None:
    assert_complete(services, table, BELOW, reads={"unheard"})
    assert_out_of_reach(BELOW, owner="delivery")


def test_agency_does_not_approve_its_own_payment_and_the_holder_asks_for_none(
    scene: Scene, table: Any
) -> None:
    holders = {"check_disbursement", "approve_disbursement", "record_payment", "confirm_arrival", "reconcile"}
    agencies = {"request_disbursement", "record_voucher", "plan_delivery", "report_progress"}

    assert_all_refused(
        services, {name: table[name] for name in holders}, {"the agency": scene.leader}, "delivery"
    )
    assert_all_refused(
        services, {name: table[name] for name in agencies}, {"the holder": scene.keepers[0]}, "delivery"
    )
