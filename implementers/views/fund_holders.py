"""A fund holder's own page and its qualifications."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.pages import for_roles, page, submit
from common.panels import collect
from implementers.forms.papers import HolderForm, QualificationForm
from implementers.models import FundHolder
from implementers.queries import fund_holder_of
from implementers.rules import qualification_blockers
from implementers.services import add_qualification, apply_again_fund_holder, edit_fund_holder
from implementers.words import holder_next_step


def own_holder_or_404(request: SignedRequest) -> FundHolder:
    """The fund holder of the acting seat."""
    holder = fund_holder_of(request.user)
    if holder is None:
        raise Http404(_("You act for no fund holder in this role. Switch your role at the top of the page."))
    return holder


@for_roles(Role.FUND_HOLDER)
def home(request: SignedRequest) -> HttpResponse:
    """State and next step, qualifications with their dates, what the layers above add."""
    holder = own_holder_or_404(request)
    context = {
        "holder": holder,
        "title": holder.name,
        "next_step": holder_next_step(holder),
        "qualifications": holder.qualifications.order_by("-valid_from", "-pk"),
        "missing": qualification_blockers(holder, clock.today()),
        "today": clock.today(),
        "panels": collect("fund_holder.file", holder, request.user),
    }
    return page(request, "implementers/holder_home.html", context)


@for_roles(Role.FUND_HOLDER)
def edit(request: SignedRequest) -> HttpResponse:
    """Account, contact and the own page on a fundraising platform."""
    own = own_holder_or_404(request)
    names = ("bank_name", "account", "platform_link", "contact_name", "contact_phone", "version")
    form = HolderForm(request.POST or None, initial={name: getattr(own, name) for name in names})
    answer = submit(
        request,
        form,
        lambda data: edit_fund_holder(holder=own, **data, by=request.user, at=clock.now()),
        to="implementers:holder_home",
    )
    return answer or _form(request, form, _("Our details"), _("Save"))


@for_roles(Role.FUND_HOLDER)
def new_qualification(request: SignedRequest) -> HttpResponse:
    """One more qualification with its picture."""
    own = own_holder_or_404(request)
    form = QualificationForm(request.POST or None, request.FILES or None)
    answer = submit(
        request,
        form,
        lambda data: add_qualification(holder=own, **data, by=request.user, at=clock.now()),
        to="implementers:holder_home",
    )
    return answer or _form(request, form, _("Add a qualification"), _("Keep this paper"))


@for_roles(Role.FUND_HOLDER)
def again(request: SignedRequest) -> HttpResponse:
    """Apply once more after a refusal."""
    own = own_holder_or_404(request)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: apply_again_fund_holder(holder=own, by=request.user, at=clock.now()),
        to="implementers:holder_home",
    )
    text = _("Complete the papers first, then apply once more. A social worker looks at everything again.")
    return answer or _form(request, form, _("Apply again"), _("Apply again"), text=text)


def _form(request: SignedRequest, form: Any, title: str, button: str, *, text: str = "") -> HttpResponse:
    back = reverse("implementers:holder_home")
    context = {"form": form, "title": title, "button": button, "text": text, "back_url": back}
    return page(request, "implementers/form.html", context, form=form)
