"""Roles, kinds of organisation, duties."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.states import Moves


class Role(models.TextChoices):
    """In which capacity somebody acts; one person may hold several, one at a time."""

    VILLAGE_WORKER = "village_worker", _("Village worker")
    SOCIAL_WORKER = "social_worker", _("Social worker")
    SUPERVISOR = "supervisor", _("Supervisor")
    DONOR = "donor", _("Donor")
    AGENCY = "agency", _("Implementing agency")
    FUND_HOLDER = "fund_holder", _("Fund holder")
    EVALUATOR = "evaluator", _("Evaluator")
    OFFICER = "officer", _("Government officer")
    VIEWER = "viewer", _("Government viewer")
    AUDITOR = "auditor", _("Auditor")
    SYSTEM_ADMIN = "system_admin", _("System administrator")
    SECURITY_ADMIN = "security_admin", _("Security administrator")


PLATFORM_STAFF = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})
GOVERNMENT = frozenset({Role.OFFICER, Role.VIEWER})
DESK_ROLES = frozenset({*PLATFORM_STAFF, Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})
SECOND_FACTOR_ROLES = frozenset(
    {*DESK_ROLES, *GOVERNMENT, Role.VILLAGE_WORKER, Role.AGENCY, Role.FUND_HOLDER, Role.EVALUATOR}
)
# Whoever acts for an area needs one; whoever works for others names the employer (neutrality, R20 and R31).
AREA_ROLES = frozenset({Role.VILLAGE_WORKER, *PLATFORM_STAFF, *GOVERNMENT})
# Head offices see the whole country; whoever visits households works in a place. The code people write for it.
NATIONAL_ROLES = frozenset({Role.SUPERVISOR, *GOVERNMENT})
NATIONAL = "00"
EMPLOYED_ROLES = frozenset({*AREA_ROLES, Role.AGENCY, Role.FUND_HOLDER})
# Seats somebody opens for the own organisation when it registers; every other seat begins with an invitation.
SELF_REGISTERED_ROLES = frozenset({Role.DONOR, Role.AGENCY, Role.FUND_HOLDER})
# Roles whose organisation looks after its own colleagues.
ORGANISATION_ROLES = frozenset({*SELF_REGISTERED_ROLES, Role.EVALUATOR})
# Three administrations that never meet in one person (MLPS level 3).
SEPARATED_ROLES = frozenset({Role.AUDITOR, Role.SYSTEM_ADMIN, Role.SECURITY_ADMIN})


class OrganisationKind(models.TextChoices):
    PLATFORM_STATION = "platform_station", _("Social-work station")
    GOVERNMENT = "government", _("Government office")
    ENTERPRISE = "enterprise", _("Enterprise")
    FOUNDATION = "foundation", _("Foundation")
    ASSOCIATION = "association", _("Association")
    SERVICE_ORGANISATION = "service_organisation", _("Social service organisation")
    COOPERATIVE = "cooperative", _("Village co-operative")
    VOLUNTEER_TEAM = "volunteer_team", _("Volunteer team")


_CIVIL = frozenset({Role.DONOR, Role.AGENCY, Role.FUND_HOLDER, Role.EVALUATOR})
ROLES_OF_KIND = {
    OrganisationKind.PLATFORM_STATION: frozenset(
        {Role.VILLAGE_WORKER, *PLATFORM_STAFF, Role.EVALUATOR, *SEPARATED_ROLES}
    ),
    OrganisationKind.GOVERNMENT: frozenset(
        {Role.VILLAGE_WORKER, *GOVERNMENT, Role.DONOR, Role.FUND_HOLDER, *SEPARATED_ROLES}
    ),
    OrganisationKind.ENTERPRISE: frozenset({Role.DONOR, Role.EVALUATOR}),
    OrganisationKind.FOUNDATION: _CIVIL,
    OrganisationKind.ASSOCIATION: _CIVIL,
    OrganisationKind.SERVICE_ORGANISATION: _CIVIL,
    OrganisationKind.COOPERATIVE: frozenset({Role.DONOR, Role.AGENCY}),
    OrganisationKind.VOLUNTEER_TEAM: frozenset({Role.DONOR, Role.AGENCY}),
}

# Registering department and category: how the credit code of each kind of body begins (GB 32100).
CODE_HEADS: dict[str, tuple[str, ...]] = {
    OrganisationKind.PLATFORM_STATION: ("11", "12", "13", "51", "52"),
    OrganisationKind.GOVERNMENT: ("11", "12", "13", "19", "54", "55"),
    OrganisationKind.ENTERPRISE: ("91", "92"),
    OrganisationKind.FOUNDATION: ("53",),
    OrganisationKind.ASSOCIATION: ("51",),
    OrganisationKind.SERVICE_ORGANISATION: ("52",),
    OrganisationKind.COOPERATIVE: ("93", "N1", "N2", "N3"),
    OrganisationKind.VOLUNTEER_TEAM: ("11", "12", "13", "51", "52", "53", "54", "55"),  # the host's own
}


class CodeReason(models.TextChoices):
    """Why a credit code on record changes; a code, because the journal keeps no free text."""

    TYPED_WRONG = "typed_wrong", _("It was typed wrongly")
    NEW_CERTIFICATE = "new_certificate", _("The certificate was issued anew")
    MERGED = "merged", _("The organisation merged or changed its form")
    ADDED = "added", _("It was missing so far")


class MembershipState(models.TextChoices):
    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")


MEMBERSHIP_MOVES: Moves = {
    MembershipState.INVITED: {MembershipState.ACTIVE, MembershipState.ENDED},
    MembershipState.ACTIVE: {MembershipState.ENDED},
}


class Duty(models.TextChoices):
    """What somebody did on one file; some duties may not meet in one person."""

    DELEGATE = "delegate", _("filed for the household")
    VERIFIER = "verifier", _("verified")
    VISITOR = "visitor", pgettext_lazy("duty", "visited")
    ASSESSOR = "assessor", _("assessed")
    REVIEWER = "reviewer", _("reviewed")
    MATCHER = "matcher", _("decided the match")
    OVERRIDER = "overrider", _("approved an override")
    SPOKESPERSON = "spokesperson", _("spoke for the household")
    HANDLER = "handler", _("handled the file")
    IMPLEMENTER = "implementer", _("works for the implementing agency")
    DONOR = "donor", _("gave")
    PREPARER = "preparer", _("prepared the payment")
    FIRST_APPROVER = "first_approver", _("approved first")
    SECOND_APPROVER = "second_approver", _("approved second")
    EVALUATOR = "evaluator", _("evaluated")
    RATING_APPROVER = "rating_approver", _("approved the rating")
    AUTHOR = "author", _("wrote")
    EDITOR = "editor", _("edited")
    OBJECTION_DECIDER = "objection_decider", _("decided the objection")
    REMEDIER = "remedier", _("acted on the objection")


class RevealReason(models.TextChoices):
    """Why somebody needs to see one masked value in full; a code, because the journal keeps no free text."""

    CONTACT = "contact", _("Reach the household")
    IDENTITY_CHECK = "identity_check", _("Check the identity against a document")
    PAYMENT = "payment", _("Prepare a payment or a delivery")
    CORRECTION = "correction", _("Correct a wrong entry")
    REQUEST_BY_PERSON = "request_by_person", _("Answer the person's own request")
    SUPERVISION = "supervision", _("Check a colleague's work")
