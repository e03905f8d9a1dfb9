"""Whose organisations have an interest in a family, because its help comes from them or through them."""

from __future__ import annotations

from django.db.models import Q

from households.models import Household
from matching.enums import Origin, ProposalState
from matching.models import Proposal

UNDECIDED = [ProposalState.SUGGESTED, ProposalState.DECLINED, ProposalState.EXPIRED]
INTERESTED = (
    "lot__donor__organisation_id",
    "lot__fund_holder_id",
    "project__agency__organisation_id",
    "project__fund_holder__organisation_id",
)


def organisations_behind(household: Household) -> set[int]:
    """Donor, agency and fund holder of every match that was decided, and who pledged to this very family.

    A suggestion of a run alone ties nobody: the donor does not even know of it.
    """
    chosen = ~Q(state__in=UNDECIDED) | Q(origin=Origin.DONOR)
    rows = Proposal.objects.filter(chosen, need__household=household).values_list(*INTERESTED)
    return {number for row in rows for number in row if number is not None}
