"""Which fields an eligibility rule may speak of, and how."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from common.exceptions import Refused
from policy.enums import PREFIX_LENGTH, Scope, Subject

FIELDS: dict[str, dict[str, str]] = {
    Subject.HOUSEHOLD: {
        "category": "code",
        "cause_main": "code",
        "size": "number",
        "per_capita": "number",
        "group": "code",
    },
    Subject.AGENCY: {"level": "code", "rating_level": "code", "kind": "code"},
    Subject.DONOR: {"kind": "code", "stars": "number"},
    Subject.VOLUNTEER: {"hours": "number"},
}
OPERATORS = {"code": frozenset({"is", "in"}), "number": frozenset({"at_least", "at_most"})}


def check_conditions(subject: str, conditions: list[dict[str, Any]]) -> None:
    """Every condition names a known field and an operator fit for it."""
    for condition in conditions:
        kind = FIELDS[subject].get(str(condition.get("field")))
        if kind is None:
            raise Refused(
                "unknown_field",
                _("A rule may not ask for this. Choose a field from the list."),
                field="field",
            )
        if condition.get("op") not in OPERATORS[kind] or condition.get("value") in (None, ""):
            raise Refused(
                "bad_condition",
                _("This condition is not complete: choose how to compare, and with what."),
                field="value",
            )


def check_scope(scope: str, area: str) -> None:
    """A line's area code has the length of its scope."""
    if len(area) != PREFIX_LENGTH[Scope(scope)]:
        raise Refused(
            "scope_area",
            _("The area code does not fit the scope: a county has six digits, a province two."),
            field="area",
        )
