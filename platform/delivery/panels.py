"""What delivery says on the pages of others: project, lot and household files, the family's page, home pages."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import PLATFORM_STAFF, Role
from common import clock
from common.panels import provide
from common.templatetags.ui import number, yuan
from common.todos import Figure, Panel, Todo
from delivery import todos
from delivery.decided import decisions_about
from delivery.enums import (
    BINDING,
    AgreementKind,
    AgreementState,
    DeliveryState,
    DisbursementState,
    Signer,
    TransferState,
)
from delivery.models import Agreement, Delivery, Disbursement, Transfer
from delivery.queries import arrived, families_ready, matches_to_plan, own_signature
from delivery.rules import PAPERS_OF_ENDINGS
from donors.enums import UNLISTED
from donors.queries import donor_of
from files.gates import allow
from households.queries import Holder
from matching.models import Proposal
from matching.rules import answer_scope
from projects.enums import ProjectState

PARTIES = frozenset({Role.AGENCY, Role.FUND_HOLDER})
SHOWN = 10
STANDS = Q(state__in=BINDING)
PAYABLE = frozenset({ProjectState.AGREED, ProjectState.IN_PROGRESS})
BEFORE_APPROVAL = frozenset({
    ProjectState.DRAFT, ProjectState.SUBMITTED, ProjectState.SCREENING, ProjectState.EX_ANTE, ProjectState.REVISE,
})  # fmt: skip


def on_project_file(project: Any, user: Any) -> list[Panel]:
    """Agreements, money and deliveries of a project for its parties and the staff; nothing for the public."""
    seat = getattr(user, "seat", None)
    if seat is None or seat.role not in PARTIES | PLATFORM_STAFF:
        return []
    agreements = list(
        Agreement.objects.visible_to(user)
        .filter(project=project)
        .select_related("household")
        .order_by("-created_at", "-pk")[:SHOWN]
    )
    entrustment = next(
        (
            row
            for row in agreements
            if row.kind == AgreementKind.ENTRUSTMENT and row.state == AgreementState.EFFECTIVE
        ),
        None,
    )
    is_agency = seat.role == Role.AGENCY and project.agency.organisation_id == seat.organisation_id
    context = {
        "project": project,
        "agreements": agreements,
        "entrustment": entrustment,
        "arrived": arrived(project),
        "payments": list(
            Disbursement.objects.visible_to(user)
            .filter(project=project)
            .order_by("-created_at", "-pk")[:SHOWN]
        ),
        "may_report": is_agency and project.started_at is not None,
        "early": project.state in BEFORE_APPROVAL,
        "is_party": seat.role in PARTIES,
        "ready": families_ready(project) if is_agency else [],
        "to_plan": matches_to_plan(project)[:SHOWN] if is_agency else [],
        "may_entrust": is_agency and todos.entrustment_due(project),
        "may_request": is_agency and entrustment is not None and project.state in PAYABLE,
    }
    return [Panel(_("Agreements and money"), "delivery/panels/project.html", context)]


def on_lot_file(lot: Any, user: Any) -> list[Panel]:
    """The transfers of an offer of money, and where the donor declares one."""
    if not lot.is_money or lot.fund_holder_id is None or lot.state in UNLISTED:
        return []
    rows = list(Transfer.objects.visible_to(user).filter(lot=lot).order_by("-declared_at", "-pk")[:SHOWN])
    donor = donor_of(user)
    context = {
        "lot": lot,
        "transfers": rows,
        "is_own": donor is not None and donor.pk == lot.donor_id,
        "is_party": user.seat is not None and user.seat.role in {Role.DONOR, Role.OFFICER, Role.FUND_HOLDER},
    }
    return [Panel(_("The money on its way"), "delivery/panels/lot.html", context)]


def on_household_file(household: Any, user: Any) -> list[Panel]:
    """Agreements and deliveries of a family for those who may see its file."""
    agreements = list(
        Agreement.objects.visible_to(user)
        .filter(household=household)
        .select_related("project__agency__organisation")
        .order_by("-created_at", "-pk")[:SHOWN]
    )
    rows = (
        Delivery.objects.visible_to(user)
        .filter(proposal__need__household=household)
        .select_related("proposal__need__item")
        .order_by("-planned_on", "-pk")
    )
    deliveries = list(rows[:SHOWN])
    if not agreements and not deliveries:
        return []
    desk = user.seat.role in PLATFORM_STAFF
    context = {"agreements": agreements, "deliveries": deliveries, "desk": desk}
    return [Panel(_("Agreements and deliveries"), "delivery/panels/household.html", context)]


def on_status_page(application: Any) -> list[Panel]:
    """In large calm words: what is to be read, and whether the help has arrived."""
    household = application.household_id
    waiting = [AgreementState.SIGNING, AgreementState.SIGNED, AgreementState.EFFECTIVE]
    agreements = Agreement.objects.filter(household_id=household, state__in=waiting)
    panels = [
        Panel(
            _("Your agreement with the agency"),
            "delivery/panels/status_agreement.html",
            {"row": row, "signed": own_signature(row, Signer.HOUSEHOLD) is not None},
        )
        for row in agreements.select_related("project__agency__organisation").order_by("pk")
    ]
    shown = Q(state__in=[DeliveryState.DELIVERED, DeliveryState.DISPUTED])
    said = Q(state=DeliveryState.CONFIRMED, settled_at__isnull=True)
    deliveries = Delivery.objects.filter(shown | said, proposal__need__household_id=household)
    now = clock.now()
    panels += [
        Panel(
            _("Has it arrived?"),
            "delivery/panels/status_delivery.html",
            {"row": row, "may_undo": row.may_undo(now)},
        )
        for row in deliveries.select_related(
            "proposal__need__item", "proposal__project__agency__organisation"
        ).order_by("pk")
    ]
    return panels


def asked_of_household(holder: Holder) -> list[Todo]:
    """An agreement to read and sign, and help whose arrival the family has not said yet."""
    household = holder.application.household_id
    agreements = Agreement.objects.filter(household_id=household, state=AgreementState.SIGNING)
    asked = [
        Todo(
            title=_("Read the agreement with %(agency)s") % {"agency": row.project.agency.name},
            url=reverse("delivery:household_agreement", args=[row.public_id]),
            kind="agreement",
        )
        for row in agreements.select_related("project__agency__organisation").order_by("pk")
        if own_signature(row, Signer.HOUSEHOLD) is None
    ]
    deliveries = Delivery.objects.filter(
        proposal__need__household_id=household, state=DeliveryState.DELIVERED
    ).select_related("proposal__need__item")
    return asked + [
        Todo(
            title=_("Has it arrived? %(thing)s") % {"thing": row.proposal.need.item.label},
            url="#answers" if holder.may(answer_scope(row.proposal.need.item)) else "",
            kind="delivery",
        )
        for row in deliveries.order_by("pk")
    ]


def agency_given(user: Any) -> list[Figure]:
    """What the agency handed over, and what families confirmed."""
    rows = Delivery.objects.visible_to(user)
    confirmed = rows.filter(state=DeliveryState.CONFIRMED)
    families = confirmed.values("proposal__need__household").distinct().count()
    url = reverse("delivery:deliveries")
    return [
        Figure(_("Deliveries confirmed by families"), number(confirmed.count()), url=url),
        Figure(_("Families reached"), number(families), url=url),
    ]


def agency_got(user: Any) -> list[Figure]:
    """Money received for the work."""
    rows = Disbursement.objects.visible_to(user).filter(received_at__isnull=False)
    total = rows.aggregate(
        all=Sum("amount", filter=STANDS), kept=Sum("kept"), shown=Sum("vouchered", filter=STANDS)
    )
    detail = _("%(sum)s with vouchers") % {"sum": yuan(total["shown"] or 0)}
    received = (total["all"] or 0) + (total["kept"] or 0)
    return [Figure(_("Money received"), yuan(received), detail, reverse("delivery:payments"))]


def holder_got(user: Any) -> list[Figure]:
    """What donors entrusted to the fund holder."""
    rows = Transfer.objects.visible_to(user).filter(state=TransferState.ARRIVED)
    total = rows.aggregate(all=Sum("amount"))["all"] or 0
    return [Figure(_("Money arrived"), yuan(total), url=reverse("delivery:transfers"))]


def holder_given(user: Any) -> list[Figure]:
    """What the fund holder paid out, and how much of it is reconciled."""
    rows = Disbursement.objects.visible_to(user).filter(paid_on__isnull=False)
    settled = Q(state__in=[DisbursementState.RECONCILED, DisbursementState.CLOSED])
    total = rows.aggregate(
        all=Sum("amount", filter=STANDS), kept=Sum("kept"), settled=Sum("amount", filter=settled)
    )
    detail = _("%(sum)s reconciled") % {"sum": yuan(total["settled"] or 0)}
    paid = (total["all"] or 0) + (total["kept"] or 0)
    return [Figure(_("Money paid"), yuan(paid), detail, reverse("delivery:payments"))]


def donor_given(user: Any) -> list[Figure]:
    """Money the fund holder has confirmed."""
    rows = Transfer.objects.visible_to(user).filter(state=TransferState.ARRIVED)
    total = rows.aggregate(all=Sum("amount"))["all"]
    if not total:
        return []
    return [Figure(_("Money arrived at the fund holder"), yuan(total), url=reverse("delivery:transfers"))]


def sees_papers_of_payment(user: Any, ref: str) -> bool:
    """Slips and vouchers: whoever sees the payment."""
    return Disbursement.objects.visible_to(user).filter(public_id=ref).exists()


def sees_slips(user: Any, ref: str) -> bool:
    """Bank slips: whoever sees a transfer of the lot."""
    return Transfer.objects.visible_to(user).filter(lot__public_id=ref).exists()


def sees_signature(user: Any, ref: str) -> bool:
    """A family's signature: its agency and the staff who see the family."""
    if _role(user) not in {Role.AGENCY, *PLATFORM_STAFF}:
        return False
    return Agreement.objects.visible_to(user).filter(public_id=ref).exists()


def sees_paper_of_ending(user: Any, ref: str) -> bool:
    """What shows a breach or force majeure: the parties that sign and the platform's staff, no donor."""
    if _role(user) not in {*PARTIES, *PLATFORM_STAFF}:
        return False
    return Agreement.objects.visible_to(user).filter(public_id=ref).exists()


def sees_proof(user: Any, ref: str) -> bool:
    """What was handed over and the family's word: its agency and the staff, never donors."""
    if _role(user) not in {Role.AGENCY, *PLATFORM_STAFF}:
        return False
    return Delivery.objects.visible_to(user).filter(public_id=ref).exists()


def handed_over(proposal: Proposal) -> list[Delivery]:
    """What a match has brought already, the family's word still out or not."""
    return list(proposal.deliveries.exclude(state__in=[DeliveryState.PLANNED, DeliveryState.CANCELLED]))


def _role(user: Any) -> str:
    return user.seat.role if user.seat is not None else ""


def install() -> None:
    """Register every provider and the gates of the own papers; called when the apps are ready."""
    provide("project.file", on_project_file)
    provide("match.handed_over", handed_over)
    provide("lot.file", on_lot_file)
    provide("household.file", on_household_file, order=60)
    provide("household.decisions", decisions_about, order=20)
    provide("application.asked", asked_of_household, order=30)
    provide("application.status", on_status_page, order=10)
    provide("todo.agency", todos.of_agency, order=30)
    provide("todo.fund_holder", todos.of_holder, order=30)
    provide("todo.donor", todos.of_donor, order=60)
    provide("todo.officer", todos.uses_to_agree, order=60)
    for role in PLATFORM_STAFF:
        provide(f"todo.{role}", todos.of_staff, order=50)
    provide("given.agency", agency_given, order=60)
    provide("got.agency", agency_got, order=60)
    provide("given.fund_holder", holder_given, order=60)
    provide("got.fund_holder", holder_got, order=60)
    provide("given.donor", donor_given, order=60)
    provide(
        "nav.agency",
        lambda _user: [
            (30, gettext_lazy("Agreements"), "delivery:agreements"),
            (40, gettext_lazy("Payments"), "delivery:payments"),
            (50, gettext_lazy("Deliveries"), "delivery:deliveries"),
        ],
    )
    provide(
        "nav.fund_holder",
        lambda _user: [
            (20, gettext_lazy("Transfers"), "delivery:transfers"),
            (30, gettext_lazy("Payments"), "delivery:payments"),
            (40, gettext_lazy("Agreements"), "delivery:agreements"),
        ],
    )
    provide(
        "nav.officer",
        lambda _user: [
            (40, gettext_lazy("Transfers"), "delivery:transfers"),
            (45, gettext_lazy("Agreements"), "delivery:agreements"),
        ],
    )
    provide(
        "nav.donor",
        lambda _user: [
            (35, gettext_lazy("Transfers"), "delivery:transfers"),
            (37, gettext_lazy("Agreements"), "delivery:agreements"),
        ],
    )
    allow("delivery.agreement", sees_signature)
    allow("delivery.disbursement", sees_papers_of_payment)
    allow("delivery.delivery", sees_proof)
    allow("delivery.transfers_of_lot", sees_slips)
    allow(PAPERS_OF_ENDINGS, sees_paper_of_ending)
