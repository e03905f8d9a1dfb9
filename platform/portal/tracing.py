"""From a lot to what came of each unit, in a constant number of queries, without anybody's name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.enums import Role
from delivery.models import Delivery, Disbursement
from donors.models import Lot
from evaluation.models import Evaluation
from matching.enums import ProposalState
from matching.models import Proposal

READERS = (Role.DONOR, Role.OFFICER, Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.AUDITOR)
SHOWN = [state for state in ProposalState.values if state not in {"suggested", "declined", "expired"}]


@dataclass
class Line:
    """One match of the lot and everything that followed."""

    proposal: Proposal
    deliveries: list[Delivery] = field(default_factory=list)
    payments: list[Disbursement] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)


@dataclass
class Trace:
    """A lot's matches and the money or goods at each station; the stations add up to the lot."""

    lines: list[Line]
    stations: list[tuple[str, int]]
    transfers: list[Any]
    feedback: list[Any]


def trace_of(lot: Lot) -> Trace:
    """Everything that happened with a lot; the caller has passed the lot's gate."""
    proposals = list(
        Proposal.objects.filter(lot=lot, state__in=SHOWN)
        .select_related("need", "need__item", "project", "project__agency__organisation")
        .order_by("pk")
    )
    lines = {proposal.pk: Line(proposal) for proposal in proposals}
    for delivery in Delivery.objects.filter(proposal__in=lines).select_related("disbursement").order_by("pk"):
        line = lines[delivery.proposal_id]
        line.deliveries.append(delivery)
        if delivery.disbursement is not None and delivery.disbursement not in line.payments:
            line.payments.append(delivery.disbursement)
    projects = [proposal.project_id for proposal in proposals]
    ended = Evaluation.objects.filter(project__in=projects, final_at__isnull=False).order_by("pk")
    for evaluation in ended:
        for line in lines.values():
            if line.proposal.project_id == evaluation.project_id:
                line.evaluations.append(evaluation)
    stations = [
        (name, getattr(lot, name))
        for name in ("available", "reserved", "disbursed", "returned", "written_off")
    ]
    return Trace(
        lines=list(lines.values()),
        stations=stations,
        transfers=list(lot.transfers.order_by("pk")),
        feedback=list(lot.feedback.order_by("due")),
    )
