"""Reading the household side."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from households.models import Delegation, MeasureReceived, Need
from households.queries.holders import (
    Holder,
    delegations_in_force,
    draft_by_code,
    has_tail,
    holder_by_code,
    keyed_application,
)

__all__ = [
    "Holder",
    "delegation_in_force",
    "delegations_in_force",
    "draft_by_code",
    "has_tail",
    "holder_by_code",
    "keyed_application",
    "measures_overlapping",
]


def delegation_in_force(household: Any, *, user: Any, scope: str, on: date) -> Delegation | None:
    """The delegation by which a signed-in helper may do this for the household on this day."""
    found = Delegation.objects.filter(household=household, user=user, state="given", valid_to__gte=on)
    return next((delegation for delegation in found if scope in delegation.scope), None)


def measures_overlapping(need: Need, *, on: date) -> QuerySet[MeasureReceived]:
    """Help with the same item that the household already receives on the day: the worker must see it."""
    return MeasureReceived.objects.filter(
        Q(period_end__isnull=True) | Q(period_end__gte=on),
        household_id=need.household_id,
        item_id=need.item_id,
        period_start__lte=on,
    )
