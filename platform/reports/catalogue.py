"""The four ledgers of this release: households G01, needs G07, resources G10, projects G12 (domain §7.2)."""

from __future__ import annotations

from django.utils.translation import pgettext_lazy

from donors.enums import LotState
from households.enums import HouseholdState, NeedState
from projects.enums import ProjectState
from reports.ledgers.households import household_rows
from reports.ledgers.lots import lot_rows
from reports.ledgers.needs import need_rows
from reports.ledgers.projects import project_rows
from reports.registry import Kind, register

NEEDS = pgettext_lazy("report column", "Need number")
FILES = pgettext_lazy("report column", "File number")
HEADS = pgettext_lazy("report column", "People")
VALUE = pgettext_lazy("report column", "Value (yuan)")
PLANNED = pgettext_lazy("report column", "Households planned")
FUNDS = pgettext_lazy("report column", "Funds (yuan)")
MASKING = (
    pgettext_lazy("report", "Masking"),
    pgettext_lazy(
        "report",
        "Names are shortened; identity, telephone and bank numbers, addresses and health are not in here.",
    ),
)
PEOPLE = (
    pgettext_lazy("report", "Households and people"),
    pgettext_lazy(
        "report",
        "Households count by the place of their file, people by the members of the file; never mixed.",
    ),
)

register(
    Kind(
        "G01",
        pgettext_lazy("report", "Households on file"),
        (
            pgettext_lazy("report column", "No."),
            pgettext_lazy("report column", "County, township, village"),
            pgettext_lazy("report column", "Village group"),
            pgettext_lazy("report column", "File number"),
            pgettext_lazy("report column", "Head (masked)"),
            HEADS,
            pgettext_lazy("report column", "Household category"),
            pgettext_lazy("report column", "Main cause"),
            pgettext_lazy("report column", "Other causes"),
            pgettext_lazy("report column", "Net income per head (yuan)"),
            pgettext_lazy("report column", "Filed on"),
            pgettext_lazy("report column", "State"),
            pgettext_lazy("report column", "Worker in charge"),
        ),
        household_rows,
        tuple(HouseholdState.choices),
        (
            (
                pgettext_lazy("report", "What is counted"),
                pgettext_lazy(
                    "report",
                    "Families on record before the end of the period, in the area and below it; no trial surveys.",
                ),
            ),
            PEOPLE,
            (
                pgettext_lazy("report", "People of a file"),
                pgettext_lazy(
                    "report",
                    "Those who live there; of a file that ended, those it had then. Empty: nobody is recorded.",
                ),
            ),
            MASKING,
            (
                pgettext_lazy("report", "Net income per head"),
                pgettext_lazy(
                    "report", "That of the latest year; an empty cell means not recorded, never zero."
                ),
            ),
        ),
        sums=(HEADS,),
    )
)
register(
    Kind(
        "G07",
        pgettext_lazy("report", "Needs"),
        (
            pgettext_lazy("report column", "No."),
            pgettext_lazy("report column", "County, township, village"),
            NEEDS,
            FILES,
            pgettext_lazy("report column", "Category"),
            pgettext_lazy("report column", "Item"),
            pgettext_lazy("report column", "Quantity needed"),
            pgettext_lazy("report column", "Promised"),
            pgettext_lazy("report column", "Delivered"),
            pgettext_lazy("report column", "Unit"),
            pgettext_lazy("report column", "Severity"),
            pgettext_lazy("report column", "How soon"),
            pgettext_lazy("report column", "Opened on"),
            pgettext_lazy("report column", "Age (days)"),
            pgettext_lazy("report column", "Needed by"),
            pgettext_lazy("report column", "State"),
        ),
        need_rows,
        tuple(NeedState.choices),
        (
            (
                pgettext_lazy("report", "What is counted"),
                pgettext_lazy(
                    "report",
                    "Needs raised before the end of the period and not closed before its start; no trial surveys.",
                ),
            ),
            MASKING,
            (
                pgettext_lazy("report", "Severity"),
                pgettext_lazy(
                    "report",
                    "5 is the most severe, 1 the least; a rule derives it from grade, risk and deadline.",
                ),
            ),
            (
                pgettext_lazy("report", "Age"),
                pgettext_lazy(
                    "report",
                    "Days from the opening to the closing, or to the day of making while the need is open.",
                ),
            ),
            (
                pgettext_lazy("report", "State"),
                pgettext_lazy(
                    "report",
                    "“Open for matching” takes in needs promised in full and needs set aside while answers are "
                    "awaited, and “Cancelled” those not approved with their application; the rows say which.",
                ),
            ),
            (
                pgettext_lazy("report", "Total"),
                pgettext_lazy(
                    "report",
                    "Needs and families, each counted once; quantities in different units are not added up.",
                ),
            ),
        ),
        counts=(
            (NEEDS, pgettext_lazy("report", "%(number)s needs")),
            (FILES, pgettext_lazy("report", "%(number)s families")),
        ),
    )
)
register(
    Kind(
        "G10",
        pgettext_lazy("report", "Resources and gifts"),
        (
            pgettext_lazy("report column", "No."),
            pgettext_lazy("report column", "Offer number"),
            pgettext_lazy("report column", "Given by"),
            pgettext_lazy("report column", "Source"),
            pgettext_lazy("report column", "Title"),
            pgettext_lazy("report column", "Kind"),
            pgettext_lazy("report column", "Item"),
            pgettext_lazy("report column", "Unit"),
            pgettext_lazy("report column", "In all"),
            pgettext_lazy("report column", "Free"),
            pgettext_lazy("report column", "Kept for families"),
            pgettext_lazy("report column", "Received by families"),
            pgettext_lazy("report column", "Given back"),
            pgettext_lazy("report column", "Written off"),
            VALUE,
            pgettext_lazy("report column", "Designated use"),
            pgettext_lazy("report column", "Document number"),
            pgettext_lazy("report column", "Budget line"),
            pgettext_lazy("report column", "Fund holder"),
            pgettext_lazy("report column", "Valid until"),
            pgettext_lazy("report column", "State"),
        ),
        lot_rows,
        tuple(LotState.choices),
        (
            (
                pgettext_lazy("report", "What is counted"),
                pgettext_lazy(
                    "report",
                    "Offers open to the area; those that ended before the period with nothing promised are left out.",
                ),
            ),
            (
                pgettext_lazy("report", "The sum"),
                pgettext_lazy(
                    "report",
                    "In all = free + kept for families + received by families + given back + written off.",
                ),
            ),
            (
                pgettext_lazy("report", "Given by"),
                pgettext_lazy("report", "The name a donor agreed to show; without that, a kind person."),
            ),
            (
                pgettext_lazy("report", "Value"),
                pgettext_lazy(
                    "report",
                    "Of money its sum, of goods the fair value the donor stated; an empty cell means none was stated.",
                ),
            ),
        ),
        sums=(VALUE,),
    )
)
register(
    Kind(
        "G12",
        pgettext_lazy("report", "Projects and their results"),
        (
            pgettext_lazy("report column", "No."),
            pgettext_lazy("report column", "Project number"),
            pgettext_lazy("report column", "Project"),
            pgettext_lazy("report column", "Place"),
            pgettext_lazy("report column", "People served"),
            pgettext_lazy("report column", "Agency"),
            pgettext_lazy("report column", "Fund holder"),
            PLANNED,
            FUNDS,
            pgettext_lazy("report column", "From"),
            pgettext_lazy("report column", "Until"),
            pgettext_lazy("report column", "Stage evaluated"),
            pgettext_lazy("report column", "Score"),
            pgettext_lazy("report column", "Grade"),
            pgettext_lazy("report column", "State"),
        ),
        project_rows,
        tuple(ProjectState.choices),
        (
            (
                pgettext_lazy("report", "What is counted"),
                pgettext_lazy("report", "Projects that run in the period, without drafts."),
            ),
            (
                pgettext_lazy("report", "Score"),
                pgettext_lazy(
                    "report", "That of the last final evaluation; an empty cell means there is none yet."
                ),
            ),
            (
                pgettext_lazy("report", "Stage evaluated"),
                pgettext_lazy(
                    "report",
                    "The stage the score belongs to. Before the start it judges a plan, and is no result.",
                ),
            ),
        ),
        sums=(PLANNED, FUNDS),
    )
)
