"""An agency's own page, its papers and staff, and what other parties may read about it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.gate import get_visible
from common.pages import for_roles, page, submit
from common.panels import collect
from implementers.forms.papers import AgencyForm, CredentialForm, LeaveForm, StaffForm
from implementers.models import Agency, Staff
from implementers.queries import agency_of, waiting_admission
from implementers.rules import admission_blockers
from implementers.services import (
    add_credential,
    add_staff,
    apply_again,
    edit_agency,
    leave_platform,
    staff_left,
)
from implementers.words import agency_facts, next_step

READERS = (
    Role.AGENCY,
    Role.DONOR,
    Role.FUND_HOLDER,
    Role.EVALUATOR,
    Role.OFFICER,
    Role.VIEWER,
    Role.SOCIAL_WORKER,
    Role.SUPERVISOR,
)


def own_agency_or_404(request: SignedRequest) -> Agency:
    """The agency of the acting seat."""
    agency = agency_of(request.user)
    if agency is None:
        raise Http404(_("You act for no agency in this role. Switch your role at the top of the page."))
    return agency


@for_roles(Role.AGENCY)
def home(request: SignedRequest) -> HttpResponse:
    """State and next step, papers with their dates, staff, what the layers above add."""
    agency = own_agency_or_404(request)
    today = clock.today()
    context = {
        "agency": agency,
        "title": agency.name,
        "next_step": next_step(agency),
        "facts": agency_facts(agency),
        "credentials": agency.credentials.order_by("-valid_from", "-pk"),
        "staff": agency.staff.filter(left_at__isnull=True).order_by("pk"),
        "missing": [] if agency.is_admitted else admission_blockers(agency, today),
        "proposal_waits": waiting_admission(agency) is not None,
        "today": today,
        "panels": collect("agency.file", agency, request.user),
    }
    return page(request, "implementers/home.html", context)


@for_roles(*READERS)
def agency(request: SignedRequest, public_id: str) -> HttpResponse:
    """What other parties may know: name, level, rating with the number of projects behind it, projects."""
    shown: Agency = get_visible(Agency.objects.select_related("organisation"), request.user, public_id)
    context = {
        "agency": shown,
        "title": shown.name,
        "facts": agency_facts(shown),
        "panels": collect("agency.file", shown, request.user),
    }
    return page(request, "implementers/agency.html", context)


@for_roles(Role.AGENCY)
def edit(request: SignedRequest) -> HttpResponse:
    """The particulars the agency keeps itself."""
    own = own_agency_or_404(request)
    names = ("area", "licensed_workers", "delivery_ways", "about", "contact_name", "contact_phone", "version")
    form = AgencyForm(request.POST or None, initial={name: getattr(own, name) for name in names})
    answer = submit(
        request,
        form,
        lambda data: edit_agency(agency=own, **data, by=request.user, at=clock.now()),
        to="implementers:home",
    )
    return answer or _form(request, form, _("Our details"), _("Save"))


@for_roles(Role.AGENCY)
def new_credential(request: SignedRequest) -> HttpResponse:
    """One more paper with its picture."""
    own = own_agency_or_404(request)
    form = CredentialForm(request.POST or None, request.FILES or None)
    answer = submit(
        request,
        form,
        lambda data: add_credential(agency=own, **data, by=request.user, at=clock.now()),
        to="implementers:home",
    )
    return answer or _form(request, form, _("Add a paper"), _("Keep this paper"))


@for_roles(Role.AGENCY)
def new_staff(request: SignedRequest) -> HttpResponse:
    """Somebody who works for the agency."""
    own = own_agency_or_404(request)
    form = StaffForm(request.POST or None, initial={"licence": "none"})
    answer = submit(
        request,
        form,
        lambda data: add_staff(agency=own, **data, by=request.user, at=clock.now()),
        to="implementers:home",
    )
    return answer or _form(request, form, _("Add a colleague"), _("Add"))


@for_roles(Role.AGENCY)
def left(request: SignedRequest, public_id: str) -> HttpResponse:
    """Somebody has left."""
    own = own_agency_or_404(request)
    staff: Staff = get_visible(Staff.objects.filter(agency=own), request.user, public_id)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: staff_left(staff=staff, by=request.user, at=clock.now()),
        to="implementers:home",
    )
    text = _("%(name)s does not work with you any more? The record stays.") % {"name": staff.name}
    return answer or _form(request, form, _("Mark as left"), _("Mark as left"), text=text)


@for_roles(Role.AGENCY)
def again(request: SignedRequest) -> HttpResponse:
    """Apply once more after a refusal."""
    own = own_agency_or_404(request)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: apply_again(agency=own, by=request.user, at=clock.now()),
        to="implementers:home",
    )
    text = _("Complete the papers first, then apply once more. A social worker looks at everything again.")
    return answer or _form(request, form, _("Apply again"), _("Apply again"), text=text)


@for_roles(Role.AGENCY)
def leave(request: SignedRequest) -> HttpResponse:
    """The agency goes of its own wish."""
    own = own_agency_or_404(request)
    form = LeaveForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda _data: leave_platform(agency=own, by=request.user, at=clock.now()),
        to="implementers:home",
    )
    text = _(
        "You take no more projects and stand on no list any more. What you did stays on record, and you may apply "
        "again at any time."
    )
    title = _("Leave the platform")
    return answer or _form(request, form, title, title, text=text, danger=True)


def _form(
    request: SignedRequest, form: Any, title: str, button: str, *, text: str = "", danger: bool = False
) -> HttpResponse:
    context = {
        "form": form, "title": title, "button": button, "text": text, "danger": danger,
        "back_url": reverse("implementers:home"),
    }  # fmt: skip
    return page(request, "implementers/form.html", context, form=form)
