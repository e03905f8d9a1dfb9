"""Reading accounts."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Membership, User
from common.todos import Todo
from journal.queries import last_verification


def names_of(refs: Iterable[str]) -> list[tuple[str, str]]:
    """(public_id, name) of these accounts, for the journal's readers."""
    return list(User.objects.filter(public_id__in=set(refs)).values_list("public_id", "name"))


def members_of(organisation_id: int, *, role: str | None = None) -> list[User]:
    """The people who act for an organisation now, each once: whom a notice to it reaches."""
    seats = Membership.objects.in_force().filter(organisation_id=organisation_id, user__is_active=True)
    if role is not None:
        seats = seats.filter(role=role)
    return list(User.objects.filter(pk__in=seats.values("user_id")).order_by("pk"))


def holders_of(role: str, *, area: str) -> list[User]:
    """The people with this role whose area holds the place: the own area or a wider one."""
    prefixes = [area[:length] for length in (2, 4, 6, 9, 12) if length <= len(area)]
    seats = Membership.objects.in_force().filter(role=role, prefix__in=prefixes, user__is_active=True)
    return list(User.objects.filter(pk__in=seats.values("user_id")).order_by("pk"))


def alarms(user: Any) -> list[Todo]:
    """What an auditor must hear first: the journal was altered."""
    found = last_verification()
    if found is None or found.parameters["intact"]:
        return []
    return [
        Todo(
            title=_("The journal was altered"),
            url=reverse("admin:journal_seal_changelist"),
            due=found.at,
            detail=found.parameters["where"],
            kind="journal",
        )
    ]
