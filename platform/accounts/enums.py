"""Roles, kinds of organisation, duties."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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


class MembershipState(models.TextChoices):
    INVITED = "invited", _("Invited")
    ACTIVE = "active", _("Active")
    ENDED = "ended", _("Ended")


MEMBERSHIP_MOVES = {
    MembershipState.INVITED: {MembershipState.ACTIVE, MembershipState.ENDED},
    MembershipState.ACTIVE: {MembershipState.ENDED},
}


class Duty(models.TextChoices):
    """What somebody did on one file; some duties may not meet in one person."""

    DELEGATE = "delegate", _("filed for the household")
    VERIFIER = "verifier", _("verified")
    VISITOR = "visitor", _("visited")
    ASSESSOR = "assessor", _("assessed")
    REVIEWER = "reviewer", _("reviewed")
    MATCHER = "matcher", _("decided the match")
    OVERRIDER = "overrider", _("approved an override")
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
