"""Interested persons: a donor may not choose its own people as beneficiaries (charity law §40)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from accounts.models import User
from common.crypto import index_forms
from donors.models import Donor
from households.models import Delegation, Household


def donors_related_to(households: Iterable[int]) -> dict[int, frozenset[int]]:
    """Per household, the donors it is tied to: by a telephone in common, or a delegate who belongs to the donor."""
    rows = Household.objects.filter(pk__in=list(households))
    tied: dict[int, set[int]] = defaultdict(set)
    phones = {form: row.pk for row in rows for form in index_forms(row, "phone_index")}
    for user in User.objects.filter(phone_index__in=list(phones)):
        for donor in _donors_of([user.pk]):
            tied[phones[user.phone_index]].add(donor)
    delegates = Delegation.objects.filter(household__in=rows, user__isnull=False).values_list(
        "household_id", "user_id"
    )
    for household, user_id in delegates:
        if user_id is not None:
            tied[household].update(_donors_of([user_id]))
    return {household: frozenset(donors) for household, donors in tied.items()}


def _donors_of(users: list[int]) -> list[int]:
    members = User.objects.filter(pk__in=users).values("memberships__organisation_id")
    own = Donor.objects.filter(user_id__in=users).values_list("pk", flat=True)
    by_organisation = Donor.objects.filter(organisation_id__in=members).values_list("pk", flat=True)
    return [*own, *by_organisation]
