"""The workers' matching desk inside the web admin."""

from matching.admin.answers import ConfirmationAdmin
from matching.admin.desk import ProposalAdmin
from matching.admin.overrides import OverrideAdmin
from matching.admin.pairs import BanAdmin, PinAdmin
from matching.admin.runs import RunAdmin
from matching.admin.unmet import UnmetReasonAdmin

__all__ = [
    "BanAdmin",
    "ConfirmationAdmin",
    "OverrideAdmin",
    "PinAdmin",
    "ProposalAdmin",
    "RunAdmin",
    "UnmetReasonAdmin",
]
