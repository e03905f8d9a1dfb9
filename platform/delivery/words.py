"""Agreements, payments and deliveries in the words their readers use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from delivery.enums import AgreementState, DeliveryState, DisbursementState
from delivery.models import Agreement, Delivery, Disbursement

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


def payment_next(row: Disbursement) -> Any:
    if row.state == DisbursementState.CHECKED and row.first_approver_id is not None:
        return _("Approved by one person. A second one looks at it.")
    return PAYMENT_NEXT[row.state]


def payment_timeline(row: Disbursement) -> list[Entry]:
    """Who did what; the moments between are in the journal."""
    people = [
        (_("Request sent"), row.requested_by, row.created_at),
        (_("Received by the agency"), None, row.received_at),
    ]
    return [Entry(at, title, by=person.name if person else "") for title, person, at in people if at]


def approvals(row: Disbursement) -> list[tuple[Any, str]]:
    """The three people of the fund holder, as far as they acted."""
    named = [
        (_("Papers checked by"), row.checked_by),
        (_("Approved first by"), row.first_approver),
        (_("Approved second by"), row.second_approver),
    ]
    return [(label, person.name if person else "—") for label, person in named]


def delivery_next(row: Delivery) -> Any:
    return DELIVERY_NEXT[row.state]
