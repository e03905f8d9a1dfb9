"""Agencies and fund holders, what they can prove, and how they were admitted."""

from implementers.models.admission import Admission
from implementers.models.agency import Agency
from implementers.models.evidence import Credential, Staff
from implementers.models.fund_holder import FundHolder, Qualification

__all__ = ["Admission", "Agency", "Credential", "FundHolder", "Qualification", "Staff"]
