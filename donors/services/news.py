"""Telling a donor's people what happened to their registration and offers."""

from __future__ import annotations

from datetime import datetime

from common.actors import Actor
from donors.models import Donor
from donors.queries import donor_users
from notices.services import notify_all


def tell(donor: Donor, kind: str, *, by: Actor, at: datetime, title: str = "", url: str = "") -> None:
    """One notice for each account of the donor."""
    params = {"title": title} if title else {}
    notify_all(to=donor_users(donor), kind=kind, params=params, url=url, by=by, at=at)
