"""Reading agreements, payments and the money that arrived."""

from __future__ import annotations

from django.db.models import Max, Sum

from delivery.enums import BINDING, TransferState
from delivery.models import Disbursement, Transfer
from implementers.models import FundHolder
from matching.enums import ProposalState
from matching.models import Proposal
from projects.models import Project

# A match counts for its project's money from everybody's yes to its end.
CARRIED = [
    ProposalState.CONFIRMED,
    ProposalState.AGREED,
    ProposalState.EXECUTING,
    ProposalState.COMPLETED,
    ProposalState.FED_BACK,
    ProposalState.CLOSED,
]


def arrived(project: Project) -> int:
    """Money that arrived for this project's matches, in fen.

    A lot's arrived money serves its matches in the order they were confirmed, so that no later match takes what an
    earlier one was promised and two projects never count the same yuan.
    """
    lots = Proposal.objects.filter(project=project, state__in=CARRIED).values("lot")
    came = dict(
        Transfer.objects.filter(
            state=TransferState.ARRIVED, fund_holder_id=project.fund_holder_id, lot__in=lots
        )
        .order_by()
        .values_list("lot")
        .annotate(sum=Sum("amount"))
    )
    matches = (
        Proposal.objects.filter(lot__in=list(came), state__in=CARRIED)
        .annotate(said=Max("confirmations__answered_at"))
        .order_by("said", "pk")
        .values_list("lot", "project", "amount")
    )
    total = 0
    for lot, project_id, amount in matches:
        part = min(amount, came[lot])
        came[lot] -= part
        total += part if project_id == project.pk else 0
    return total


def left_at(holder: FundHolder) -> int:
    """What arrived at a fund holder and no payment holds."""
    came = Transfer.objects.filter(fund_holder=holder, state=TransferState.ARRIVED)
    bound = Disbursement.objects.filter(project__fund_holder=holder, state__in=BINDING)
    return _sum(came) - _sum(bound)


def _sum(rows: object) -> int:
    return rows.aggregate(total=Sum("amount"))["total"] or 0  # type: ignore[attr-defined,no-any-return]
