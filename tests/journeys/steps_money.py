"""Step 6: the money goes to the named fund holder, which confirms it, and out again in tranches, approved by two."""

from __future__ import annotations

from common import clock
from delivery.enums import DisbursementState
from tests.journeys.pages import Window
from tests.journeys.people import Journey
from tests.journeys.steps_agreements import FIRST, SECOND

RECEIPTS = ("PJ-2026-001", "PJ-2026-002", "PJ-2026-003")


def money_is_sent(journey: Journey) -> None:
    """Each giver records its transfer with the bank slip; the platform holds nothing."""
    for name, amount in (("mill", 1000), ("zhang", 600)):
        donor = journey[name]
        donor.open("/home/")
        donor.follow("/transfer/")
        transfers(donor, amount, f"YH-{name}")
    officer = journey["qin"]
    officer.open("/give/lots/")
    officer.follow("/give/lots/")
    officer.follow("/transfer/")
    transfers(officer, 600, "CZ-7")


def transfers(giver: Window, amount: int, reference: str) -> None:
    giver.send(amount=amount, sent_on=today(), bank_reference=reference, upload="回单")


def arrival_is_confirmed(journey: Journey) -> None:
    """The fund holder finds each transfer on its account and gives its own receipt number, once."""
    holder = journey["cishan"]
    for place, receipt in enumerate(RECEIPTS):
        holder.open("/home/")
        holder.follow("/delivery/transfers/")
        holder.follow("/do/confirm/")
        if place:
            holder.send(
                arrived_on=today(), receipt_no=RECEIPTS[0], upload="对账单", status=409
            )  # that number was given before
            holder.send(receipt_no=receipt, upload="对账单")
        else:
            holder.send(arrived_on=today(), receipt_no=receipt, upload="对账单")
    donor = journey["mill"]
    donor.open("/delivery/transfers/")
    donor.follow("/delivery/transfers/")
    donor.sees(RECEIPTS[0])


def first_tranche_is_paid(journey: Journey) -> None:
    """The work begins, and what the agreement provides for the beginning is paid."""
    agency, project = journey["yimin"], journey.facts["project"]
    agency.open(f"/projects/file/{project}/")
    agency.does("/start/")
    is_paid(journey, FIRST, "第一笔")


def second_tranche_waits(journey: Journey) -> None:
    """Before the evaluation midway there is no second payment: the page says so, and none is on record."""
    agency, project = journey["yimin"], journey.facts["project"]
    agency.open(f"/projects/file/{project}/")
    agency.follow("/payment/")
    agency.send(amount=SECOND, purpose="第二笔", status=409)
    assert agency.page.input_value("[name=purpose]") == "第二笔"
    agency.open("/delivery/payments/")
    agency.sees_not("第二笔")


def second_tranche_is_paid(journey: Journey) -> None:
    is_paid(journey, SECOND, "第二笔")


def is_paid(journey: Journey, amount: int, purpose: str) -> None:
    """Asked for by the agency, checked by one of the fund holder, approved by two others, paid and received."""
    agency, project = journey["yimin"], journey.facts["project"]
    agency.open(f"/projects/file/{project}/")
    agency.follow("/payment/")
    agency.send(amount=amount, purpose=purpose)
    payment = agency.path
    journey.facts["payment"] = payment
    checker, first, second = journey["hui"], journey["chu"], journey["cishan"]
    checker.open(payment)
    checker.does("/do/check/")
    assert not checker.links("/do/approve/")  # whoever checked does not approve
    first.open(payment)
    first.does("/do/approve/")
    assert not first.links("/do/approve/")
    second.open(payment)
    second.does("/do/approve/")
    second.does("/do/pay/", paid_on=today(), reference=f"FK-{amount}", upload="付款回单")
    agency.open(payment)
    agency.does("/do/received/")


def is_accounted_for(journey: Journey, amount: int, number: str) -> None:
    """A voucher covers the payment; the fund holder compares both and closes it."""
    agency, holder, payment = journey["yimin"], journey["cishan"], journey.facts["payment"]
    agency.open(payment)
    agency.does(
        "/voucher/",
        issuer="清河县农村信用社",
        number=number,
        amount=amount,
        dated=today(),
        purpose="转到家庭账户",
        upload="凭证",
    )
    agency.sees(number)
    holder.open(payment)
    holder.does("/do/reconcile/")
    holder.does("/do/close/")
    holder.sees(journey.says(DisbursementState.CLOSED.label))


def first_payment_is_accounted_for(journey: Journey) -> None:
    is_accounted_for(journey, FIRST, "PZ-0001")


def second_payment_is_accounted_for(journey: Journey) -> None:
    is_accounted_for(journey, SECOND, "PZ-0002")


def today() -> str:
    return clock.today().isoformat()
