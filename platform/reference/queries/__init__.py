"""Reading reference data."""

from reference.coding import within
from reference.queries.calendar import add_working_days, is_working_day, working_days_between
from reference.queries.divisions import (
    children,
    codes_in,
    current,
    designated,
    designations_of,
    get_division,
    last_of,
    match_places,
    match_text,
    name_of,
    national_counts,
    path,
    path_label,
    path_labels,
)
from reference.queries.succession import ambiguous_between, ended_between, resolve
from reference.queries.vocabulary import (
    choices,
    codes,
    from_external,
    get_item,
    items,
    label_of,
    labels,
)

__all__ = [
    "add_working_days",
    "ambiguous_between",
    "children",
    "choices",
    "codes",
    "codes_in",
    "current",
    "designated",
    "designations_of",
    "ended_between",
    "from_external",
    "get_division",
    "get_item",
    "is_working_day",
    "items",
    "label_of",
    "labels",
    "last_of",
    "match_places",
    "match_text",
    "name_of",
    "national_counts",
    "path",
    "path_label",
    "path_labels",
    "resolve",
    "within",
    "working_days_between",
]
