"""States of agreements, transfers, payments and deliveries (domain §10.6, §10.7)."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from matching.enums import HELD, LIVE, ProposalState

# A match counts for its project's money from everybody's yes to its end.
CARRIED = sorted(HELD - {ProposalState.PROPOSED})
# Of these not everything has reached its family yet.
UNSPENT = sorted(LIVE - {ProposalState.PROPOSED})


class AgreementKind(models.TextChoices):
    SERVICE = "service", _("service agreement with the household")
    ENTRUSTMENT = "entrustment", _("entrustment agreement")


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("Draft")
    NEGOTIATING = "negotiating", _("Being discussed by the parties")
    SIGNING = "signing", _("Waiting for signatures")
    SIGNED = "signed", _("Signed, in the time to undo")
    EFFECTIVE = "effective", _("Effective")
    AMENDED = "amended", _("Replaced by a new version")
    FULFILLED = "fulfilled", _("Fulfilled")
    TERMINATED = "terminated", _("Ended early")
    EXPIRED = "expired", _("Past its end")


_A = AgreementState
AGREEMENT_MOVES = {
    _A.DRAFT: {_A.NEGOTIATING, _A.SIGNING, _A.TERMINATED},
    _A.NEGOTIATING: {_A.SIGNING, _A.AMENDED, _A.TERMINATED},
    _A.SIGNING: {_A.SIGNED, _A.NEGOTIATING, _A.AMENDED, _A.TERMINATED},
    _A.SIGNED: {_A.EFFECTIVE, _A.SIGNING, _A.TERMINATED},
    _A.EFFECTIVE: {_A.AMENDED, _A.FULFILLED, _A.TERMINATED, _A.EXPIRED},
}

UNFINISHED = (_A.DRAFT, _A.NEGOTIATING, _A.SIGNING, _A.SIGNED)


class Signer(models.TextChoices):
    HOUSEHOLD = "household", _("household")
    AGENCY = "agency", _("implementing agency")
    FUND_HOLDER = "fund_holder", _("fund holder")
    PLATFORM = "platform", _("platform")
    DONOR = "donor", _("donor")


class Way(models.TextChoices):
    """How a word was given; for a family by somebody else only with its own signature or recording."""

    WEB = "web", _("on the web")
    WORKER = "worker", _("through the social worker")
    DELEGATE = "delegate", _("through the delegate")


class Party(models.TextChoices):
    """Who has a say in an entrustment; the donor reads and asks, and signs when the use of its money changes."""

    AGENCY = "agency", _("implementing agency")
    FUND_HOLDER = "fund_holder", _("fund holder")
    PLATFORM = "platform", _("platform")
    DONOR = "donor", _("donor")


class RemarkKind(models.TextChoices):
    PURPOSE = "purpose", _("purpose and use of the money")
    MONEY = "money", _("sum and tranches")
    DUTIES = "duties", _("duties of the agency")
    REPORTING = "reporting", _("reports and vouchers")
    PERIOD = "period", _("beginning and end")
    LEFTOVER = "leftover", _("money left over")
    LIABILITY = "liability", _("what happens when the agreement is broken")
    OTHER = "other", _("something else")
    DECLINED = "declined", _("no to this use of the money")


class RemarkOutcome(models.TextChoices):
    OPEN = "open", _("waits for an answer")
    REWRITTEN = "rewritten", _("answered with a new version")
    KEPT = "kept", _("the text stays as it is")
    WITHDRAWN = "withdrawn", _("taken back")


class EndGround(models.TextChoices):
    """Why an agreement ended early; the first three are the grounds of an entrustment in force (domain §10.6)."""

    MUTUAL = "mutual", _("by mutual consent")
    BREACH = "breach", _("because it was broken")
    FORCE_MAJEURE = "force_majeure", _("because of force majeure")
    LEFT = "left", _("the family left")
    GIVEN_UP = "given_up", _("the agency gave it up")
    WITHDRAWN = "withdrawn", _("withdrawn before it was in force")


ENDING_GROUNDS = (EndGround.MUTUAL, EndGround.BREACH, EndGround.FORCE_MAJEURE)


class EndingState(models.TextChoices):
    OPEN = "open", _("Being asked")
    SETTLED = "settled", _("Agreed, in the time to undo")
    DONE = "done", _("The agreement was ended")
    DECLINED = "declined", _("Not ended")
    WITHDRAWN = "withdrawn", _("Taken back")
    LAPSED = "lapsed", _("The agreement ended otherwise")


_E = EndingState
ENDING_MOVES = {
    _E.OPEN: {_E.SETTLED, _E.DONE, _E.DECLINED, _E.WITHDRAWN, _E.LAPSED},
    _E.SETTLED: {_E.OPEN, _E.DONE, _E.WITHDRAWN, _E.LAPSED},
}
RUNNING = (EndingState.OPEN, EndingState.SETTLED)


class EndingAnswer(models.TextChoices):
    ASKED = "asked", _("asked for it")
    YES = "yes", _("agrees")
    NO = "no", _("does not agree")
    STATED = "stated", _("made its statement")
    READ = "read", _("has read it")


# What the text of each kind must say, in the order it is read (domain §10.6).
SERVICE_PARTS = (
    "causes",
    "goals",
    "agency_duties",
    "household_duties",
    "privacy",
    "complaints",
    "withdrawal",
)
ENTRUSTMENT_PARTS = (
    "purpose",
    "use_of_funds",
    "tranches",
    "duties",
    "reporting",
    "leftover",
    "liability",
)


class TransferState(models.TextChoices):
    DECLARED = "declared", _("Declared by the donor")
    ARRIVED = "arrived", _("Arrival confirmed")
    REJECTED = "rejected", _("Not found by the fund holder")


TRANSFER_MOVES = {TransferState.DECLARED: {TransferState.ARRIVED, TransferState.REJECTED}}


class DisbursementState(models.TextChoices):
    REQUESTED = "requested", _("Requested")
    CHECKED = "checked", _("Checked")
    APPROVED = "approved", _("Approved by two people")
    PAID = "paid", _("Paid")
    RECEIVED = "received", _("Received by the agency")
    VOUCHERED = "vouchered", _("Vouchers recorded")
    RECONCILED = "reconciled", _("Reconciled")
    CLOSED = "closed", _("Closed")
    REJECTED = "rejected", _("Not approved")
    RETURNED = "returned", _("Returned")
    DISPUTED = "disputed", _("Disputed")
    RECOVERED = "recovered", _("Recovered")


_D = DisbursementState
DISBURSEMENT_MOVES = {
    _D.REQUESTED: {_D.CHECKED, _D.REJECTED},
    _D.CHECKED: {_D.APPROVED, _D.REJECTED},
    _D.APPROVED: {_D.PAID, _D.REJECTED},
    _D.PAID: {_D.RECEIVED, _D.RETURNED, _D.DISPUTED},
    _D.RECEIVED: {_D.VOUCHERED, _D.RETURNED, _D.DISPUTED},
    _D.VOUCHERED: {_D.RECONCILED, _D.DISPUTED},
    _D.DISPUTED: {_D.PAID, _D.RECEIVED, _D.VOUCHERED, _D.RECOVERED},
    _D.RECONCILED: {_D.CLOSED},
}
# These hold money back from the agreed sum; the others have given it free again.
BINDING = [
    _D.REQUESTED,
    _D.CHECKED,
    _D.APPROVED,
    _D.PAID,
    _D.RECEIVED,
    _D.VOUCHERED,
    _D.RECONCILED,
    _D.CLOSED,
    _D.DISPUTED,
]


# Of these the money has left the fund holder.
PAID_OUT = [_D.PAID, _D.RECEIVED, _D.VOUCHERED, _D.RECONCILED, _D.CLOSED, _D.DISPUTED]


class DeliveryState(models.TextChoices):
    PLANNED = "planned", _("Planned")
    DELIVERED = "delivered", _("Handed over")
    CONFIRMED = "confirmed", _("Receipt confirmed by the household")
    DISPUTED = "disputed", _("Not as agreed")
    CANCELLED = "cancelled", _("Cancelled")


DELIVERY_MOVES = {
    DeliveryState.PLANNED: {DeliveryState.DELIVERED, DeliveryState.CANCELLED},
    DeliveryState.DELIVERED: {DeliveryState.CONFIRMED, DeliveryState.DISPUTED},
    DeliveryState.CONFIRMED: {DeliveryState.DELIVERED},  # within ten minutes
    DeliveryState.DISPUTED: {DeliveryState.DELIVERED, DeliveryState.CANCELLED},
}
