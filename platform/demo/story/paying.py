"""Chapter three, the money: sent, arrived with a receipt, asked for, approved by two, paid, accounted for."""

from __future__ import annotations

from datetime import datetime

from accounts.models import User
from delivery import services as delivery
from delivery.models import Agreement, Disbursement, Transfer
from delivery.services.papers import TRANSFERS_OF
from demo.story.calendar import Telling
from demo.story.deliver import Plan, hand_over, report_back
from demo.story.world import World, evidence
from donors.models import Lot
from files.models import Attachment
from matching.models import Proposal


def slip(text: str, purpose: str, lot: Lot, *, by: User, at: datetime) -> Attachment:
    """A slip belongs to the transfers of its lot, as on the real pages: donor and fund holder open it."""
    return evidence(text, purpose, (TRANSFERS_OF, lot.public_id), by=by, at=at)


def send_money(world: World, donor_key: str, lot: Lot, amount: int, day: int) -> Telling[None]:
    """The donor declares the transfer with proof; the fund holder confirms it with its receipt number."""
    transfer = yield from declare_money(world, donor_key, lot, amount, day)
    with (yield world.on(day + 1)) as at:
        delivery.confirm_arrival(
            transfer=transfer,
            arrived_on=at.date(),
            receipt_no=f"演示票据{amount:06d}",
            proof=slip("ARRIVAL", "arrival_proof", lot, by=world.person("cishan"), at=at),
            by=world.person("cishan"),
            at=at,
        )
    yield from report_back(world, "cishan", day + 2, "款已到账，票据已寄出，只用于您指定的用途。")


def declare_money(world: World, donor_key: str, lot: Lot, amount: int, day: int) -> Telling[Transfer]:
    """The donor says that money is on its way, and shows the bank's slip."""
    with (yield world.on(day)) as at:
        user = world.person(donor_key)
        return delivery.declare_transfer(
            lot=lot,
            amount=amount,
            sent_on=at.date(),
            bank_reference=f"DEMO-{amount:06d}",
            proof=slip("BANK SLIP", "transfer_proof", lot, by=user, at=at),
            by=user,
            at=at,
        )


def ask_for_payment(
    world: World, plan: Plan, agreement: Agreement, amount: int, day: int
) -> Telling[Disbursement]:
    """The agency asks; the fund holder checks."""
    with (yield world.on(day)) as at:
        payment = delivery.request_disbursement(
            agreement=Agreement.objects.get(pk=agreement.pk),
            amount=amount,
            purpose="按计划用于家庭",
            by=world.person(plan.agency),
            at=at,
        )
    with (yield world.on(day + 1, 15)) as at:
        return delivery.check_disbursement(disbursement=payment, by=world.person("cishan"), at=at)


def pay(world: World, plan: Plan, agreement: Agreement, amount: int, day: int) -> Telling[Disbursement]:
    """Asked for, checked, approved by two, paid outside with proof, received."""
    payment = yield from ask_for_payment(world, plan, agreement, amount, day)
    for hour, name in ((16, "huiji"), (17, "chuna")):
        with (yield world.on(day + 1, hour)) as at:
            delivery.approve_disbursement(disbursement=payment, by=world.person(name), at=at)
    with (yield world.on(day + 3)) as at:
        checker = world.person("cishan")
        delivery.record_payment(
            disbursement=payment,
            paid_on=at.date(),
            reference=f"DEMO-{payment.number}",
            proof=evidence("PAYMENT", "payment_proof", payment, by=checker, at=at),
            by=checker,
            at=at,
        )
    with (yield world.on(day + 4)) as at:
        return delivery.confirm_payment_received(disbursement=payment, by=world.person(plan.agency), at=at)


def pay_and_bring(
    world: World, plan: Plan, agreement: Agreement, proposal: Proposal, day: int
) -> Telling[None]:
    """The money of one donor: paid, brought to the family, accounted for."""
    payment = yield from pay(world, plan, agreement, proposal.amount, day)
    yield from hand_over(world, plan, proposal, proposal.amount, day + 6, payment)
    yield from account_for(world, plan, payment, day + 10)


def account_for(world: World, plan: Plan, payment: Disbursement, day: int) -> Telling[None]:
    """Vouchers for the whole payment, compared by the fund holder."""
    user = world.person(plan.agency)
    with (yield world.on(day)) as at:
        delivery.record_voucher(
            disbursement=payment,
            issuer="清河县演示中学",
            number=f"DEMO-{payment.number}",
            amount=payment.amount,
            dated=at.date(),
            purpose="住宿费",
            attachment=evidence("VOUCHER", "voucher", payment, by=user, at=at),
            by=user,
            at=at,
        )
    with (yield world.on(day + 1)) as at:
        delivery.reconcile(
            disbursement=Disbursement.objects.get(pk=payment.pk), by=world.person("cishan"), at=at
        )
