"""Payments: asked for by the agency, checked and approved by two of the fund holder, paid outside, accounted for."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from common.templatetags.ui import day, yuan
from delivery import services
from delivery.enums import AgreementKind, AgreementState, DisbursementState
from delivery.filters import PaymentFilter
from delivery.forms.money import PaymentForm, ReasonForm, RequestForm, VoucherForm
from delivery.models import Agreement, Disbursement
from delivery.services.papers import kept
from delivery.services.payments import next_tranche
from delivery.views.acts import Act, act_page, open_acts
from delivery.words import approvals, payment_next, payment_timeline
from projects.models import Project

_D = DisbursementState
HOLDER, AGENCY = Role.FUND_HOLDER, Role.AGENCY
PAYMENTS = Disbursement.objects.select_related(
    "project__agency__organisation", "project__fund_holder__organisation", "agreement", "checked_by",
    "first_approver", "second_approver", "requested_by", "payment_proof",
)  # fmt: skip


def _not_involved(row: Disbursement, user: Any) -> bool:
    return user.pk not in {row.checked_by_id, row.first_approver_id}


ACTS = {
    "check": Act(
        gettext_lazy("The papers are in order"),
        gettext_lazy("You compared the request with the agreement. Two colleagues approve after you."),
        HOLDER,
        frozenset({_D.REQUESTED}),
        lambda row, data, by, at: services.check_disbursement(disbursement=row, by=by, at=at),
    ),
    "approve": Act(
        gettext_lazy("Approve the payment"),
        gettext_lazy("Two different people approve; whoever checked the papers may not."),
        HOLDER,
        frozenset({_D.CHECKED}),
        lambda row, data, by, at: services.approve_disbursement(disbursement=row, by=by, at=at),
        when=_not_involved,
    ),
    "pay": Act(
        gettext_lazy("Record the payment"),
        gettext_lazy("You pay at your bank. Here only the proof is kept; the platform moves no money."),
        HOLDER,
        frozenset({_D.APPROVED}),
        lambda row, data, by, at: services.record_payment(
            disbursement=row,
            paid_on=data["paid_on"],
            reference=data["reference"],
            proof=kept(data["upload"], "payment_proof", row, by=by, at=at),
            by=by,
            at=at,
        ),
        PaymentForm,
    ),
    "received": Act(
        gettext_lazy("We have the money"),
        gettext_lazy("You saw the payment in your account."),
        AGENCY,
        frozenset({_D.PAID}),
        lambda row, data, by, at: services.confirm_payment_received(disbursement=row, by=by, at=at),
    ),
    "reconcile": Act(
        gettext_lazy("Vouchers and payment agree"),
        gettext_lazy("You compared every voucher with the payment."),
        HOLDER,
        frozenset({_D.VOUCHERED}),
        lambda row, data, by, at: services.reconcile(disbursement=row, by=by, at=at),
    ),
    "close": Act(
        gettext_lazy("Close the payment"),
        gettext_lazy("Nothing more is to be done with it."),
        HOLDER,
        frozenset({_D.RECONCILED}),
        lambda row, data, by, at: services.close_disbursement(disbursement=row, by=by, at=at),
        is_main=False,
    ),
    "clear": Act(
        gettext_lazy("The doubt is cleared up"),
        gettext_lazy("The payment is again where it was before you doubted it."),
        HOLDER,
        frozenset({_D.DISPUTED}),
        lambda row, data, by, at: services.clear_dispute(
            disbursement=row, reason=data["reason"], by=by, at=at
        ),
        ReasonForm,
    ),
    "recover": Act(
        gettext_lazy("The money came back"),
        gettext_lazy("What no family has confirmed is with you again and free for the project."),
        HOLDER,
        frozenset({_D.DISPUTED}),
        lambda row, data, by, at: services.recover_disbursement(
            disbursement=row, reason=data["reason"], by=by, at=at
        ),
        ReasonForm,
        is_main=False,
        is_danger=True,
    ),
    "reject": Act(
        gettext_lazy("Do not approve"),
        gettext_lazy("The agency is told why, and the sum is free again."),
        HOLDER,
        frozenset({_D.REQUESTED, _D.CHECKED, _D.APPROVED}),
        lambda row, data, by, at: services.reject_disbursement(
            disbursement=row, reason=data["reason"], by=by, at=at
        ),
        ReasonForm,
        is_main=False,
        is_danger=True,
    ),
    "return": Act(
        gettext_lazy("The agency sent it back"),
        gettext_lazy("The money is with you again and can be asked for anew."),
        HOLDER,
        frozenset({_D.PAID, _D.RECEIVED}),
        lambda row, data, by, at: services.return_disbursement(
            disbursement=row, reason=data["reason"], by=by, at=at
        ),
        ReasonForm,
        is_main=False,
        is_danger=True,
    ),
    "dispute": Act(
        gettext_lazy("Something is not right"),
        gettext_lazy("You doubt the payment or its vouchers. It rests until you have cleared it up."),
        HOLDER,
        frozenset({_D.PAID, _D.RECEIVED, _D.VOUCHERED}),
        lambda row, data, by, at: services.dispute_disbursement(
            disbursement=row, reason=data["reason"], by=by, at=at
        ),
        ReasonForm,
        is_main=False,
        is_danger=True,
    ),
}


@for_roles(AGENCY, HOLDER)
def payments(request: SignedRequest) -> HttpResponse:
    """Every payment of the own projects, the newest first."""
    rows = PAYMENTS.visible_to(request.user)
    chosen = PaymentFilter(request.GET, queryset=rows)
    found = keyset(request, chosen, order=("-created_at", "-id"))
    context = {
        "title": _("Payments"),
        "filter": chosen,
        "page": found,
        "is_holder": acting_seat(request).role == HOLDER,
    }
    return page(request, "delivery/payments.html", context)


@for_roles(AGENCY, HOLDER)
def payment(request: SignedRequest, public_id: str) -> HttpResponse:
    """The file of a payment: state, next step, who did what, vouchers."""
    row: Disbursement = get_visible(PAYMENTS, request.user, public_id)
    context = {
        "title": row.number,
        "row": row,
        "next_step": payment_next(row),
        "acts": open_acts(ACTS, row, request.user),
        "facts": facts_of(row),
        "vouchers": row.vouchers.select_related("attachment").order_by("pk"),
        "may_add": _may_add(row, request.user),
        "approvals": approvals(row),
        "entries": payment_timeline(row),
    }
    return page(request, "delivery/payment.html", context)


@for_roles(AGENCY, HOLDER)
def payment_act(request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
    """One step of a payment."""
    row: Disbursement = get_visible(PAYMENTS, request.user, public_id)
    back = reverse("delivery:payment", args=[public_id])
    return act_page(request, ACTS, slug, row, back=back, facts=facts_of(row))


@for_roles(AGENCY)
def request_payment(request: SignedRequest, public_id: str) -> HttpResponse:
    """Ask for the next tranche of a project under agreement."""
    own = Project.objects.all().run_by(acting_seat(request).organisation_id)
    project: Project = get_visible(own, request.user, public_id)
    agreement = Agreement.objects.filter(
        project=project, kind=AgreementKind.ENTRUSTMENT, state=AgreementState.EFFECTIVE
    ).first()
    form = RequestForm(request.POST or None)
    answer = None
    if agreement is not None:
        answer = submit(
            request,
            form,
            lambda data: services.request_disbursement(
                agreement=agreement, **data, by=request.user, at=clock.now()
            ),
            to=lambda done: reverse("delivery:payment", args=[done.public_id]),
        )
    context = {
        "title": _("Ask for a payment"),
        "form": form,
        "project": project,
        "agreement": agreement,
        "tranche": next_tranche(agreement) if agreement else 0,
        "left": agreement.amount - agreement.drawn if agreement else 0,
    }
    return answer or page(request, "delivery/request.html", context, form=form)


@for_roles(AGENCY)
def add_voucher(request: SignedRequest, public_id: str) -> HttpResponse:
    """Put one voucher on record."""
    row: Disbursement = get_visible(PAYMENTS, request.user, public_id)
    form = VoucherForm(request.POST or None, request.FILES or None)

    def add(data: Any) -> Any:
        at, fields = clock.now(), dict(data)
        paper: Any = kept(fields.pop("upload"), "voucher", row, by=request.user, at=at)
        return services.record_voucher(disbursement=row, attachment=paper, **fields, by=request.user, at=at)

    back = reverse("delivery:payment", args=[public_id])
    answer = submit(request, form, add, to=back)
    context = {
        "title": _("Add a voucher"), "form": form, "back": back,
        "text": _("%(left)s of this payment is still without a voucher.") % {"left": yuan(row.amount - row.vouchered)},
        "button": _("Add the voucher"),
    }  # fmt: skip
    return answer or page(request, "delivery/one_form.html", context, form=form)


def facts_of(row: Disbursement) -> list[tuple[Any, Any]]:
    """What everybody who looks at a payment wants to know first."""
    return [
        (_("Project"), row.project.title),
        (_("Agreement"), str(row.agreement)),
        (_("Tranche"), row.tranche),
        (_("Sum"), yuan(row.amount)),
        *([(_("Stayed with families"), yuan(row.kept))] if row.kept else []),
        (_("What for?"), row.purpose),
        (_("Agency"), row.project.agency.name),
        (_("Paid on"), day(row.paid_on)),
        (_("Bank reference"), row.payment_reference or None),
    ]


def _may_add(row: Disbursement, user: Any) -> bool:
    return user.seat.role == AGENCY and row.state == _D.RECEIVED
