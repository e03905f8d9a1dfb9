"""The donor's offers: list, file, taking back."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from common.panels import collect
from donors.enums import LotState
from donors.filters import LotFilter
from donors.forms.acts import WithdrawLotForm
from donors.models import Lot
from donors.queries import donor_of, fund_holder_link, ledger_of
from donors.services import reopen_lot, undo_lot, withdraw_lot
from donors.views.drafting import own_lot_or_404
from donors.words import condition_rows, counter_rows, lot_rows, next_step, undo_open

READERS = (
    Role.DONOR,
    Role.OFFICER,
    Role.VIEWER,
    Role.FUND_HOLDER,
    Role.SOCIAL_WORKER,
    Role.SUPERVISOR,
)


@for_roles(Role.DONOR, Role.OFFICER)
def lots(request: SignedRequest) -> HttpResponse:
    """Everything this donor, or this office, has offered."""
    donor = donor_of(request.user)
    rows = Lot.objects.filter(donor=donor).visible_to(request.user).prefetch_related("items")
    chosen = LotFilter(request.GET, queryset=rows)
    found = keyset(request, chosen, order=("-created_at", "-id"))
    is_officer = acting_seat(request).role == Role.OFFICER
    context = {
        "title": _("Public funds") if is_officer else _("My offers"),
        "filter": chosen,
        "page": found,
        "donor": donor,
        "is_officer": is_officer,
    }
    return page(request, "donors/lots.html", context)


@for_roles(*READERS)
def lot(request: SignedRequest, public_id: str) -> HttpResponse:
    """The file of a lot: state and next step, where every unit is, conditions, ledger, what the layers above add."""
    shown = get_visible(Lot, request.user, public_id)
    donor = donor_of(request.user)
    is_own = donor is not None and donor.pk == shown.donor_id
    entries = keyset(request, ledger_of(shown), order=("at", "id"), size=50)
    context = {
        "lot": shown,
        "title": shown.title,
        "is_own": is_own,
        "item": shown.unit_item,
        "next_step": next_step(shown),
        "counters": counter_rows(shown),
        "facts": [(row.label, row.value) for row in lot_rows(shown)],
        "conditions": [(row.label, row.value) for row in condition_rows(shown)],
        "page": entries,
        "panels": collect("lot.file", shown, request.user),
        "undo_open": is_own and undo_open(shown),
        "may_withdraw": is_own and shown.state == LotState.LISTED and shown.available > 0,
        "link": fund_holder_link(shown.fund_holder_id, clock.today()) if shown.is_money else "",
        "form": ConfirmForm(),
    }
    return page(request, "donors/lot.html", context)


@for_roles(Role.DONOR, Role.OFFICER)
def undo(request: SignedRequest, public_id: str) -> HttpResponse:
    """Within ten minutes the offer is a draft again."""
    return _simple(
        request, public_id, undo_lot, title=_("Take it back"), button=_("Take it back"),
        text=_("The offer becomes a draft again, as if it had never been sent."),
    )  # fmt: skip


@for_roles(Role.DONOR, Role.OFFICER)
def reopen(request: SignedRequest, public_id: str) -> HttpResponse:
    """An offer that was not listed is put right."""
    return _simple(
        request, public_id, reopen_lot, title=_("Put it right"), button=_("Change the offer"),
        text=_("The offer becomes a draft again. Change what was asked for and send it once more."),
    )  # fmt: skip


@for_roles(Role.DONOR, Role.OFFICER)
def withdraw(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take back what nobody has been promised."""
    own = own_lot_or_404(request, public_id)
    form = WithdrawLotForm(request.POST or None, lot=own)
    answer = submit(
        request,
        form,
        lambda data: withdraw_lot(lot=own, **data, by=request.user, at=clock.now()),
        to=lambda _lot: reverse("donors:lot", args=[own.public_id]),
    )
    context = {"form": form, "lot": own, "item": own.unit_item, "title": _("Take back what is free")}
    return answer or page(request, "donors/withdraw.html", context, form=form)


def _simple(request: SignedRequest, public_id: str, act: Any, **words: Any) -> HttpResponse:
    """A page with one button, for the owner alone."""
    own = own_lot_or_404(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: act(lot=own, by=request.user, at=clock.now()),
        to=lambda _lot: reverse("donors:lot", args=[own.public_id]),
    )
    return answer or page(request, "donors/one_act.html", {"form": form, "lot": own, **words}, form=form)
