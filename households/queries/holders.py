"""Who a query code lets in: the household, or its delegate while the delegation is in force."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import QuerySet

from common.actors import CodeHolder
from common.crypto import blind_indexes
from households.enums import Channel, DelegationState
from households.models import Application, Delegation, Draft, Household
from households.rules import plain_code

TAIL_LENGTH = 4


@dataclass(frozen=True)
class Holder:
    """An application opened by its code; with a delegation it is the delegate who looks, within the scope given."""

    application: Application
    delegation: Delegation | None = None

    @property
    def actor(self) -> CodeHolder:
        if self.delegation is not None:
            return CodeHolder(self.delegation.public_id, "delegate")
        return CodeHolder(self.application.public_id)

    def may(self, scope: str) -> bool:
        """The household itself may do everything; a delegate what the scope names."""
        return self.delegation is None or scope in self.delegation.scope


def holder_by_code(code: str, tail: str, *, on: date) -> Holder | None:
    """The household's own numbers come first; then those of delegates in force on the day."""
    application = (
        Application.objects.filter(code_index__in=blind_indexes("query_code", plain_code(code)))
        .select_related("household")
        .first()
    )
    wanted = tail.strip().upper()
    if application is None or len(wanted) < TAIL_LENGTH:
        return None
    household = application.household
    own = [household.phone, *(member.id_number for member in household.members.all())]
    if _fits(own, wanted):
        return Holder(application)
    for delegation in delegations_in_force(application, on):
        if _fits([delegation.phone, delegation.id_number], wanted):
            return Holder(application, delegation)
    return None


def delegations_in_force(application: Application, on: date) -> QuerySet[Delegation]:
    """Those who may speak for the application's household on a day."""
    return Delegation.objects.filter(
        household_id=application.household_id, state=DelegationState.GIVEN, valid_to__gte=on
    )


def keyed_application(household: Household) -> Application | None:
    """The one application the household's code opens, with everything the family asked for since.

    It is the one that carries a code, otherwise the first; a file from a list has a sheet of its own (channel batch).
    """
    rows = household.applications.order_by("pk")
    if household.channel == Channel.BATCH:
        rows = rows.filter(channel=Channel.BATCH)
    found: Application | None = rows.filter(code_index__isnull=False).first() or rows.first()
    return found


def has_tail(household: Household) -> bool:
    """Whether a number stands on file whose last four open the page together with the code."""
    return bool(household.phone) or any(member.id_number for member in household.members.all())


def draft_by_code(code: str) -> Draft | None:
    """The draft a resume code opens; a worker's drafts are found in the worker's own list alone."""
    indexes = blind_indexes("resume_code", plain_code(code))
    return Draft.objects.filter(resume_index__in=indexes, owner__isnull=True).first()


def _fits(numbers: list[str], tail: str) -> bool:
    return any(number and number.upper().endswith(tail[-TAIL_LENGTH:]) for number in numbers)
