"""From a lot to what came of each unit, in a constant number of queries, without anybody's name."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from accounts.enums import Role
from accounts.models import User
from delivery.enums import AgreementKind, DisbursementState
from delivery.models import Agreement, Delivery, Disbursement
from donors.models import Lot
from evaluation.models import Evaluation
from matching.enums import ProposalState
from matching.models import Proposal
from reference.enums import ItemKind

READERS = (Role.DONOR, Role.OFFICER, Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.AUDITOR)
SHOWN = [state for state in ProposalState.values if state not in {"suggested", "declined", "expired"}]


RECONCILED = frozenset({DisbursementState.RECONCILED, DisbursementState.CLOSED})


@dataclass
class Payment:
    """A payment of the fund holder, and how much of it reached this match's family; it may pay for others too."""

    row: Disbursement
    part: int = 0

    @property
    def reconciled(self) -> bool:
        return self.row.state in RECONCILED


@dataclass
class Line:
    """One match of the lot and everything that followed."""

    proposal: Proposal
    deliveries: list[Delivery] = field(default_factory=list)
    payments: dict[int, Payment] = field(default_factory=dict)
    agreements: list[tuple[Agreement, bool]] = field(default_factory=list)
    evaluations: list[Evaluation] = field(default_factory=list)

    @property
    def of_money(self) -> bool:
        return self.proposal.need.item.kind == ItemKind.MONEY


@dataclass
class Trace:
    """A lot's matches and the money or goods at each station; the stations add up to the lot."""

    lines: list[Line]
    stations: list[tuple[str, int]]
    transfers: list[Any]
    feedback: list[Any]


def trace_of(lot: Lot, user: User) -> Trace:
    """Everything that happened with a lot; the caller has passed the lot's gate.

    Entrustments that came into force are named with their day, and open to whoever may read them; the agreements of
    families are theirs alone.
    """
    proposals = list(
        Proposal.objects.filter(lot=lot, state__in=SHOWN)
        .select_related("need", "need__item", "project", "project__agency__organisation")
        .order_by("pk")
    )
    lines = {proposal.pk: Line(proposal) for proposal in proposals}
    for delivery in Delivery.objects.filter(proposal__in=lines).select_related("disbursement").order_by("pk"):
        line = lines[delivery.proposal_id]
        line.deliveries.append(delivery)
        if delivery.disbursement is not None:
            paid = line.payments.setdefault(delivery.disbursement.pk, Payment(delivery.disbursement))
            paid.part += delivery.amount if delivery.delivered_at else 0
    projects = [proposal.project_id for proposal in proposals]
    entrusted = Agreement.objects.filter(
        project__in=projects, kind=AgreementKind.ENTRUSTMENT, effective_at__isnull=False
    ).order_by("pk")
    open_to_reader = set(
        Agreement.objects.visible_to(user).filter(pk__in=entrusted).values_list("pk", flat=True)
    )
    for agreement in entrusted:
        for line in lines.values():
            if line.proposal.project_id == agreement.project_id:
                line.agreements.append((agreement, agreement.pk in open_to_reader))
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
