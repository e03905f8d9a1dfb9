"""Predicates shared by forms, services, admin and jobs."""

from donors.rules.conditions import (
    Columns,
    Stated,
    check_conditions,
    compile_conditions,
    refuse_forbidden_words,
    refuse_unfit_way,
)
from donors.rules.offers import (
    DONOR_SEATS,
    check_items,
    is_own_donor,
    refuse_own_donor,
    refuse_unless_lot_worker,
    refuse_unless_owing,
    refuse_unless_own_donor,
    refuse_unverified,
    undo_open,
)

__all__ = [
    "DONOR_SEATS",
    "Columns",
    "Stated",
    "check_conditions",
    "check_items",
    "compile_conditions",
    "is_own_donor",
    "refuse_forbidden_words",
    "refuse_own_donor",
    "refuse_unfit_way",
    "refuse_unless_lot_worker",
    "refuse_unless_owing",
    "refuse_unless_own_donor",
    "refuse_unverified",
    "undo_open",
]
