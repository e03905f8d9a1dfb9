"""What the household answers: something missing, a question, an objection, a new telephone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.pages import page, submit
from households import access, services
from households.access import held, household_page, own_row
from households.enums import ApplicationState
from households.forms.public import ContactForm, ExplainForm, MissingForm, ObjectionForm
from households.models import Objection
from households.queries.page import questions_to_answer, returned_to
from households.queries.words import QUESTIONS


@household_page(needs="update")
def missing(request: HttpRequest) -> HttpResponse:
    """Add what was asked for."""
    mine = held(request).application
    application = returned_to(mine) or mine
    if application.state != ApplicationState.RETURNED and request.method == "GET":
        raise Http404(_("Nothing is missing any more."))
    form = MissingForm(request.POST or None, request.FILES or None)
    answer = submit(
        request,
        form,
        lambda data: services.resubmit_application(
            application=application,
            note=data["note"],
            upload=data["photo"],
            by=access.actor(request),
            at=clock.now(),
        ),
        to="households:status",
    )
    context = {"form": form, "application": application}
    return answer or page(request, "households/public/missing.html", context, form=form)


@household_page(needs="update")
def explain(request: HttpRequest, public_id: str) -> HttpResponse:
    """Answer one question of the social worker."""
    household = held(request).application.household
    flag = own_row(household.flags.select_related("member"), public_id)
    if request.method == "GET" and not questions_to_answer(household).filter(pk=flag.pk).exists():
        raise Http404(_("This question is settled already. Thank you."))
    form = ExplainForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.explain_flag(
            flag=flag, explanation=data["explanation"], by=access.actor(request), at=clock.now()
        ),
        to="households:status",
    )
    context = {"form": form, "flag": flag, "question": QUESTIONS.get(flag.rule, "")}
    return answer or page(request, "households/public/explain.html", context, form=form)


@household_page(needs="apply")
def objection(request: HttpRequest) -> HttpResponse:
    """Object to a decision, or complain about how one was treated."""
    household = held(request).application.household
    form = ObjectionForm(request.POST or None, household=household)

    def act(data: Mapping[str, Any]) -> Objection:
        by = access.actor(request)
        return services.file_objection(
            household=household,
            subject=data["decision"].subject,
            about=data["decision"].about,
            text=data["text"],
            channel="delegate" if by.actor_kind == "delegate" else "web",
            by=by,
            at=clock.now(),
        )

    answer = submit(request, form, act, to="households:status")
    return answer or page(request, "households/public/objection.html", {"form": form}, form=form)


@household_page(needs="update")
def contact(request: HttpRequest) -> HttpResponse:
    """A new telephone or address."""
    household = held(request).application.household
    form = ContactForm(request.POST or None, household=household)
    answer = submit(
        request,
        form,
        lambda data: services.update_contact(
            household=household,
            version=data["version"],
            changes=form.changes,
            by=access.actor(request),
            at=clock.now(),
        ),
        to="households:status",
    )
    return answer or page(request, "households/public/contact.html", {"form": form}, form=form)
