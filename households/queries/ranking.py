"""The needs of an assessment in their order: as its worker ranked them, or as the severity rule would."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date

from django.db.models import Q, QuerySet

from common import clock
from common.templatetags.ui import amount
from households.enums import NeedState
from households.measures.severity import need_severity
from households.models import Assessment, Need
from households.rules import assessed_anew


def needs_to_rank(assessment: Assessment) -> QuerySet[Need]:
    """Every need of the application the assessment is about: asked for, or open ahead of it or of a new one."""
    application = assessment.application
    rows = Need.objects.filter(household=assessment.household_id, application=application)
    states = [NeedState.DRAFT, NeedState.ASSESSED]
    if application is not None and assessed_anew(application):
        states.append(NeedState.OPEN)
    waiting = rows.filter(Q(state__in=states) | Q(state=NeedState.OPEN, assess_by__isnull=False))
    return waiting.select_related("item", "household").order_by("pk")


def ranked(assessment: Assessment, needs: Iterable[Need]) -> list[Need]:
    """What was ranked keeps its order; else the most severe comes first, and of equals the one due first."""
    rows = sorted(needs, key=lambda need: (-_severity(assessment, need), need.deadline or date.max, need.pk))
    places = {ref: place for place, ref in enumerate(assessment.ranking)}
    if places.keys() != {need.public_id for need in rows}:
        return rows
    return sorted(rows, key=lambda need: places[need.public_id])


def ranking_words(assessment: Assessment) -> str:
    """A line for each need, numbered."""
    needs = Need.objects.filter(public_id__in=assessment.ranking, household=assessment.household_id)
    return "\n".join(
        f"{place}. {need.item.label} · {amount(need.requested, need.item)}"
        for place, need in enumerate(ranked(assessment, needs.select_related("item")), start=1)
    )


def _severity(assessment: Assessment, need: Need) -> int:
    """By the rule, unless the need has a severity already."""
    if need.severity is not None:
        return need.severity
    days = (need.deadline - clock.today()).days if need.deadline else None
    return need_severity(
        grade=assessment.grade or 0, immediate_risk=bool(assessment.risks), days_to_deadline=days
    ).severity
