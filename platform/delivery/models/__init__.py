"""Agreements, transfers, payments, deliveries and vouchers: proofs of what happened outside, never money itself."""

from delivery.models.agreements import STAFF, Agreement, AgreementPartQuerySet, AgreementQuerySet
from delivery.models.deliveries import Delivery, DeliveryQuerySet
from delivery.models.disbursements import Disbursement, DisbursementQuerySet
from delivery.models.progress import ProgressReport
from delivery.models.signatures import Signature
from delivery.models.transfers import Transfer, TransferQuerySet
from delivery.models.vouchers import DisbursementPartQuerySet, Voucher

__all__ = [
    "STAFF",
    "Agreement",
    "AgreementPartQuerySet",
    "AgreementQuerySet",
    "Delivery",
    "DeliveryQuerySet",
    "Disbursement",
    "DisbursementPartQuerySet",
    "DisbursementQuerySet",
    "ProgressReport",
    "Signature",
    "Transfer",
    "TransferQuerySet",
    "Voucher",
]
