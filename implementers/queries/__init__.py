"""Reading the implementing side."""

from implementers.queries.agencies import (
    agency_of,
    fund_holder_of,
    fund_holders_admitted,
    may_take_projects,
    waiting_admission,
)

__all__ = [
    "agency_of",
    "fund_holder_of",
    "fund_holders_admitted",
    "may_take_projects",
    "waiting_admission",
]
