"""Reading the household side."""

from __future__ import annotations

from datetime import date
from typing import Any

from django.db.models import Q, QuerySet

from common.crypto import blind_index
from households.enums import ApplicationState
from households.models import Application, Delegation, MeasureReceived, Need

TAIL_LENGTH = 4


def needs_open(on: date) -> QuerySet[Need]:
    """Needs open for matching on a day, with something missing and consent in force."""
    return Need.objects.open_on(on).select_related("item", "household")


def application_by_code(code: str, tail: str) -> Application | None:
    """The application a query code opens when the last four of a phone or an identity number also fit."""
    plain = code.strip().lower().replace("-", "").replace(" ", "")
    application = (
        Application.objects.filter(code_index=blind_index("query_code", plain))
        .select_related("household", "delegation")
        .first()
    )
    if application is None or not _tail_fits(application, tail.strip().upper()):
        return None
    return application


def _tail_fits(application: Application, tail: str) -> bool:
    if len(tail) < TAIL_LENGTH:
        return False
    known = [application.household.phone]
    known += [member.id_number for member in application.household.members.filter(live=True)]
    if application.delegation is not None:
        known += [application.delegation.phone, application.delegation.id_number]
    return any(value and value.upper().endswith(tail[-TAIL_LENGTH:]) for value in known)


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


def applications_waiting() -> QuerySet[Application]:
    """What a worklist shows: every application not yet decided."""
    ended = [ApplicationState.APPROVED, ApplicationState.REJECTED, ApplicationState.WITHDRAWN]
    return Application.objects.exclude(state__in=ended).select_related("household", "household__worker")
