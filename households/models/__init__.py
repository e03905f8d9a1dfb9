"""The household side: one module per matter."""

from households.models.application import Application, CodeTry, Draft
from households.models.assessment import Assessment, Visit
from households.models.cards import PointsCard
from households.models.closing import ClosingSummary, Referral
from households.models.duplicate import DuplicateCluster, DuplicateFile
from households.models.exit import ExitProposal
from households.models.household import (
    Household,
    HouseholdYear,
    IncomeLine,
    MeasureReceived,
    Member,
    OfficialStatus,
)
from households.models.imports import ImportBatch, ImportRow
from households.models.need import Need
from households.models.notes import ProcessNote, Supervision
from households.models.plans import PlanRating, PlanStep, ServicePlan
from households.models.remedy import Remedy
from households.models.rights import CaseAccess, Consent, Delegation, Objection
from households.models.safety import SafetyAlert
from households.models.scales import Instrument, InstrumentResult
from households.models.scores import HouseholdScore
from households.models.ties import StrengthList, SupportTie
from households.models.trainings import Training
from households.models.verification import QualityFlag

__all__ = [
    "Application",
    "Assessment",
    "CaseAccess",
    "ClosingSummary",
    "CodeTry",
    "Consent",
    "Delegation",
    "Draft",
    "DuplicateCluster",
    "DuplicateFile",
    "ExitProposal",
    "Household",
    "HouseholdScore",
    "HouseholdYear",
    "ImportBatch",
    "ImportRow",
    "IncomeLine",
    "Instrument",
    "InstrumentResult",
    "MeasureReceived",
    "Member",
    "Need",
    "Objection",
    "OfficialStatus",
    "PlanRating",
    "PlanStep",
    "PointsCard",
    "ProcessNote",
    "QualityFlag",
    "Referral",
    "Remedy",
    "SafetyAlert",
    "ServicePlan",
    "StrengthList",
    "Supervision",
    "SupportTie",
    "Training",
    "Visit",
]
