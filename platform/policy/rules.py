"""Which fields an eligibility rule may speak of, and how."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

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
FIELD_LABELS = {
    "category": gettext_lazy("household category"),
    "cause_main": gettext_lazy("main cause"),
    "size": gettext_lazy("persons in the household"),
    "per_capita": gettext_lazy("income per person and year (yuan)"),
    "group": gettext_lazy("group of people"),
    "level": gettext_lazy("level of admission"),
    "rating_level": gettext_lazy("rating"),
    "kind": gettext_lazy("kind"),
    "stars": gettext_lazy("stars"),
    "hours": gettext_lazy("hours given"),
}
OPERATOR_LABELS = {
    "is": gettext_lazy("is"),
    "in": gettext_lazy("is one of"),
    "at_least": gettext_lazy("at least"),
    "at_most": gettext_lazy("at most"),
    "below": gettext_lazy("below"),
}
CODE_LISTS = {"category": "household_attribute", "cause_main": "cause", "group": "population_group"}
CONDITION_ROWS = 3
OPERATORS = {"code": frozenset({"is", "in"}), "number": frozenset({"at_least", "at_most", "below"})}


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
        value = condition.get("value")
        unfit = kind == "number" and not _is_number(value)
        if condition.get("op") not in OPERATORS[kind] or value in (None, "", []) or unfit:
            raise Refused(
                "bad_condition",
                _("This condition is not complete: choose how to compare, and with what."),
                field="value",
            )


def meets(condition: Mapping[str, Any], facts: Mapping[str, Any]) -> bool | None:
    """Whether a fact meets a condition; None while it is not known: missing is never no."""
    said, wanted = facts.get(str(condition["field"])), condition["value"]
    if said in (None, "", frozenset()):
        return None
    if condition["op"] in OPERATORS["number"]:
        return _compares(said, condition["op"], Decimal(str(wanted)))
    held = said if isinstance(said, frozenset) else {said}
    return bool(held & set(wanted if isinstance(wanted, list) else [wanted]))


def _compares(said: Any, op: str, limit: Decimal) -> bool:
    if op == "at_least":
        return bool(said >= limit)
    return bool(said < limit if op == "below" else said <= limit)


def _is_number(value: Any) -> bool:
    try:
        return Decimal(str(value)).is_finite()
    except InvalidOperation:
        return False


def check_scope(scope: str, area: str) -> None:
    """A line's area code has the length of its scope."""
    if len(area) != PREFIX_LENGTH[Scope(scope)]:
        raise Refused(
            "scope_area",
            _("The area code does not fit the scope: a county has six digits, a province two."),
            field="area",
        )
