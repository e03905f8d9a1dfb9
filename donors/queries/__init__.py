"""Reading the donor side."""

from donors.queries.balance import Break, ledger_breaks
from donors.queries.holders import admitted_fund_holders, fund_holder_link, giving_words
from donors.queries.lots import (
    donor_of,
    donor_users,
    feedback_open,
    feedback_overdue,
    ledger_of,
    lots_listed,
    lots_of,
    lots_to_report_on,
    pledges_of,
)

__all__ = [
    "Break",
    "admitted_fund_holders",
    "donor_of",
    "donor_users",
    "feedback_open",
    "feedback_overdue",
    "fund_holder_link",
    "giving_words",
    "ledger_breaks",
    "ledger_of",
    "lots_listed",
    "lots_of",
    "lots_to_report_on",
    "pledges_of",
]
