"""What waits for whom: one line each, the same acts as on the pages they lead to."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from common import clock
from common.templatetags.ui import amount, yuan
from common.todos import Todo
from delivery.enums import (
    AgreementKind,
    AgreementState,
    DeliveryState,
    DisbursementState,
    EndingState,
    RemarkOutcome,
    Signer,
    TransferState,
)
from delivery.models import Agreement, Delivery, Disbursement, Ending, Remark, Signature, Transfer
from delivery.queries import WRITTEN, matches_to_plan_of, own_signature
from delivery.rules import asked_donor
from delivery.services import unheard
from donors.enums import UNLISTED, LotKind
from donors.models import Lot
from donors.queries import donor_of
from projects.enums import AnalysisState, ProjectState, Stage
from projects.models import JointAnalysis, Project

OVER = (
    ProjectState.TERMINATED,
    ProjectState.COMPLETING,
    ProjectState.EX_POST,
    ProjectState.ACCEPTED,
    ProjectState.FAILED,
    ProjectState.ARCHIVED,
)
_D = DisbursementState
LISTED = 10
CONFIRM_WITHIN = timedelta(days=7)
ENTRUSTABLE = [ProjectState.APPROVED, ProjectState.FUNDED]
SIGNED_BY = Signature.objects.filter(agreement=OuterRef("pk"), undone_at__isnull=True)


def of_agency(user: Any) -> list[Todo]:
    """Agreements to write and sign, payments to confirm and account for, help to bring and to put right."""
    return [
        *_agreements_to_write(user),
        *_agreements_to_bring_on(user),
        *_agreements_to_sign(user, Signer.AGENCY),
        *_endings(user, Signer.AGENCY),
        *_payments(user, {_D.PAID: _("Has the payment arrived?"), _D.RECEIVED: _("Add vouchers")}),
        *_deliveries(user),
    ]


def of_holder(user: Any) -> list[Todo]:
    """Transfers to find, agreements to sign, payments to check, approve, pay and reconcile."""
    transfers = Transfer.objects.visible_to(user).filter(state=TransferState.DECLARED)
    found = [
        Todo(
            _("Has this money arrived?"),
            reverse("delivery:transfer", args=[row.public_id]),
            detail=f"{yuan(row.amount)} · {row.bank_reference}",
            kind="transfer",
        )
        for row in transfers.order_by("declared_at", "pk")[:LISTED]
    ]
    steps = {
        _D.REQUESTED: _("Check a payment"),
        _D.CHECKED: _("Approve a payment"),
        _D.APPROVED: _("Pay and record the slip"),
        _D.VOUCHERED: _("Compare vouchers and payment"),
        _D.DISPUTED: _("Clear up a disputed payment"),
    }
    involved = Q(state=_D.CHECKED) & (Q(checked_by=user) | Q(first_approver=user))
    return [
        *found,
        *_agreements_to_read(user),
        *_agreements_to_sign(user, Signer.FUND_HOLDER),
        *_endings(user, Signer.FUND_HOLDER),
        *_payments(user, steps, without=involved),
    ]


def of_donor(user: Any) -> list[Todo]:
    """Money set aside for families that was not sent yet, and what it is to be used for."""
    donor = donor_of(user)
    if donor is None:
        return []
    counted = Q(transfers__state__in=[TransferState.DECLARED, TransferState.ARRIVED])
    lots = (
        Lot.objects.filter(donor=donor, kind=LotKind.MONEY, fund_holder__isnull=False)
        .exclude(state__in=list(UNLISTED))
        .annotate(sent=Coalesce(Sum("transfers__amount", filter=counted), 0))
        .filter(sent__lt=F("reserved") + F("disbursed"))
    )
    money = [
        Todo(
            _("Send the money, then show the bank slip"),
            reverse("delivery:declare", args=[lot.public_id]),
            detail=f"{lot.title} · {yuan(lot.reserved + lot.disbursed - lot.sent)}",
            kind="transfer",
        )
        for lot in lots.order_by("pk")[:LISTED]
    ]
    return [*money, *_agreements_to_read(user), *uses_to_agree(user)]


def uses_to_agree(user: Any) -> list[Todo]:
    """New versions that change what the own money is for, not signed yet."""
    rows = Agreement.objects.visible_to(user).filter(state=AgreementState.SIGNING, replaces__isnull=False)
    return [
        _agreement_todo(_("Agree to another use of your money, or say no"), row)
        for row in _listed(rows.select_related("replaces"))
        if (donor := asked_donor(row, user)) and own_signature(row, Signer.DONOR, donor) is None
    ]


def of_staff(user: Any) -> list[Todo]:
    """Families to sign with, arrivals to ask about, disputes; for supervisors also the platform's signature."""
    agreements = Agreement.objects.visible_to(user).filter(state=AgreementState.SIGNING)
    unsigned = agreements.filter(
        ~Exists(SIGNED_BY.filter(signer=Signer.HOUSEHOLD)), kind=AgreementKind.SERVICE
    )
    platform = agreements.filter(
        ~Exists(SIGNED_BY.filter(signer=Signer.PLATFORM)), kind=AgreementKind.ENTRUSTMENT
    )
    deliveries = Delivery.objects.visible_to(user)
    silent = deliveries.filter(state=DeliveryState.DELIVERED, delivered_at__lt=clock.now() - CONFIRM_WITHIN)
    disputed = deliveries.filter(state=DeliveryState.DISPUTED)
    lines = [
        (_("Read the agreement with the family"), unsigned, "agreement", "?waiting=family"),
        (_("Deliveries that are not right"), disputed, "delivery", "?state=disputed"),
        (_("Ask whether the help has arrived"), silent, "delivery", "?state=delivered"),
    ]  # fmt: skip
    if user.seat.role == Role.SUPERVISOR:
        visible = Agreement.objects.visible_to(user)
        lines += [
            (
                _("Agreements that are being discussed"),
                visible.filter(state=AgreementState.NEGOTIATING),
                "agreement",
                "?waiting=talk",
            ),
            (_("Sign for the platform"), platform, "agreement", "?waiting=platform"),
            (
                _("Agreements a party wants to end"),
                visible.filter(endings__state=EndingState.OPEN),
                "agreement",
                "?waiting=ending",
            ),
        ]
    return [
        Todo(title, reverse(f"admin:delivery_{model}_changelist") + query, count=count, kind="delivery")
        for title, rows, model, query in lines
        if (count := rows.count())
    ]


def entrustment_due(project: Project) -> bool:
    """The gate is passed, a family has agreed, and no entrustment is written or in force."""
    return bool(_entrustable().filter(pk=project.pk).exists())


def _agreements_to_write(user: Any) -> list[Todo]:
    living = Agreement.objects.filter(
        project=OuterRef("project"), household=OuterRef("household"), state__in=WRITTEN
    )
    families = (
        JointAnalysis.objects.visible_to(user)
        .filter(~Exists(living), state=AnalysisState.AGREED)
        .exclude(project__state__in=OVER)
        .select_related("household", "project")
        .order_by("pk")
    )
    found = [
        Todo(
            _("Write the agreement with the family"),
            reverse("delivery:new_service", args=[row.public_id]),
            detail=f"{row.household.number} · {row.project.title}",
            kind="agreement",
        )
        for row in families[:LISTED]
    ]
    projects = _entrustable().filter(agency__organisation_id=user.seat.organisation_id).order_by("pk")
    found += [
        Todo(
            _("Write the entrustment agreement"),
            reverse("delivery:new_entrustment", args=[row.public_id]),
            detail=row.title,
            kind="agreement",
        )
        for row in projects[:LISTED]
    ]
    return found


def _entrustable() -> Any:
    service = Agreement.objects.filter(
        project=OuterRef("pk"), kind=AgreementKind.SERVICE, state=AgreementState.EFFECTIVE
    )
    living = Agreement.objects.filter(
        project=OuterRef("pk"), kind=AgreementKind.ENTRUSTMENT, state__in=WRITTEN
    )
    return Project.objects.filter(
        Exists(service), ~Exists(living), state__in=ENTRUSTABLE, gates__stage=Stage.EX_ANTE
    )


def _agreements_to_bring_on(user: Any) -> list[Todo]:
    """Drafts to lay before the parties or to open, remarks to answer, discussions to close."""
    rows = Agreement.objects.visible_to(user).filter(
        state__in=[AgreementState.DRAFT, AgreementState.NEGOTIATING]
    )
    asked = Exists(Remark.objects.filter(agreement=OuterRef("pk"), outcome=RemarkOutcome.OPEN))

    def title(row: Any) -> str:
        if row.asked:
            return _("Answer what a party wants to be changed")
        if row.state == AgreementState.DRAFT and row.kind == AgreementKind.ENTRUSTMENT:
            return _("Lay an agreement before the parties")
        return _("Open an agreement for signing")

    return [_agreement_todo(title(row), row) for row in _listed(rows.annotate(asked=asked))]


def _agreements_to_read(user: Any) -> list[Todo]:
    rows = Agreement.objects.visible_to(user).filter(state=AgreementState.NEGOTIATING)
    return [_agreement_todo(_("Read an agreement that is being discussed"), row) for row in _listed(rows)]


def _agreements_to_sign(user: Any, signer: str) -> list[Todo]:
    unsigned = ~Exists(SIGNED_BY.filter(signer=signer))
    rows = Agreement.objects.visible_to(user).filter(unsigned, state=AgreementState.SIGNING)
    return [_agreement_todo(_("Sign an agreement"), row) for row in _listed(rows)]


def _endings(user: Any, party: str) -> list[Todo]:
    """Ends on which this party has not spoken."""
    rows = Ending.objects.visible_to(user).filter(state=EndingState.OPEN).select_related("agreement__project")
    return [
        _agreement_todo(_("Say what you think about the end of an agreement"), row.agreement)
        for row in rows.order_by("asked_at", "pk")[:LISTED]
        if party in unheard(row)
    ]


def _listed(rows: Any) -> Any:
    return rows.select_related("project").order_by("created_at", "pk")[:LISTED]


def _agreement_todo(title: str, row: Agreement) -> Todo:
    url = reverse("delivery:agreement", args=[row.public_id])
    return Todo(title, url, detail=f"{row} · {row.project.title}", kind="agreement")


def _payments(user: Any, steps: dict[Any, str], *, without: Q | None = None) -> list[Todo]:
    rows = Disbursement.objects.visible_to(user).filter(state__in=list(steps))
    if without is not None:
        rows = rows.exclude(without)
    return [
        Todo(
            steps[_D(row.state)],
            reverse("delivery:payment", args=[row.public_id]),
            detail=f"{row.number} · {yuan(row.amount)}",
            kind="payment",
        )
        for row in rows.order_by("state_since", "pk")[:LISTED]
    ]


def _deliveries(user: Any) -> list[Todo]:
    found = [
        Todo(
            _("Plan the delivery of a match"),
            reverse("delivery:plan", args=[row.public_id]),
            detail=f"{row.number} · {row.need.item.label}",
            kind="delivery",
        )
        for row in matches_to_plan_of(user.seat.organisation_id)[:LISTED]
    ]
    titles = {
        DeliveryState.PLANNED: _("Hand over what is planned"),
        DeliveryState.DISPUTED: _("Put right what a family says is wrong"),
    }
    rows = (
        Delivery.objects.visible_to(user)
        .filter(state__in=list(titles))
        .select_related("proposal__need__item")
        .order_by("planned_on", "pk")
    )
    return found + [
        Todo(
            titles[DeliveryState(row.state)],
            reverse("delivery:delivery", args=[row.public_id]),
            due=datetime.combine(row.planned_on, time(23, 59), clock.SHANGHAI),
            detail=f"{row.proposal.need.item.label} · {amount(row.amount, row.proposal.need.item)}",
            kind="delivery",
        )
        for row in rows[:LISTED]
    ]
