"""Registering an agency or a fund holder."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import resolve_url
from django.utils.translation import gettext as _

from accounts.enums import Role
from accounts.middleware import SEAT
from accounts.requests import SignedRequest
from common import clock
from common.forms import ConfirmForm
from common.pages import page, signed_in_page, submit
from common.questions import Questions
from implementers.forms.registration import AGENCY, HOLDER
from implementers.services import register_agency, register_fund_holder


@signed_in_page
def start(request: SignedRequest) -> HttpResponse:
    """The way in: to the own page, or to registering."""
    seat: Any = request.user.seat
    if seat is not None and seat.role == Role.AGENCY:
        return HttpResponseRedirect(resolve_url("implementers:home"))
    if seat is not None and seat.role == Role.FUND_HOLDER:
        return HttpResponseRedirect(resolve_url("implementers:holder_home"))
    context = {"title": _("Carry out projects"), "agency": AGENCY.first_url(), "holder": HOLDER.first_url()}
    return page(request, "implementers/start.html", context)


@signed_in_page
def register(request: SignedRequest, slug: str) -> HttpResponse:
    """One question of an agency's registration."""
    return AGENCY.page(request, slug, leave_url=resolve_url("implementers:start"))


@signed_in_page
def register_check(request: SignedRequest) -> HttpResponse:
    """Check the answers, then apply once."""
    return _check(request, AGENCY, register_agency, Role.AGENCY, to="implementers:home")


@signed_in_page
def register_holder(request: SignedRequest, slug: str) -> HttpResponse:
    """One question of a fund holder's registration."""
    return HOLDER.page(request, slug, leave_url=resolve_url("implementers:start"))


@signed_in_page
def register_holder_check(request: SignedRequest) -> HttpResponse:
    """Check the answers, then apply once."""
    return _check(request, HOLDER, register_fund_holder, Role.FUND_HOLDER, to="implementers:holder_home")


def _check(
    request: SignedRequest, questions: Questions, service: Callable[..., Any], role: str, *, to: str
) -> HttpResponse:
    answers = questions.answers(request)
    if (missing := questions.unanswered(answers)) is not None:
        return HttpResponseRedirect(missing)
    form = ConfirmForm(request.POST or None)
    asked = {name for question in questions.asked(answers) for name in question.form.base_fields}

    def act(_data: Any) -> Any:
        given = {name: answers[name] for name in asked if name in answers}
        made = service(**given, user=request.user, by=request.user, at=clock.now())
        seats = request.user.memberships.in_force().filter(role=role, organisation=made.organisation)
        request.session[SEAT] = seats.get().pk
        questions.forget(request)
        return made

    answer = submit(request, form, act, to=to)
    context = {"form": form, "title": _("Check your answers"), "answers": questions.rows(answers)}
    return answer or page(request, "implementers/register_check.html", context, form=form)
