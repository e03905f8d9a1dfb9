"""The household's own answer, in plain words, without an account: by code, or through a delegate within the scope."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.forms import ConfirmForm, Form
from common.pages import page, submit
from files.services import keep
from households.access import actor, current, held, household_page
from households.forms.public.rights import OwnWordForm
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
    form = _answer_form(request)
    answer = submit(
        request,
        form,
        lambda data: confirm(proposal=proposal, **_given(request, proposal, data)),
        to=STATUS,
    )
    if answer is not None:
        messages.success(request, _thanks(request))
    if _is_delegate(request):
        title, button = _("Does the family want this?"), _("Yes, the family wants this")
    else:
        title, button = _("Do you want this?"), _("Yes, we want this")
    return answer or _question(request, proposal, form, title, button)


@household_page
def no(request: HttpRequest, public_id: str) -> HttpResponse:
    """No, thank you; nobody asks why."""
    proposal = _own(request, public_id)
    form = _answer_form(request)
    answer = submit(
        request,
        form,
        lambda data: decline(proposal=proposal, reason="", **_given(request, proposal, data)),
        to=STATUS,
    )
    if answer is not None:
        messages.success(request, _no_matter(request))
    if _is_delegate(request):
        title, button = _("Does the family not want this?"), _("No, the family does not want it")
    else:
        title, button = _("Do you not want this?"), _("No, thank you")
    return answer or _question(request, proposal, form, title, button)


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
    button = _("Take the family's yes back") if _is_delegate(request) else _("Take our yes back")
    return answer or _question(request, proposal, form, _("Think again?"), button)


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


def _is_delegate(request: HttpRequest) -> bool:
    return actor(request).actor_kind == "delegate"


def _answer_form(request: HttpRequest) -> Form:
    """The family itself has only to press; a delegate shows the family's own word."""
    kind = OwnWordForm if _is_delegate(request) else ConfirmForm
    return kind(request.POST or None, request.FILES or None)


def _given(request: HttpRequest, proposal: Proposal, data: Mapping[str, Any]) -> dict[str, Any]:
    """Whose answer and how it was given; what shows it is kept with the match, or nothing is."""
    at, by = clock.now(), actor(request)
    upload = data.get("upload")
    return {
        "party": Party.HOUSEHOLD,
        "method": "delegate" if _is_delegate(request) else "web",
        "evidence": keep(upload=upload, purpose="confirmation_evidence", owner=proposal, by=by, at=at)
        if upload
        else None,
        "by": by,
        "at": at,
    }


def _thanks(request: HttpRequest) -> str:
    if _is_delegate(request):
        return _("Thank you. It is on its way to the family now. You have ten minutes to think again.")
    return _("Thank you. It is on its way to you now. You have ten minutes to think again.")


def _no_matter(request: HttpRequest) -> str:
    if _is_delegate(request):
        return _("That is fine. The family's application stays as it is, and we go on looking.")
    return _("That is fine. Your application stays as it is, and we go on looking.")


def _question(request: HttpRequest, proposal: Proposal, form: Any, title: str, button: str) -> HttpResponse:
    context = {"title": title, "button": button, "proposal": proposal, "form": form}
    context["delegation"] = held(request).delegation
    return page(request, "matching/household_act.html", context, form=form)
