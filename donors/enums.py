"""States and kinds of the donor side (domain §6, §10.3)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.enums import OrganisationKind
from common.states import Moves
from reference.enums import ItemKind


class DonorKind(models.TextChoices):
    INDIVIDUAL = "individual", _("Individual")
    ENTERPRISE = "enterprise", _("Enterprise")
    SOCIAL_ORGANISATION = "social_organisation", _("Social organisation")
    FOUNDATION = "foundation", _("Foundation")
    GOVERNMENT = "government", _("Government office")


# The code says which it is: a co-operative gives as a firm does, a service organisation as an association does.
BODY_KINDS: dict[str, tuple[OrganisationKind, ...]] = {
    DonorKind.ENTERPRISE: (OrganisationKind.ENTERPRISE, OrganisationKind.COOPERATIVE),
    DonorKind.SOCIAL_ORGANISATION: (OrganisationKind.ASSOCIATION, OrganisationKind.SERVICE_ORGANISATION),
    DonorKind.FOUNDATION: (OrganisationKind.FOUNDATION,),
}
WITH_QUALIFICATIONS = frozenset({DonorKind.SOCIAL_ORGANISATION, DonorKind.FOUNDATION})


class RegistrationLevel(models.TextChoices):
    """Where a social organisation or foundation is registered (domain §6.1)."""

    NATIONAL = "national", _("The ministry of civil affairs")
    PROVINCE = "province", _("A provincial office")
    PREFECTURE = "prefecture", _("A prefecture's office")
    COUNTY = "county", _("A county's office")


class DonorState(models.TextChoices):
    REGISTERED = "registered", _("Waiting to be checked")
    CHECKING = "checking", _("Being checked")
    VERIFIED = "verified", _("Checked")
    SUSPENDED = "suspended", _("Paused")
    REFUSED = "refused", _("Not accepted")


DONOR_MOVES: Moves = {
    DonorState.REGISTERED: {DonorState.CHECKING, DonorState.VERIFIED, DonorState.REFUSED},
    DonorState.CHECKING: {DonorState.VERIFIED, DonorState.REFUSED},
    DonorState.VERIFIED: {DonorState.SUSPENDED},
    DonorState.SUSPENDED: {DonorState.VERIFIED},
    DonorState.REFUSED: {DonorState.CHECKING},
}


class LotKind(models.TextChoices):
    MONEY = "money", _("Money")
    GOODS = "goods", _("Goods")
    SERVICE = "service", _("Time and service")
    JOB = "job", _("Jobs")
    TRAINING = "training", _("Training places")
    INFORMATION = "information", _("Information and advice")


# Care and company are given as time, so a donor finds them under services.
ITEM_KINDS: dict[str, tuple[str, ...]] = {
    LotKind.MONEY: (ItemKind.MONEY,),
    LotKind.GOODS: (ItemKind.GOODS,),
    LotKind.SERVICE: (ItemKind.SERVICE, ItemKind.CARE, ItemKind.FEELING),
    LotKind.JOB: (ItemKind.JOB,),
    LotKind.TRAINING: (ItemKind.TRAINING,),
    LotKind.INFORMATION: (ItemKind.INFORMATION,),
}


class LotOrigin(models.TextChoices):
    DONOR = "donor", _("From a donor")
    PUBLIC_FUND = "public_fund", _("From public funds")


class GoodsCondition(models.TextChoices):
    NEW = "new", _("New")
    GOOD = "good", _("Used, in good order")
    REPAIRED = "repaired", _("Repaired and checked")


class LotState(models.TextChoices):
    """Partly reserved and being delivered are read from the counters; they are not states."""

    DRAFT = "draft", _("Being written")
    SUBMITTED = "submitted", _("Sent, waits to be looked at")
    REVIEWING = "reviewing", _("Being checked")
    REJECTED = "rejected", _("Not listed")
    LISTED = "listed", _("Ready to help")
    USED_UP = "used_up", _("All in use")
    CLOSED = "closed", _("Finished")
    WITHDRAWN = "withdrawn", _("Taken back")
    EXPIRED = "expired", _("Past its date")
    FROZEN = "frozen", _("Held for a check")
    DEFAULTED = "defaulted", _("Promise not kept")


_L = LotState
LOT_MOVES: Moves = {
    _L.DRAFT: {_L.SUBMITTED, _L.LISTED, _L.WITHDRAWN},
    _L.SUBMITTED: {_L.DRAFT, _L.REVIEWING, _L.WITHDRAWN},
    _L.REVIEWING: {_L.LISTED, _L.REJECTED, _L.WITHDRAWN},
    _L.REJECTED: {_L.DRAFT},
    _L.LISTED: {_L.USED_UP, _L.WITHDRAWN, _L.EXPIRED, _L.FROZEN, _L.DEFAULTED},
    _L.USED_UP: {_L.LISTED, _L.CLOSED, _L.FROZEN},
    _L.WITHDRAWN: {_L.CLOSED},
    _L.EXPIRED: {_L.CLOSED},
    _L.FROZEN: {_L.LISTED, _L.WITHDRAWN, _L.DEFAULTED},
    _L.DEFAULTED: {_L.CLOSED},
}
UNLISTED = frozenset({_L.DRAFT, _L.SUBMITTED, _L.REVIEWING, _L.REJECTED})


class Account(models.TextChoices):
    """The five places a unit of a lot can be in, and the outside it came from (the ledger's accounts)."""

    OUTSIDE = "outside", _("the donor")
    AVAILABLE = "available", _("free")
    RESERVED = "reserved", _("set aside for a household")
    DISBURSED = "disbursed", _("received by households")
    RETURNED = "returned", _("given back to the donor")
    WRITTEN_OFF = "written_off", _("written off")


COUNTERS: tuple[str, ...] = (
    Account.AVAILABLE,
    Account.RESERVED,
    Account.DISBURSED,
    Account.RETURNED,
    Account.WRITTEN_OFF,
)


class EntryKind(models.TextChoices):
    LISTED = "listed", _("Listed")
    RESERVED = "reserved", _("Set aside for a household")
    RELEASED = "released", _("Free again")
    DISBURSED = "disbursed", _("Received by a household")
    CAME_BACK = "came_back", _("Came back")
    TAKEN_BACK = "taken_back", _("Taken back by the donor")
    WRITTEN_OFF = "written_off", _("Written off")


class Binding(models.TextChoices):
    """What a click means in law: only a public promise or a written agreement binds (charity law §41)."""

    INTENTION = "intention", _("A wish: it can be taken back")
    PROMISE = "promise", _("A public promise: it binds the donor")
    AGREEMENT = "agreement", _("A written agreement: it binds the donor")


class PledgeState(models.TextChoices):
    MADE = "made", _("Made, can be taken back")
    STANDING = "standing", _("Stands")
    FULFILLED = "fulfilled", _("Kept")
    WITHDRAWN = "withdrawn", _("Taken back")
    BREACHED = "breached", _("Not kept")


PLEDGE_MOVES: Moves = {
    PledgeState.MADE: {PledgeState.STANDING, PledgeState.WITHDRAWN},
    PledgeState.STANDING: {PledgeState.FULFILLED, PledgeState.WITHDRAWN, PledgeState.BREACHED},
}


class FeedbackKind(models.TextChoices):
    RECEIPT = "receipt", _("Arrived")
    ALLOCATION = "allocation", _("Where it went")
    PROGRESS = "progress", _("How it goes")
    FINAL = "final", _("What came of it")


class MinimumLevel(models.TextChoices):
    A = "A", _("A: outstanding")
    B = "B", _("B or better")
    C = "C", _("C or better")
    D = "D", _("D or better")


class ConditionField(models.TextChoices):
    """The only things a donor's condition may speak of (domain §6.4).

    The first ten become columns of the lot and are matched; what concerns the project is held against it at the
    decision; the rest is passed on in the donor's own terms.
    """

    REGION = "region", _("Area")
    GROUP = "group", _("Group of people")
    SEVERITY = "severity", _("How badly it is needed")
    HOUSEHOLD_CAP = "household_cap", _("At most per household")
    AGENCY_LEVEL = "agency_level", _("Rating of the agency")
    VALID_FROM = "valid_from", _("Not before")
    VALID_UNTIL = "valid_until", _("Until")
    LEAST_HOUSEHOLDS = "least_households", _("Households it must reach at least")
    CONFIRM_EACH = "confirm_each", _("Ask me before each match")
    IMPLEMENTER_KIND = "implementer_kind", _("Kind of agency")
    ADMIN_FEE_CAP = "admin_fee_cap", _("Running costs at most")
    DELIVERY_MODE = "delivery_mode", _("Way of delivery")
    MOST_HOUSEHOLDS = "most_households", _("Households it goes to at most")
    CO_FUNDING = "co_funding", _("Others give at least")
    REPORTING = "reporting", _("Reports every")
    PUBLICITY = "publicity", _("Naming me")
    NOTE = "note", _("Wish")


# Who may carry out a project; the same words as `implementers.AgencyKind`, which this app does not know.
AGENCY_KINDS = (
    OrganisationKind.ASSOCIATION,
    OrganisationKind.SERVICE_ORGANISATION,
    OrganisationKind.FOUNDATION,
    OrganisationKind.COOPERATIVE,
    OrganisationKind.VOLUNTEER_TEAM,
)
# How each kind of thing can reach a household: slugs of the code list “delivery_mode”.
DELIVERY_WAYS: dict[str, tuple[str, ...]] = {
    LotKind.MONEY: ("bank_transfer", "paid_to_provider", "voucher", "works"),
    LotKind.GOODS: ("home_delivery", "pickup", "voucher"),
    LotKind.SERVICE: ("home_service", "centre_service", "group_session", "remote"),
    LotKind.JOB: ("home_service", "centre_service", "remote"),
    LotKind.TRAINING: ("group_session", "centre_service", "home_service", "remote"),
    LotKind.INFORMATION: ("remote", "home_service", "centre_service", "group_session"),
}


class Reporting(models.IntegerChoices):
    """How often the donor is told how it goes; three months without a wish (domain §6.2)."""

    MONTHLY = 1, _("every month")
    QUARTERLY = 3, _("every three months")
    HALF_YEARLY = 6, _("every half year")


class Operator(models.TextChoices):
    IS = "is", _("is")
    ANY_OF = "any_of", _("any of")
    WITHIN = "within", _("within")
    AT_LEAST = "at_least", _("at least")
    AT_MOST = "at_most", _("at most")
