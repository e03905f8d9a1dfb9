"""Agreements, payments and deliveries in the words their readers use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from common.templatetags.ui import day, moment, yuan
from delivery.enums import (
    RUNNING,
    AgreementKind,
    AgreementState,
    DeliveryState,
    DisbursementState,
    EndGround,
    EndingAnswer,
    Party,
    RemarkKind,
    Signer,
)
from delivery.models import Agreement, Delivery, Disbursement, Ending, Remark
from delivery.queries import spoken
from donors.rules import DONOR_SEATS
from journal.queries import timeline_of

PART_LABELS: dict[str, Any] = {
    "causes": gettext_lazy("What we found out together"),
    "goals": gettext_lazy("What we want to reach"),
    "agency_duties": gettext_lazy("What the agency does"),
    "household_duties": gettext_lazy("What the family does"),
    "privacy": gettext_lazy("What is told to whom"),
    "complaints": gettext_lazy("If something is not right"),
    "withdrawal": gettext_lazy("The right to leave"),
    "purpose": gettext_lazy("Purpose"),
    "use_of_funds": gettext_lazy("What the money may be used for"),
    "tranches": gettext_lazy("When the tranches are paid"),
    "duties": gettext_lazy("Duties of the agency"),
    "reporting": gettext_lazy("Reports and vouchers"),
    "leftover": gettext_lazy("What happens with money left over"),
    "liability": gettext_lazy("When the agreement is broken"),
}
_A, _D, _H = AgreementState, DisbursementState, DeliveryState
AGREEMENT_NEXT: dict[str, Any] = {
    _A.DRAFT: gettext_lazy("Read it once more, then open it for signing."),
    _A.NEGOTIATING: gettext_lazy(
        "The parties read it and may ask for changes. It is signed once no remark is open."
    ),
    _A.SIGNING: gettext_lazy("It waits for the signatures below."),
    _A.SIGNED: gettext_lazy(
        "Everybody has signed. It comes into force ten minutes after the last signature."
    ),
    _A.EFFECTIVE: gettext_lazy("In force. A change needs a new version with all signatures."),
    _A.AMENDED: gettext_lazy("A newer version took its place."),
    _A.FULFILLED: gettext_lazy("Everything agreed was done."),
    _A.TERMINATED: gettext_lazy("Ended early. Nothing more follows from it."),
    _A.EXPIRED: gettext_lazy("Its last day has passed."),
}
PAYMENT_NEXT: dict[str, Any] = {
    _D.REQUESTED: gettext_lazy("Somebody of the fund holder checks the papers."),
    _D.CHECKED: gettext_lazy("Two other people of the fund holder approve it."),
    _D.APPROVED: gettext_lazy("The fund holder pays at its bank and records the slip."),
    _D.PAID: gettext_lazy("The agency says when it has the money."),
    _D.RECEIVED: gettext_lazy("The agency adds its vouchers until they cover the payment."),
    _D.VOUCHERED: gettext_lazy("The fund holder compares vouchers and payment."),
    _D.RECONCILED: gettext_lazy("Vouchers and payment agree."),
    _D.CLOSED: gettext_lazy("Nothing more is to be done."),
    _D.REJECTED: gettext_lazy("Not approved. The reason stands below."),
    _D.RETURNED: gettext_lazy("The money went back to the fund holder."),
    _D.DISPUTED: gettext_lazy("The fund holder doubts it. It rests until that is cleared up."),
    _D.RECOVERED: gettext_lazy("The money came back to the fund holder."),
}
DELIVERY_NEXT: dict[str, Any] = {
    _H.PLANNED: gettext_lazy("Hand it over and record it with a photo."),
    _H.DELIVERED: gettext_lazy("The family is asked whether it arrived."),
    _H.CONFIRMED: gettext_lazy("The family says that it arrived."),
    _H.DISPUTED: gettext_lazy("The family says that something is not right. Put it right, then say so here."),
    _H.CANCELLED: gettext_lazy("It was not handed over. The amount can be planned anew."),
}


ENDING_NEXT: dict[str, Any] = {
    EndGround.MUTUAL: gettext_lazy(
        "It ends ten minutes after every party has said yes; one no leaves it in force."
    ),
    EndGround.BREACH: gettext_lazy(
        "The other party is heard first; then a supervisor who has not spoken here decides."
    ),
    EndGround.FORCE_MAJEURE: gettext_lazy(
        "The other parties read it first; then a supervisor who has not spoken here decides."
    ),
}


FIRST_YES = "disbursement.first_approval"


@dataclass(frozen=True)
class Entry:
    """A line of a timeline."""

    at: datetime
    title: Any
    by: str = ""
    detail: str = ""


def agreement_text(agreement: Agreement) -> list[tuple[Any, str]]:
    """The parts in the order they are read; exactly what is signed."""
    return [
        (label, agreement.content[part]) for part, label in PART_LABELS.items() if part in agreement.content
    ]


def changes_of(agreement: Agreement) -> list[tuple[Any, str, str]]:
    """What a version that is not in force yet says otherwise than the one it is to replace: part, before, now."""
    earlier = agreement.replaces
    if earlier is None or agreement.effective_at is not None:
        return []
    before, now = _terms(earlier), _terms(agreement)
    return [(label, old, new) for (label, old), (_label, new) in zip(before, now, strict=True) if old != new]


def _terms(agreement: Agreement) -> list[tuple[Any, str]]:
    """Everything that is agreed, each part under its label."""
    tranches = "\n".join(yuan(amount) for amount in agreement.content.get("tranche_amounts", []))
    return [
        *((label, agreement.content.get(part, "")) for part, label in PART_LABELS.items()),
        (_("Sum"), yuan(agreement.amount)),
        (_("Tranches"), tranches),
        (_("First day"), day(agreement.start)),
        (_("Last day"), day(agreement.end)),
    ]


def agreement_next(agreement: Agreement) -> Any:
    if agreement.state == AgreementState.DRAFT and agreement.kind == AgreementKind.ENTRUSTMENT:
        return _("Read it once more, then lay it before the parties.")
    return AGREEMENT_NEXT[agreement.state]


def course_of(agreement: Agreement, user: Any) -> dict[str, Any]:
    """The versions of a text the reader may see, what was asked to be changed in them, how its end was asked for.

    What is said about its end is between the parties that sign; a donor reads the outcome.
    """
    versions = Agreement.objects.visible_to(user).filter(number=agreement.number)
    remarks = Remark.objects.filter(agreement__in=versions).order_by("pk")
    endings = agreement.endings.select_related("decided_by", "evidence").order_by("pk")
    return {
        "versions": [row for row in versions.order_by("version") if row.pk != agreement.pk],
        "remarks": told_remarks(remarks),
        "endings": [] if user.seat.role in DONOR_SEATS else [_told(row) for row in endings],
    }


def told_remarks(remarks: QuerySet[Remark]) -> list[tuple[Remark, Any, Any]]:
    """Each remark with the party it comes from, never the person, and what it is about."""
    rows = remarks.select_related("agreement")
    return [(row, Party(row.party).label, RemarkKind(row.kind).label) for row in rows]


def _told(ending: Ending) -> dict[str, Any]:
    facts: list[tuple[Any, Any]] = [
        (_("Asked for by"), f"{Signer(ending.asked_by).label} · {moment(ending.asked_at)}"),
        (_("Ground"), EndGround(ending.ground).label),
    ]
    if ending.clause:
        facts += [
            (_("Clause"), PART_LABELS[ending.clause]),
            (_("Broken by"), Signer(ending.against).label),
        ]
    facts.append((_("Reason"), ending.reason))
    if ending.due is not None and ending.state in RUNNING:
        facts.append((_("To be heard by"), day(ending.due)))
    if ending.decided_by is not None:
        facts.append((_("Decided by"), f"{ending.decided_by.name} · {ending.decision}"))
    words = [
        (Signer(word.party).label, EndingAnswer(word.answer).label, word)
        for word in spoken(ending).values()
        if word.answer != EndingAnswer.ASKED
    ]
    next_step = ENDING_NEXT[ending.ground] if ending.state in RUNNING else ""
    return {"row": ending, "facts": facts, "words": words, "next_step": next_step}


def payment_next(row: Disbursement) -> Any:
    if row.state == DisbursementState.CHECKED and row.first_approver_id is not None:
        return _("Approved by one person. A second one looks at it.")
    return PAYMENT_NEXT[row.state]


PAYMENT_STEPS: dict[str, tuple[Any, str]] = {
    "disbursement.requested": (gettext_lazy("Request sent"), "requested_by"),
    "delivery.disbursement.checked": (gettext_lazy("Papers checked"), "checked_by"),
    FIRST_YES: (gettext_lazy("First approval"), "first_approver"),
    "delivery.disbursement.approved": (gettext_lazy("Second approval"), "second_approver"),
    "delivery.disbursement.paid": (gettext_lazy("Paid by the fund holder"), ""),
    "delivery.disbursement.received": (gettext_lazy("Received by the agency"), ""),
    "delivery.disbursement.vouchered": (gettext_lazy("Covered by vouchers"), ""),
    "delivery.disbursement.reconciled": (gettext_lazy("Vouchers and payment compared"), ""),
    "delivery.disbursement.closed": (gettext_lazy("Closed"), ""),
    "delivery.disbursement.rejected": (gettext_lazy("Not approved"), ""),
    "delivery.disbursement.returned": (gettext_lazy("Sent back to the fund holder"), ""),
    "delivery.disbursement.disputed": (gettext_lazy("Doubted by the fund holder"), ""),
    "delivery.disbursement.recovered": (gettext_lazy("Money came back"), ""),
}


def payment_timeline(row: Disbursement) -> list[Entry]:
    """Every step with its time, as the journal keeps it; a step gone back to after a doubt stands there again."""
    steps = []
    for act in sorted(timeline_of(row), key=lambda act: act.pk):
        if act.action in PAYMENT_STEPS:
            title, column = PAYMENT_STEPS[act.action]
            person = getattr(row, column) if column else None
            steps.append(Entry(act.at, title, by=person.name if person else ""))
    return steps


def approvals(row: Disbursement) -> list[tuple[Any, str]]:
    """The three people of the fund holder, as far as they acted, and when."""
    times = {act.action: act.at for act in timeline_of(row)}
    named = [
        (_("Papers checked by"), row.checked_by, "delivery.disbursement.checked"),
        (_("Approved first by"), row.first_approver, FIRST_YES),
        (_("Approved second by"), row.second_approver, "delivery.disbursement.approved"),
    ]
    return [
        (label, f"{person.name} · {moment(times.get(action))}" if person else "—")
        for label, person, action in named
    ]


def delivery_next(row: Delivery) -> Any:
    return DELIVERY_NEXT[row.state]
