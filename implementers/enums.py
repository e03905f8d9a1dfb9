"""States, levels and kinds of the implementing side (domain §6.5, §11.3, §11.4)."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import OrganisationKind
from common.states import Moves


class AgencyKind(models.TextChoices):
    ASSOCIATION = "association", _("Association")
    SERVICE_ORGANISATION = "service_organisation", _("Social service organisation")
    FOUNDATION = "foundation", _("Foundation")
    COOPERATIVE = "cooperative", _("Village co-operative or mutual-help group")
    VOLUNTEER_TEAM = "volunteer_team", _("Volunteer team with a host organisation")


class AgencyState(models.TextChoices):
    APPLIED = "applied", _("Waiting to be checked")
    CHECKING = "checking", _("Being checked")
    ADMITTED = "admitted", _("Admitted")
    REFUSED = "refused", _("Not admitted")
    LEFT = "left", _("Left")


AGENCY_MOVES: Moves = {
    AgencyState.APPLIED: {AgencyState.CHECKING, AgencyState.LEFT},
    AgencyState.CHECKING: {AgencyState.ADMITTED, AgencyState.REFUSED, AgencyState.LEFT},
    AgencyState.ADMITTED: {AgencyState.CHECKING, AgencyState.LEFT},
    AgencyState.REFUSED: {AgencyState.APPLIED, AgencyState.LEFT},
    AgencyState.LEFT: {AgencyState.APPLIED},
}


class Level(models.TextChoices):
    """How large a project an agency may take."""

    L1 = "L1", _("L1, projects up to 50,000 yuan")
    L2 = "L2", _("L2, projects up to 200,000 yuan")
    L3 = "L3", _("L3, projects up to 1,000,000 yuan")
    L4 = "L4", _("L4, projects of any size")


# Fen; None is no ceiling (domain §6.5).
CEILINGS: dict[str, int | None] = {
    Level.L1: 5_000_000,
    Level.L2: 20_000_000,
    Level.L3: 100_000_000,
    Level.L4: None,
}


class RatingLevel(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"
    D = "D", "D"
    E = "E", "E"


class Standing(models.TextChoices):
    NORMAL = "normal", _("In good standing")
    WARNED = "warned", _("Warned")
    RECTIFYING = "rectifying", _("Putting things right")
    SUSPENDED = "suspended", _("No new projects for now")
    FROZEN = "frozen", _("Frozen during an inquiry")
    ELIMINATED = "eliminated", _("Removed from the list")


_S = Standing
STANDING_MOVES: Moves = {
    _S.NORMAL: {_S.WARNED, _S.RECTIFYING, _S.SUSPENDED, _S.FROZEN},
    _S.WARNED: {_S.NORMAL, _S.RECTIFYING, _S.SUSPENDED, _S.FROZEN, _S.ELIMINATED},
    _S.RECTIFYING: {_S.NORMAL, _S.WARNED, _S.SUSPENDED, _S.FROZEN, _S.ELIMINATED},
    _S.SUSPENDED: {_S.NORMAL, _S.RECTIFYING, _S.FROZEN, _S.ELIMINATED},
    _S.FROZEN: {_S.NORMAL, _S.WARNED, _S.RECTIFYING, _S.SUSPENDED, _S.ELIMINATED},
    _S.ELIMINATED: {_S.NORMAL},
}
# No new project and no new match in these.
BARRED = frozenset({_S.RECTIFYING, _S.SUSPENDED, _S.FROZEN, _S.ELIMINATED})


class Heading(models.TextChoices):
    """The six headings of the admission scorecard (domain §6.5)."""

    LEGAL = "legal", _("Registration and inspections")
    GOVERNANCE = "governance", _("Governance")
    TEAM = "team", _("Social workers and staff")
    FINANCE = "finance", _("Finances")
    EXPERIENCE = "experience", _("Experience")
    SAFEGUARDING = "safeguarding", _("Safeguarding, privacy and complaints")


# The most a heading can earn; together 100.
HEADING_POINTS: dict[str, int] = {
    Heading.LEGAL: 20,
    Heading.GOVERNANCE: 15,
    Heading.TEAM: 20,
    Heading.FINANCE: 20,
    Heading.EXPERIENCE: 15,
    Heading.SAFEGUARDING: 10,
}
# The total from which a level is open; below the last nobody is admitted.
LEVEL_FLOORS: tuple[tuple[int, str], ...] = ((90, Level.L4), (80, Level.L3), (70, Level.L2), (60, Level.L1))


class AdmissionState(models.TextChoices):
    PROPOSED = "proposed", _("Waiting for the supervisor")
    ADMITTED = "admitted", _("Admitted")
    REFUSED = "refused", _("Not admitted")
    SENT_BACK = "sent_back", _("Sent back")


ADMISSION_MOVES: Moves = {
    AdmissionState.PROPOSED: {AdmissionState.ADMITTED, AdmissionState.REFUSED, AdmissionState.SENT_BACK}
}


class CredentialKind(models.TextChoices):
    REGISTRATION = "registration", _("Registration certificate")
    ANNUAL_INSPECTION = "annual_inspection", _("Annual inspection or report")
    AUDIT = "audit", _("Audit report")
    GRADE = "grade", _("Grade of social organisations (1A to 5A)")
    SAFEGUARDING_POLICY = "safeguarding_policy", _("Safeguarding and privacy rules")
    HOST_AGREEMENT = "host_agreement", _("Agreement with the host organisation")
    OTHER = "other", _("Other")


class Licence(models.TextChoices):
    NONE = "none", _("No licence")
    ASSISTANT = "assistant", _("Assistant social worker")
    SOCIAL_WORKER = "social_worker", pgettext_lazy("licence", "Social worker")
    SENIOR = "senior", _("Senior social worker")


class FundHolderKind(models.TextChoices):
    CHARITY = "charity", _("Charity")
    BUDGET_UNIT = "budget_unit", _("Budget unit")


# A charity is registered in any of three forms (charity law §8); its credit code says in which.
HOLDER_KINDS: dict[str, tuple[OrganisationKind, ...]] = {
    FundHolderKind.CHARITY: (
        OrganisationKind.FOUNDATION,
        OrganisationKind.ASSOCIATION,
        OrganisationKind.SERVICE_ORGANISATION,
    ),
    FundHolderKind.BUDGET_UNIT: (OrganisationKind.GOVERNMENT,),
}


class FundHolderState(models.TextChoices):
    APPLIED = "applied", _("Waiting to be checked")
    CHECKING = "checking", _("Being checked")
    ADMITTED = "admitted", _("Admitted")
    SUSPENDED = "suspended", _("Paused")
    REFUSED = "refused", _("Not admitted")


FUND_HOLDER_MOVES: Moves = {
    FundHolderState.APPLIED: {FundHolderState.CHECKING},
    FundHolderState.CHECKING: {FundHolderState.ADMITTED, FundHolderState.REFUSED},
    FundHolderState.ADMITTED: {FundHolderState.SUSPENDED},
    FundHolderState.SUSPENDED: {FundHolderState.ADMITTED},
    FundHolderState.REFUSED: {FundHolderState.APPLIED},
}


class QualificationKind(models.TextChoices):
    CHARITY_STATUS = "charity_status", _("Charity registration")
    PUBLIC_FUNDRAISING = "public_fundraising", _("Licence for public fundraising")
    TAX_DEDUCTION = "tax_deduction", _("Gifts are tax-deductible")
    RECEIPTS = "receipts", _("Issues donation receipts with the fiscal seal")
    BUDGET_UNIT = "budget_unit", _("Budget unit of the government")


# What a fund holder of each kind must hold, in force, to be admitted (charity law §38, domain §6.2).
REQUIRED_QUALIFICATIONS: dict[str, frozenset[str]] = {
    FundHolderKind.CHARITY: frozenset({QualificationKind.CHARITY_STATUS, QualificationKind.RECEIPTS}),
    FundHolderKind.BUDGET_UNIT: frozenset({QualificationKind.BUDGET_UNIT}),
}
