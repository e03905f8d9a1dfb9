"""The catalogue: where help is needed most, without anybody's name; and the pledge to one need."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import for_roles, keyset, page, submit
from donors.enums import PledgeState
from donors.models import Donor
from donors.queries import admitted_fund_holders, donor_of, fund_holder_link, giving_words
from donors.rules import undo_open
from donors.services import withdraw_pledge
from matching.filters import CatalogueFilter
from matching.forms import PledgeForm
from matching.models import Proposal
from matching.queries import cards, met_since, most_needed, needs_shown
from matching.services import pledge_to_need

ORDER = ("-severity", "opened_at", "id")
PAGE = 24
readers = for_roles(Role.DONOR, Role.AGENCY, Role.FUND_HOLDER, Role.EVALUATOR)


@readers
def catalogue(request: SignedRequest) -> HttpResponse:
    """Open needs, the most urgent and the longest waiting first; a donor that is not checked yet waits too."""
    title = _("Where you are needed most")
    waiting = _unchecked(request.user)
    if waiting is not None:
        return page(request, "matching/catalogue_closed.html", {"title": title, **waiting})
    today = clock.today()
    chosen = CatalogueFilter(request.GET, queryset=needs_shown(request.user, today))
    rows = keyset(request, chosen, order=ORDER, size=PAGE)
    context = {
        "title": title,
        "lead": _(
            "Each need says when a social worker saw the family. What cannot wait a supervisor opens before the visit, "
            "and says so. Each closes as soon as it is covered."
        ),
        "filter": chosen,
        "page": rows,
        "cards": cards(rows, today),
        "most": most_needed(today),
        "may_pledge": acting_seat(request).role == Role.DONOR,
        "giving": giving_words(),
    }
    return page(request, "matching/catalogue.html", context)


@readers
def need(request: SignedRequest, public_id: str) -> HttpResponse:
    """One need closer."""
    waiting = _unchecked(request.user)
    if waiting is not None:
        return page(request, "matching/catalogue_closed.html", {"title": _("One need"), **waiting})
    if (met := _met(request, public_id)) is not None:
        return met
    today = clock.today()
    found = get_visible(needs_shown(request.user, today), request.user, public_id)
    card = cards([found], today)[0]
    context = {
        "title": card.title,
        "card": card,
        "may_pledge": acting_seat(request).role == Role.DONOR,
        "giving": giving_words(),
    }
    return page(request, "matching/need.html", context)


@for_roles(Role.DONOR)
def pledge(request: SignedRequest, public_id: str) -> HttpResponse:
    """Pledge the whole need or a part of it."""
    waiting = _unchecked(request.user)
    if waiting is not None:
        return page(request, "matching/catalogue_closed.html", {"title": _("Pledge"), **waiting})
    if (met := _met(request, public_id)) is not None:
        return met
    today = clock.today()
    found = get_visible(needs_shown(request.user, today), request.user, public_id)
    card = cards([found], today)[0]
    holders = admitted_fund_holders(today) if found.item.is_money else ()
    form = PledgeForm(request.POST or None, item=found.item, left=card.left, holders=holders)
    donor: Any = donor_of(request.user)  # checked above
    answer = submit(
        request,
        form,
        lambda data: pledge_to_need(need=found, donor=donor, **data, by=request.user, at=clock.now()),
        to=lambda made: reverse("matching:pledged", args=[made.public_id]),
    )
    context = {
        "title": card.title,
        "card": card,
        "form": form,
        "giving": giving_words(),
        "holders_missing": found.item.is_money and not holders,
    }
    return answer or page(request, "matching/pledge.html", context, form=form)


@for_roles(Role.DONOR)
def pledged(request: SignedRequest, public_id: str) -> HttpResponse:
    """Thank you, what happens next, and ten minutes to take it back."""
    own = Proposal.objects.select_related("lot__pledge", "lot__fund_holder", "need__item")
    proposal = get_visible(own.filter(lot__pledge__isnull=False), request.user, public_id)
    made, now = proposal.lot.pledge, clock.now()
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: withdraw_pledge(pledge=made, by=request.user, at=clock.now()),
        to="matching:catalogue",
    )
    if answer is not None:
        messages.success(request, _("Taken back. Nobody was told."))
        return answer
    holder = proposal.lot.fund_holder_id
    link = fund_holder_link(holder, clock.today()) if holder else ""
    context = {
        "title": _("Thank you"),
        "proposal": proposal,
        "pledge": made,
        "form": form,
        "may_undo": made.state == PledgeState.MADE and undo_open(made.undo_until, now),
        "link": link,
    }
    return page(request, "matching/pledged.html", context, form=form)


def _met(request: SignedRequest, public_id: str) -> HttpResponse | None:
    """Others were quicker: whoever comes back for a need reads so; a form sent too late changes nothing."""
    found = met_since(public_id)
    if found is None:
        return None
    context = {"title": _("This need is provided for"), "need": found}
    answer = page(request, "matching/need_met.html", context)
    answer.status_code = 200 if request.method == "GET" else 409
    return answer


def _unchecked(user: Any) -> dict[str, Any] | None:
    """What a donor reads who has not been checked yet; None for everybody else."""
    if user.seat.role != Role.DONOR:
        return None
    donor: Donor | None = donor_of(user)
    if donor is not None and donor.is_verified:
        return None
    return {"donor": donor}
