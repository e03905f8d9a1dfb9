"""Which line and which rules are in force for a place and a time."""

from __future__ import annotations

from django.db.models import QuerySet
from django.db.models.functions import Length

from policy.models import EligibilityRule, Line


def line_for(*, area: str, year: int, kind: str) -> Line | None:
    """The most specific published line for a place: county before prefecture, province, nation."""
    prefixes = ["", area[:2], area[:4], area[:6]]
    return (
        Line.objects.in_force()
        .filter(in_place=True, year=year, kind=kind, area__in=prefixes)
        .annotate(specific=Length("area"))
        .order_by("-specific")
        .first()
    )


def rules_for(*, subject: str, area: str) -> QuerySet[EligibilityRule]:
    """Published rules that hold in a place."""
    prefixes = [area[:length] for length in range(len(area) + 1)]
    return (
        EligibilityRule.objects.in_force()
        .filter(subject=subject, policy__area__in=prefixes)
        .select_related("policy")
    )
