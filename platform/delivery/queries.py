"""Reading agreements, payments and the money that arrived."""

from __future__ import annotations

from typing import Any

from django.db.models import Exists, F, Max, OuterRef, Q, QuerySet, Sum
from django.db.models.functions import Coalesce

from delivery.enums import (
    BINDING,
    CARRIED,
    PAID_OUT,
    RUNNING,
    UNFINISHED,
    AgreementKind,
    AgreementState,
    DeliveryState,
    RemarkOutcome,
    Signer,
    TransferState,
)
from delivery.models import Agreement, Disbursement, Ending, EndingWord, Remark, Signature, Transfer
from delivery.rules import SIGNERS, donors_asked
from donors.enums import LotKind, LotState
from donors.models import Donor
from implementers.models import FundHolder
from matching.enums import ProposalState
from matching.models import Proposal
from projects.enums import AnalysisState
from projects.models import JointAnalysis, Project

# An agreement that is being written, signed or kept: no second one with the same party beside it.
WRITTEN = [*UNFINISHED, AgreementState.EFFECTIVE]


def drawn_under(agreement: Agreement) -> int:
    """Asked for under the agreement, in fen; until a version takes effect, under the one it is to replace."""
    earlier = agreement.replaces
    return earlier.drawn if earlier is not None and agreement.effective_at is None else agreement.drawn


def paid_under(agreement: Agreement) -> int:
    """What the fund holder has paid out under any version of the agreement, in fen."""
    paid = Disbursement.objects.filter(agreement__number=agreement.number, state__in=PAID_OUT)
    total: int = paid.aggregate(sum=Coalesce(Sum("amount"), 0))["sum"]
    return total


def arrived(project: Project) -> int:
    """Money that arrived for this project's matches, in fen.

    A lot's arrived money serves its matches in the order they were confirmed, so that no later match takes what an
    earlier one was promised and two projects never count the same yuan.
    """
    return _arrived(project, _carried(project))


def arrived_freely(project: Project) -> int:
    """The same without the gifts that are held for a check."""
    return _arrived(project, _carried(project).exclude(lot__state=LotState.FROZEN))


def has_held_gift(project: Project) -> bool:
    """Whether money of a gift that is held for a check is among what the project's matches were promised."""
    return bool(_carried(project).filter(lot__kind=LotKind.MONEY, lot__state=LotState.FROZEN).exists())


def _carried(project: Project) -> QuerySet[Proposal]:
    return Proposal.objects.filter(project=project, state__in=CARRIED)


def _arrived(project: Project, carried: QuerySet[Proposal]) -> int:
    came = dict(
        Transfer.objects.filter(
            state=TransferState.ARRIVED, fund_holder_id=project.fund_holder_id, lot__in=carried.values("lot")
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
    """What arrived at a fund holder, no payment holds and no family has."""
    came = Transfer.objects.filter(fund_holder=holder, state=TransferState.ARRIVED)
    payments = Disbursement.objects.filter(project__fund_holder=holder)
    kept = int(payments.aggregate(total=Sum("kept"))["total"] or 0)
    return _sum(came) - _sum(payments.filter(state__in=BINDING)) - kept


def _sum(rows: Any) -> int:
    return int(rows.aggregate(total=Sum("amount"))["total"] or 0)


def signatures_of(agreement: Agreement) -> list[dict[str, Any]]:
    """Every party that signs, with its signature when it has signed, in the order of signing; donors are not named."""
    given = {(row.signer, row.donor_id): row for row in agreement.signatures.filter(undone_at__isnull=True)}
    asked: list[tuple[str, int | None]] = [(one, None) for one in SIGNERS[AgreementKind(agreement.kind)]]
    donors = {donor.pk for donor in donors_asked(agreement)} | {donor for _signer, donor in given if donor}
    asked += [(Signer.DONOR, donor) for donor in sorted(donors)]
    return [{"signer": one[0], "label": Signer(one[0]).label, "signature": given.get(one)} for one in asked]


def open_remarks(agreement: Agreement) -> QuerySet[Remark]:
    """What the parties asked for in this version and nobody has answered, the oldest first."""
    return agreement.remarks.filter(outcome=RemarkOutcome.OPEN).order_by("pk")


def open_ending(agreement: Agreement) -> Ending | None:
    """The end that is being asked for, if any."""
    return agreement.endings.filter(state__in=RUNNING).first()


def spoken(ending: Ending) -> dict[str, EndingWord]:
    """What each party has said about an end and not taken back."""
    return {word.party: word for word in ending.words.filter(undone_at__isnull=True).order_by("pk")}


def planned_of(proposal: Proposal) -> int:
    """What deliveries of a match hold, handed over or not."""
    return _sum(proposal.deliveries.exclude(state=DeliveryState.CANCELLED))


def own_signature(agreement: Agreement, signer: str, donor: Donor | None = None) -> Signature | None:
    """The signature of one party that was not taken back."""
    return agreement.signatures.filter(signer=signer, donor=donor, undone_at__isnull=True).first()


def families_ready(project: Project) -> list[JointAnalysis]:
    """Families that found the causes together with the agency and have no agreement yet."""
    living = Agreement.objects.filter(
        project=OuterRef("project"), household=OuterRef("household"), state__in=WRITTEN
    )
    rows = JointAnalysis.objects.filter(~Exists(living), project=project, state=AnalysisState.AGREED)
    return list(rows.select_related("household").order_by("pk"))


def matches_to_plan(project: Project) -> QuerySet[Proposal]:
    """Matches of a project under agreement of which something is still to be planned."""
    return _unplanned().filter(project=project)


def matches_to_plan_of(organisation_id: int) -> QuerySet[Proposal]:
    """The same for everything one agency runs."""
    return _unplanned().filter(project__agency__organisation_id=organisation_id)


def _unplanned() -> QuerySet[Proposal]:
    counted = ~Q(deliveries__state=DeliveryState.CANCELLED)
    return (  # type: ignore[no-any-return]
        Proposal.objects.filter(state__in=[ProposalState.AGREED, ProposalState.EXECUTING])
        .annotate(planned=Coalesce(Sum("deliveries__amount", filter=counted), 0))
        .filter(planned__lt=F("amount"))
        .select_related("need__item", "need__household", "project")
        .order_by("pk")
    )
