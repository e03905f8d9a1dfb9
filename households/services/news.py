"""Telling a household without an account: a neutral SMS to its own phone, the news itself on its page (domain §9e)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from accounts.enums import PLATFORM_STAFF
from accounts.models import User
from common.actors import Actor
from common.clock import day_of
from households.models import Household
from notices.services import Reader, notify


def tell_household(
    household: Household,
    kind: str,
    params: dict[str, Any] | None = None,
    *,
    by: Actor,
    at: datetime,
    phone: str = "",
) -> None:
    """One piece of news for the household, inside the caller's transaction; `phone`: another than its present one."""
    reader = Reader("household", household.public_id, phone=phone or household.phone)
    notify(to=reader, kind=kind, params=params, url=reverse("households:status"), by=by, at=at)


def tell_of_delegate(household: Household, *, by: Actor, at: datetime) -> None:
    """The family's own phone hears of each act of its delegate, by code or signed in (domain §2.10)."""
    if _is_delegate(household, by, at):
        tell_household(household, "delegate_acted", by=by, at=at)


def _is_delegate(household: Household, by: Actor, at: datetime) -> bool:
    if not isinstance(by, User):
        return by.actor_kind == "delegate"
    if by.seat is not None and by.seat.role in PLATFORM_STAFF:
        return False
    return bool(household.delegations.filter(user=by, state="given", valid_to__gte=day_of(at)).exists())
