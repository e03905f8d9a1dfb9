"""The household's own answer, in plain words, without an account: by code, or through a delegate within the scope."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.forms import ConfirmForm
from common.pages import page, submit
from households.access import actor, current, household_page
from matching.enums import Party
from matching.models import Proposal
from matching.queries import household_offers
from matching.rules import answer_scope
from matching.services import confirm, decline, undo_confirmation

STATUS = "households:status"


@household_page
def yes(request: HttpRequest, public_id: str) -> HttpResponse:
    """Yes, we want this."""
    proposal = _own(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: confirm(
            proposal=proposal, party=Party.HOUSEHOLD, method=_method(request), evidence=None,
            by=actor(request), at=clock.now(),
        ),
        to=STATUS,
    )  # fmt: skip
    if answer is not None:
        messages.success(
            request, _("Thank you. It is on its way to you now. You have ten minutes to think again.")
        )
    return answer or _question(request, proposal, form, _("Do you want this?"), _("Yes, we want this"))


@household_page
def no(request: HttpRequest, public_id: str) -> HttpResponse:
    """No, thank you; nobody asks why."""
    proposal = _own(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: decline(
            proposal=proposal,
            party=Party.HOUSEHOLD,
            reason="",
            method="web",
            by=actor(request),
            at=clock.now(),
        ),
        to=STATUS,
    )
    if answer is not None:
        messages.success(request, _("That is fine. Your application stays as it is, and we go on looking."))
    return answer or _question(request, proposal, form, _("Do you not want this?"), _("No, thank you"))


@household_page
def undo(request: HttpRequest, public_id: str) -> HttpResponse:
    """Ten minutes to think again after a yes."""
    proposal = _own(request, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: undo_confirmation(
            proposal=proposal, party=Party.HOUSEHOLD, by=actor(request), at=clock.now()
        ),
        to=STATUS,
    )
    return answer or _question(request, proposal, form, _("Think again?"), _("Take our yes back"))


def _own(request: HttpRequest, public_id: str) -> Proposal:
    """A match of this household on which it was asked; a delegate needs the scope for what is brought."""
    found = current(request)
    if found is None:
        raise Http404
    own = Proposal.objects.filter(need__household=found.application.household_id)
    proposal: Proposal | None = household_offers(own).filter(public_id=public_id).first()
    if proposal is None:
        raise Http404(_("We did not find this. Go back to your application."))
    if not found.may(answer_scope(proposal.need.item)):
        raise Http404(_("The family did not entrust this to you. They can do it themselves, or ask us."))
    return proposal


def _method(request: HttpRequest) -> str:
    return "delegate" if actor(request).actor_kind == "delegate" else "web"


def _question(request: HttpRequest, proposal: Proposal, form: Any, title: str, button: str) -> HttpResponse:
    context = {"title": title, "button": button, "proposal": proposal, "form": form}
    return page(request, "matching/household_act.html", context, form=form)
