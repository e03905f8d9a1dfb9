"""A donor's money on its way to the fund holder: declared with a slip, confirmed with a receipt number."""

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
from delivery.enums import TransferState
from delivery.filters import TransferFilter
from delivery.forms.money import ArrivalForm, ReasonForm, TransferForm
from delivery.models import Transfer
from delivery.services.papers import kept
from delivery.views.acts import Act, act_page, open_acts
from donors.enums import LotOrigin
from donors.models import Lot
from donors.rules import is_own_donor
from implementers.models import FundHolder

TRANSFERS = Transfer.objects.select_related(
    "lot__donor", "fund_holder__organisation", "proof", "arrival_proof"
)
WAITING = frozenset({TransferState.DECLARED})
ACTS = {
    "confirm": Act(
        gettext_lazy("The money has arrived"),
        gettext_lazy("You found it on your account, and a paper says for what it came."),
        Role.FUND_HOLDER,
        WAITING,
        lambda row, data, by, at: services.confirm_arrival(
            transfer=row,
            arrived_on=data["arrived_on"],
            receipt_no=data["receipt_no"],
            proof=kept(data["upload"], "arrival_proof", row.lot, by=by, at=at),
            by=by,
            at=at,
        ),
        ArrivalForm,
        initial=lambda row: {"origin": row.lot.origin},
    ),
    "reject": Act(
        gettext_lazy("We do not find it"),
        gettext_lazy("The donor reads what you looked for and can declare it again."),
        Role.FUND_HOLDER,
        WAITING,
        lambda row, data, by, at: services.reject_transfer(transfer=row, reason=data["reason"], by=by, at=at),
        ReasonForm,
        is_main=False,
        is_danger=True,
    ),
}


@for_roles(Role.DONOR, Role.OFFICER, Role.FUND_HOLDER)
def transfers(request: SignedRequest) -> HttpResponse:
    """The own transfers; for a fund holder those it is to confirm."""
    chosen = TransferFilter(request.GET, queryset=_own(request))
    found = keyset(request, chosen, order=("-declared_at", "-id"))
    context = {
        "title": _("Transfers"),
        "filter": chosen,
        "page": found,
        "is_holder": acting_seat(request).role == Role.FUND_HOLDER,
    }
    return page(request, "delivery/transfers.html", context)


@for_roles(Role.DONOR, Role.OFFICER, Role.FUND_HOLDER)
def transfer(request: SignedRequest, public_id: str) -> HttpResponse:
    """One transfer: what was sent, by which slip, and what the fund holder says."""
    row: Transfer = get_visible(_own(request), request.user, public_id)
    context = {
        "title": _("Transfer of %(sum)s") % {"sum": yuan(row.amount)},
        "row": row,
        "facts": facts_of(row),
        "acts": open_acts(ACTS, row, request.user),
        "is_holder": acting_seat(request).role == Role.FUND_HOLDER,
    }
    return page(request, "delivery/transfer.html", context)


@for_roles(Role.FUND_HOLDER)
def transfer_act(request: SignedRequest, public_id: str, slug: str) -> HttpResponse:
    """It arrived, or it was not found."""
    row: Transfer = get_visible(_own(request), request.user, public_id)
    back = reverse("delivery:transfer", args=[public_id])
    return act_page(request, ACTS, slug, row, back=back, facts=facts_of(row))


@for_roles(Role.DONOR, Role.OFFICER)
def declare(request: SignedRequest, public_id: str) -> HttpResponse:
    """Say what was sent for an offer of money, with the bank slip."""
    lot: Lot = get_visible(
        Lot.objects.filter(kind="money").select_related("fund_holder", "donor"), request.user, public_id
    )
    form = TransferForm(request.POST or None, request.FILES or None)

    def act(data: Any) -> Any:
        at, fields = clock.now(), dict(data)
        slip: Any = kept(fields.pop("upload"), "transfer_proof", lot, by=request.user, at=at)
        return services.declare_transfer(lot=lot, proof=slip, **fields, by=request.user, at=at)

    answer = submit(request, form, act, to=lambda done: reverse("delivery:transfer", args=[done.public_id]))
    context = {
        "title": _("Tell us that you have sent the money"),
        "form": form,
        "lot": lot,
        "account": _account(lot, request.user),
    }
    return answer or page(request, "delivery/declare.html", context, form=form)


def _account(lot: Lot, user: Any) -> list[tuple[Any, Any]]:
    """Where this giver sends the money; the account in full for whoever transfers alone, otherwise whom to ask."""
    holder = FundHolder.objects.filter(organisation=lot.fund_holder).select_related("organisation").first()
    if holder is None or not is_own_donor(lot.donor, user):
        return []
    asked = _("ask %(name)s, telephone %(phone)s") if holder.organisation.phone else _("ask %(name)s")
    named = {"name": holder.organisation.name, "phone": holder.organisation.phone}
    return [(_("Bank"), holder.bank_name or None), (_("Account"), holder.account or asked % named)]


def _own(request: SignedRequest) -> Any:
    """An office sees the transfers of its own funds here, not those of its whole area."""
    user: Any = request.user
    rows = TRANSFERS.visible_to(user)
    if user.seat.role == Role.OFFICER:
        return rows.filter(lot__donor__organisation_id=user.seat.organisation_id)
    return rows


def facts_of(row: Transfer) -> list[tuple[Any, Any]]:
    """What was sent and by which paper it arrived: public money by its document, a gift by its receipt."""
    is_public = row.lot.origin == LotOrigin.PUBLIC_FUND
    paper = _("Budget or transfer document") if is_public else _("Donation receipt")
    return [
        (_("Sum"), yuan(row.amount)),
        (_("For the offer"), row.lot.title),
        (_("Donor"), row.lot.donor.display_name),
        (_("To the fund holder"), row.fund_holder.organisation.name),
        (_("Sent on"), day(row.sent_on)),
        (_("Reference on the bank slip"), row.bank_reference),
        (_("Arrived on"), day(row.arrived_on)),
        (paper, row.receipt_no or None),
    ]
