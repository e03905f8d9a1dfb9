"""The days a case has, in working days, by the most urgent of its needs: urgency sets deadlines only (design §5)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from typing import NamedTuple

from django.conf import settings

from households.enums import NeedState, Urgency
from households.models import Application
from reference.queries import add_working_days

SETTLED = (NeedState.CLOSED, NeedState.CANCELLED, NeedState.VOID)


class CaseDays(NamedTuple):
    """To accept; from there to the visit; and from the sending to the decision."""

    accept: int
    visit: int
    decide: int

    def accept_by(self, day: date) -> date:
        return add_working_days(day, self.accept)

    def visit_by(self, day: date) -> date:
        return add_working_days(day, self.visit)

    def decide_by(self, day: date) -> date:
        return add_working_days(day, self.decide)


def days_for(urgencies: Collection[str]) -> CaseDays:
    """The terms of the most urgent need said."""
    most = next((one for one in Urgency if one in urgencies), Urgency.ORDINARY)
    return CaseDays(*settings.CASE_DAYS[most.value])


def days_of(application: Application) -> CaseDays:
    """The terms of what the application still asks for."""
    needs = application.needs.exclude(state__in=SETTLED)
    return days_for(set(needs.values_list("urgency", flat=True)))
