"""Agencies and donors answer the matches that wait for their yes."""

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
from matching.enums import ConfirmationState, Party, ProposalState
from matching.forms import WhyForm
from matching.models import Confirmation, Proposal
from matching.queries import asked_of, match_card, match_cards, may_undo
from matching.services import confirm, decline, undo_confirmation

PARTY_OF = {Role.AGENCY: Party.AGENCY, Role.DONOR: Party.DONOR}
parties = for_roles(Role.AGENCY, Role.DONOR)


def _party(request: SignedRequest) -> Party:
    return PARTY_OF[Role(acting_seat(request).role)]


@parties
def matches(request: SignedRequest) -> HttpResponse:
    """What waits for an answer first, then everything else that was asked."""
    party = _party(request)
    rows = keyset(request, asked_of(request.user, party), order=("-waiting", "-id"))
    context = {"title": _("Matches"), "page": rows, "cards": match_cards(rows, party), "party": party}
    return page(request, "matching/matches.html", context)


@parties
def match(request: SignedRequest, public_id: str) -> HttpResponse:
    """One match: what, for whom by group, where, by when; yes, no, or take the yes back."""
    proposal, question = _asked(request, public_id)
    party, now = _party(request), clock.now()
    context = {
        "title": _("Match %(number)s") % {"number": proposal.number},
        "card": match_card(proposal, party),
        "party": party,
        "question": question,
        "may_answer": question.state == ConfirmationState.ASKED and proposal.state == ProposalState.PROPOSED,
        "may_undo": may_undo(question, now),
    }
    return page(request, "matching/match.html", context)


@parties
def yes(request: SignedRequest, public_id: str) -> HttpResponse:
    """This party says yes."""
    proposal, _question = _asked(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: confirm(
            proposal=proposal, party=_party(request), method="web", evidence=None,
            by=request.user, at=clock.now(),
        ),
        to=lambda _done: reverse("matching:match", args=[public_id]),
    )  # fmt: skip
    if answer is not None:
        messages.success(
            request, _("Thank you. The next one is asked now; you have ten minutes to take it back.")
        )
    return answer or _act(request, proposal, form, _("Yes, we take this match"))


@parties
def no(request: SignedRequest, public_id: str) -> HttpResponse:
    """This party says no, with its reason; everything held is given back."""
    proposal, _question = _asked(request, public_id)
    form = WhyForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: decline(
            proposal=proposal, party=_party(request), **data, method="web", by=request.user, at=clock.now()
        ),
        to="matching:matches",
    )
    if answer is not None:
        messages.success(request, _("Noted. Another way is looked for."))
    return answer or _act(request, proposal, form, _("No, we cannot take this match"))


@parties
def undo(request: SignedRequest, public_id: str) -> HttpResponse:
    """Ten minutes to take a yes back."""
    proposal, _question = _asked(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: undo_confirmation(
            proposal=proposal, party=_party(request), by=request.user, at=clock.now()
        ),
        to=lambda _done: reverse("matching:match", args=[public_id]),
    )
    return answer or _act(request, proposal, form, _("Take the yes back"))


def _asked(request: SignedRequest, public_id: str) -> tuple[Proposal, Confirmation]:
    party = _party(request)
    proposal: Proposal = get_visible(asked_of(request.user, party), request.user, public_id)
    return proposal, proposal.confirmations.get(party=party)


def _act(request: SignedRequest, proposal: Proposal, form: Any, title: str) -> HttpResponse:
    context = {
        "title": title,
        "card": match_card(proposal, _party(request)),
        "form": form,
        "back_url": reverse("matching:match", args=[proposal.public_id]),
    }
    return page(request, "matching/party_act.html", context, form=form)
