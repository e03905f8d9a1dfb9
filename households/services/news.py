"""Telling a household without an account: a neutral SMS to its own phone, the news itself on its page (domain §9e)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.urls import reverse

from common.actors import Actor
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
