"""Agreements, transfers, payments, deliveries and vouchers: proofs of what happened outside, never money itself."""

from delivery.models.agreements import STAFF, Agreement, AgreementPartQuerySet, AgreementQuerySet
from delivery.models.deliveries import Delivery, DeliveryQuerySet
from delivery.models.disbursements import Disbursement, DisbursementQuerySet
from delivery.models.endings import Ending, EndingWord
from delivery.models.progress import ProgressReport
from delivery.models.remarks import Remark
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
    "Ending",
    "EndingWord",
    "ProgressReport",
    "Remark",
    "Signature",
    "Transfer",
    "TransferQuerySet",
    "Voucher",
]
