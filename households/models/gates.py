"""Who may see a household's rows, written once for every model of the household side."""

from __future__ import annotations

from typing import Any

from django.db.models import Q

from accounts.enums import GOVERNMENT, Role
from common.gate import GatedQuerySet, Seat


def household_rule(user: Any, seat: Seat | None, path: str = "") -> Q | None:
    """The rows of a household whose path from the model is `path` (`household__`), or None for nobody.

    A social worker sees the own caseload, what nobody has taken yet in the own area, and the file an objection before
    it is about; a supervisor the area; a village worker the own filings; an agency what consent opened; government the
    area, masked.
    """
    if seat is None:
        return None
    area = Q(**{f"{path}area__startswith": seat.prefix})
    if seat.role == Role.SUPERVISOR or seat.role in GOVERNMENT:
        return area
    if seat.role == Role.SOCIAL_WORKER:
        own = Q(**{f"{path}worker": user}) | Q(**{f"{path}worker__isnull": True})
        return area & (own | Q(**{f"{path}pk__in": _judged_by(user)}))
    if seat.role == Role.VILLAGE_WORKER:
        return Q(**{f"{path}filed_by": user})
    if seat.role == Role.AGENCY:
        return Q(**{f"{path}pk__in": _opened_to(seat)})
    return None


def _judged_by(user: Any) -> Any:
    from households.models.rights import Objection  # noqa: PLC0415 — circular: Objection is gated by this rule

    return Objection.objects.before(user).values("household_id")


def _opened_to(seat: Seat) -> Any:
    from households.models.rights import CaseAccess  # noqa: PLC0415 — circular: CaseAccess is gated by this rule

    return CaseAccess.objects.in_force().filter(organisation_id=seat.organisation_id).values("household_id")


class HouseholdFileQuerySet(GatedQuerySet):
    """Rows hanging on a household by a foreign key `household`; `roles` narrows who sees this kind of row."""

    roles: frozenset[str] | None = None
    path = "household__"

    def seen_by(self, user: Any, seat: Seat | None) -> HouseholdFileQuerySet:
        if seat is None or (self.roles is not None and seat.role not in self.roles):
            return self.none()
        rule = household_rule(user, seat, self.path)
        return self.none() if rule is None else self.filter(rule)
