"""Telling an organisation's people what was decided about it."""

from __future__ import annotations

from datetime import datetime

from accounts.enums import MembershipState
from accounts.models import Organisation, User
from common.actors import Actor
from notices.services import notify_all


def tell_people(organisation: Organisation, kind: str, *, by: Actor, at: datetime, url: str = "") -> None:
    """One notice for each account with a seat in the organisation."""
    people = User.objects.filter(
        is_active=True, memberships__organisation=organisation, memberships__state=MembershipState.ACTIVE
    ).distinct()
    notify_all(to=people, kind=kind, url=url, by=by, at=at)
