"""Registering as a donor, and the donor's own particulars."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.middleware import SEAT
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.pages import for_roles, page, signed_in_page, submit
from donors.enums import WITH_QUALIFICATIONS, DonorKind
from donors.forms.registration import (
    ALIAS,
    HIDDEN,
    NAME,
    REGISTRATION,
    PaperForm,
    ProfileForm,
    naming_fields,
)
from donors.models import Donor
from donors.queries import donor_of
from donors.services import add_donor_paper, edit_donor, register_donor
from donors.services.parties import Body


def own_donor_or_404(request: SignedRequest) -> Donor:
    """The donor of the acting seat."""
    donor = donor_of(request.user)
    if donor is None:
        raise Http404(
            _("You are not registered as a donor in this role. Switch your role at the top of the page.")
        )
    return donor


@signed_in_page
def start(request: SignedRequest) -> HttpResponse:
    """The way in: to the own offers, or to registering."""
    seat: Any = request.user.seat
    if seat is not None and seat.role == Role.DONOR:
        return HttpResponseRedirect(resolve_url("donors:lots"))
    context = {"title": _("Give help"), "first": REGISTRATION.first_url()}
    return page(request, "donors/start.html", context)


@signed_in_page
def register(request: SignedRequest, slug: str) -> HttpResponse:
    """One question of the registration."""
    return REGISTRATION.page(request, slug, leave_url=resolve_url("donors:start"))


@signed_in_page
def register_check(request: SignedRequest) -> HttpResponse:
    """Check the answers, then send them once."""
    answers = REGISTRATION.answers(request)
    if (missing := REGISTRATION.unanswered(answers)) is not None:
        return HttpResponseRedirect(missing)
    form = ConfirmForm(request.POST or None)

    def act(_data: Any) -> Donor:
        donor = register_donor(**_arguments(answers), user=request.user, by=request.user, at=clock.now())
        seat = (
            request.user.memberships.in_force().filter(role=Role.DONOR, organisation=donor.organisation).get()
        )
        request.session[SEAT] = seat.pk
        REGISTRATION.forget(request)
        return donor

    answer = submit(request, form, act, to="donors:registered")
    context = {"form": form, "title": _("Check your answers"), "answers": REGISTRATION.rows(answers)}
    return answer or page(request, "donors/register_check.html", context, form=form)


def _arguments(answers: dict[str, Any]) -> dict[str, Any]:
    """The service's arguments out of the kept answers."""
    known = {**answers, "alias": answers.get("alias", ""), "on_boards": answers.get("on_boards", False)}
    body = None
    if answers["kind"] != DonorKind.INDIVIDUAL:
        body = Body(
            name=answers["body_name"],
            uscc=answers["uscc"],
            area=answers.get("area", ""),
            legal_representative=answers["legal_representative"],
            state_owned=answers.get("state_owned", False),
            approval_doc=answers.get("approval_doc", ""),
            **_qualifications(answers),
        )
    contact = {name: answers[name] for name in ("contact_name", "contact_phone")}
    return {"kind": answers["kind"], "body": body, **naming_fields(known), **contact}


def _qualifications(answers: dict[str, Any]) -> dict[str, Any]:
    """Asked of social organisations and foundations alone; nobody else's are known."""
    if answers["kind"] not in WITH_QUALIFICATIONS:
        return {}
    asked = ("is_charity", "may_fundraise", "tax_deductible")
    said = {name: bool(answers.get(name, False)) for name in asked}
    return {**said, "registration_level": answers["registration_level"]}


@for_roles(Role.DONOR)
def registered(request: SignedRequest) -> HttpResponse:
    """What happens next, and what can be done meanwhile."""
    return page(
        request, "donors/registered.html", {"donor": own_donor_or_404(request), "title": _("Thank you")}
    )


@for_roles(Role.DONOR)
def profile(request: SignedRequest) -> HttpResponse:
    """How the donor is named and reached; what was checked is shown, not edited."""
    donor = own_donor_or_404(request)
    opened = {
        "naming": NAME if donor.show_name else ALIAS if donor.alias else HIDDEN,
        "alias": donor.alias,
        "on_boards": donor.on_boards,
        "contact_name": donor.contact_name,
        "contact_phone": donor.contact_phone,
        "version": donor.version,
    }
    form = ProfileForm(request.POST or None, initial=opened)

    def act(data: Any) -> Donor:
        contact = {name: data[name] for name in ("contact_name", "contact_phone")}
        return edit_donor(
            donor=donor,
            version=data["version"],
            **naming_fields(data),
            **contact,
            by=request.user,
            at=clock.now(),
        )

    answer = submit(request, form, act, to="donors:profile")
    context = {"form": form, "donor": donor, "title": _("How we name and reach you")}
    return answer or page(request, "donors/profile.html", context, form=form)


@for_roles(Role.DONOR)
def papers(request: SignedRequest) -> HttpResponse:
    """Licence and approval as photo or scan, for the worker who checks."""
    donor = own_donor_or_404(request)
    form = PaperForm(
        request.POST or None,
        request.FILES or None,
        state_owned=donor.state_owned,
        certificate=donor.certificate_name,
    )
    answer = submit(
        request,
        form,
        lambda data: add_donor_paper(donor=donor, **data, by=request.user, at=clock.now()),
        to="donors:papers",
    )
    context = {"form": form, "donor": donor, "title": _("Licence and approval")}
    return answer or page(request, "donors/papers.html", context, form=form)
