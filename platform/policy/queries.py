"""Which line and which rules are in force for a place and a time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q, QuerySet
from django.db.models.functions import Length
from django.utils.translation import gettext

from policy.models import EligibilityRule, Line, Policy
from policy.rules import CODE_LISTS, FIELD_LABELS, OPERATOR_LABELS, meets
from reference.queries import labels, path_labels


def line_for(*, area: str, year: int, kind: str) -> Line | None:
    """The most specific published line for a place: county before prefecture, province, nation."""
    prefixes = ["", area[:2], area[:4], area[:6]]
    found: Line | None = (
        Line.objects.in_force()
        .filter(in_place=True, year=year, kind=kind, area__in=prefixes)
        .annotate(specific=Length("area"))
        .order_by("-specific")
        .first()
    )
    return found


def rules_for(*, subject: str, area: str) -> QuerySet[EligibilityRule]:
    """Published rules that hold in a place."""
    prefixes = [area[:length] for length in range(len(area) + 1)]
    return (
        EligibilityRule.objects.in_force()
        .filter(subject=subject, policy__area__in=prefixes)
        .select_related("policy")
    )


@dataclass(frozen=True)
class LineRow:
    """A line with the name of its place."""

    line: Line
    place: str


@dataclass(frozen=True)
class RuleRow:
    """A rule with its conditions in words."""

    rule: EligibilityRule
    conditions: list[str]


def line_rows(policy: Policy) -> list[LineRow]:
    """The lines a policy sets, the newest year first."""
    lines = list(policy.lines.order_by("-year", "kind", "pk"))
    places = path_labels({line.area for line in lines if line.area})
    return [LineRow(line, places.get(line.area, "")) for line in lines]


def rule_rows(policy: Policy) -> list[RuleRow]:
    """The rules a policy sets."""
    return rows_of(list(policy.rules.order_by("pk")))


def rows_of(rules: list[EligibilityRule]) -> list[RuleRow]:
    """Rules with their conditions, the words of the code lists fetched once."""
    asked = {str(one["field"]) for rule in rules for one in rule.conditions}
    words = {name: labels(CODE_LISTS[name]) for name in asked if name in CODE_LISTS}
    return [RuleRow(rule, [condition_words(one, words) for one in rule.conditions]) for rule in rules]


@dataclass(frozen=True)
class Hint:
    """A rule somebody seems to meet, or may meet once more is known, with its conditions in words."""

    rule: EligibilityRule
    fits: bool
    reasons: list[str]


def hints_for(*, subject: str, area: str, facts: Mapping[str, Any], on: date) -> list[Hint]:
    """The rules of a place in force that day which nothing known speaks against; who seems to meet all comes first."""
    rules = rules_for(subject=subject, area=area).filter(
        Q(policy__effective_to__isnull=True) | Q(policy__effective_to__gt=on), policy__effective_from__lte=on
    )
    words = {name: labels(slug) for name, slug in CODE_LISTS.items()}
    found = []
    for rule in rules.order_by("pk"):
        met = [meets(condition, facts) for condition in rule.conditions]
        if rule.conditions and False not in met:
            reasons = [
                condition_words(condition, words) if known else _unknown(condition)
                for condition, known in zip(rule.conditions, met, strict=True)
            ]
            found.append(Hint(rule, None not in met, reasons))
    return sorted(found, key=lambda hint: not hint.fits)


def _unknown(condition: Mapping[str, Any]) -> str:
    return gettext("not known yet: %(field)s") % {"field": FIELD_LABELS[str(condition["field"])]}


def condition_words(condition: dict[str, Any], words: dict[str, dict[str, str]]) -> str:
    """One condition as a sentence: “persons in the household at least 3”."""
    name, value = str(condition["field"]), condition["value"]
    known = words.get(name, {})
    values = value if isinstance(value, list) else [value]
    shown = gettext(", ").join(known.get(str(one), str(one)) for one in values)
    return f"{FIELD_LABELS[name]} {OPERATOR_LABELS[condition['op']]} {shown}"
