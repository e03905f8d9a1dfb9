"""Every write on agreements, transfers, payments and deliveries."""

from delivery.services.accounting import (
    clear_dispute,
    close_disbursement,
    confirm_payment_received,
    dispute_disbursement,
    reconcile,
    record_voucher,
    recover_disbursement,
    return_disbursement,
)
from delivery.services.agreements import (
    make_due_effective,
    make_effective,
    open_signing,
    sign_agreement,
    undo_signature,
)
from delivery.services.deliveries import (
    cancel_delivery,
    dispute_delivery,
    plan_delivery,
    record_delivery,
    resolve_dispute,
)
from delivery.services.ending import expire_agreement, fulfil_agreement, terminate_agreement
from delivery.services.grounds import (
    answer_ending,
    ask_ending,
    decide_ending,
    settle_due_endings,
    undo_ending_answer,
    unheard,
    withdraw_ending,
)
from delivery.services.matches import (
    agree_due_matches,
    call_off_planned,
    close_settled_matches,
    release_undelivered,
)
from delivery.services.negotiating import (
    ask_for_change,
    decline_use,
    keep_text,
    open_negotiation,
    withdraw_remarks,
)
from delivery.services.payments import (
    approve_disbursement,
    check_disbursement,
    record_payment,
    reject_disbursement,
    request_disbursement,
)
from delivery.services.progress import report_progress
from delivery.services.receipts import confirm_receipt, settle_due_receipts, settle_receipt, undo_receipt
from delivery.services.transfers import confirm_arrival, declare_transfer, reject_transfer
from delivery.services.writing import amend_agreement, draft_agreement, rewrite_agreement

__all__ = [
    "agree_due_matches",
    "amend_agreement",
    "answer_ending",
    "approve_disbursement",
    "ask_ending",
    "ask_for_change",
    "call_off_planned",
    "cancel_delivery",
    "check_disbursement",
    "clear_dispute",
    "close_disbursement",
    "close_settled_matches",
    "confirm_arrival",
    "confirm_payment_received",
    "confirm_receipt",
    "decide_ending",
    "declare_transfer",
    "decline_use",
    "dispute_delivery",
    "dispute_disbursement",
    "draft_agreement",
    "expire_agreement",
    "fulfil_agreement",
    "keep_text",
    "make_due_effective",
    "make_effective",
    "open_negotiation",
    "open_signing",
    "plan_delivery",
    "reconcile",
    "record_delivery",
    "record_payment",
    "record_voucher",
    "recover_disbursement",
    "reject_disbursement",
    "reject_transfer",
    "release_undelivered",
    "report_progress",
    "request_disbursement",
    "resolve_dispute",
    "return_disbursement",
    "rewrite_agreement",
    "settle_due_endings",
    "settle_due_receipts",
    "settle_receipt",
    "sign_agreement",
    "terminate_agreement",
    "undo_ending_answer",
    "undo_receipt",
    "undo_signature",
    "unheard",
    "withdraw_ending",
    "withdraw_remarks",
]
