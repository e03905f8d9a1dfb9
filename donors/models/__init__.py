"""Donors, their lots with conditions, pledges, the ledger and the feedback owed to them."""

from donors.models.donor import Donor
from donors.models.feedback import FeedbackDue
from donors.models.ledger import LedgerEntry
from donors.models.lot import Condition, Lot
from donors.models.pledge import Pledge

__all__ = ["Condition", "Donor", "FeedbackDue", "LedgerEntry", "Lot", "Pledge"]
