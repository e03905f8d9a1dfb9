"""The donor's pledges and the feedback that came back."""

from __future__ import annotations

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from donors.enums import Binding, PledgeState
from donors.filters import PledgeFilter
from donors.forms.acts import FeedbackForm, WithdrawPledgeForm
from donors.models import FeedbackDue, Pledge
from donors.queries import feedback_open, pledges_of
from donors.rules import undo_open
from donors.services import give_feedback, withdraw_pledge
from donors.views.registration import own_donor_or_404


@for_roles(Role.DONOR)
def pledges(request: SignedRequest) -> HttpResponse:
    """Every pledge with its state, the newest first."""
    donor = own_donor_or_404(request)
    chosen = PledgeFilter(request.GET, queryset=pledges_of(donor).visible_to(request.user))
    found = keyset(request, chosen, order=("-made_at", "-id"))
    context = {"title": _("My pledges"), "filter": chosen, "page": found, "now": clock.now()}
    return page(request, "donors/pledges.html", context)


@for_roles(Role.DONOR)
def pledge_withdraw(request: SignedRequest, public_id: str) -> HttpResponse:
    """Take a pledge back: freely for ten minutes, later only a wish."""
    donor = own_donor_or_404(request)
    pledge: Pledge = get_visible(Pledge.objects.filter(donor=donor), request.user, public_id)
    form = WithdrawPledgeForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: withdraw_pledge(pledge=pledge, **data, by=request.user, at=clock.now()),
        to="donors:pledges",
    )
    context = {
        "form": form,
        "pledge": pledge,
        "title": _("Take the pledge back"),
        "in_time": pledge.state == PledgeState.MADE and undo_open(pledge.undo_until, clock.now()),
        "binds": pledge.binding != Binding.INTENTION,
    }
    return answer or page(request, "donors/pledge_withdraw.html", context, form=form)


@for_roles(Role.DONOR)
def feedback(request: SignedRequest) -> HttpResponse:
    """What the donor was told, and what is still owed."""
    donor = own_donor_or_404(request)
    rows = (
        FeedbackDue.objects.filter(donor=donor).visible_to(request.user).select_related("lot", "responsible")
    )
    found = keyset(request, rows, order=("-opened_at", "-id"))
    context = {"title": _("What came of it"), "page": found, "now": clock.now()}
    return page(request, "donors/feedback.html", context)


@for_roles(Role.AGENCY, Role.FUND_HOLDER)
def feedback_owed(request: SignedRequest) -> HttpResponse:
    """What this organisation still has to tell donors, the most urgent first."""
    rows = feedback_open(int(acting_seat(request).organisation_id or 0)).visible_to(request.user)
    found = keyset(request, rows, order=("due", "id"))
    context = {"title": _("Donors who wait for news"), "page": found, "now": clock.now()}
    return page(request, "donors/feedback_owed.html", context)


@for_roles(Role.AGENCY, Role.FUND_HOLDER)
def feedback_give(request: SignedRequest, public_id: str) -> HttpResponse:
    """Tell one donor what happened."""
    owed = get_visible(FeedbackDue, request.user, public_id)
    form = FeedbackForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: give_feedback(feedback=owed, **data, by=request.user, at=clock.now()),
        to=reverse("donors:feedback_owed"),
    )
    context = {"form": form, "owed": owed, "title": _("Tell the donor")}
    return answer or page(request, "donors/feedback_give.html", context, form=form)
