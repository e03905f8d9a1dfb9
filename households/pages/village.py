"""The village worker's pages: own filings, what is still missing on them, a new assisted application. No review."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Role
from common import clock
from common.gate import get_visible, row_of
from common.pages import for_roles, keyset, page, submit
from households import services
from households.enums import ApplicationState
from households.forms.public import ContactForm, ExplainForm, MissingForm
from households.models import Application
from households.pages.start import first_page
from households.queries import page as reading
from households.queries.filings import drafts_of, filings_of, head_names
from households.queries.words import QUESTIONS, TO_FILER
from reference import queries as reference

village_worker = for_roles(Role.VILLAGE_WORKER)


@village_worker
def filings(request: HttpRequest) -> HttpResponse:
    """What this village worker filed, newest first, and what was begun and not sent."""
    rows = keyset(request, filings_of(request.user), order=("-submitted_at", "-id"), size=20)
    names = head_names([row.household_id for row in rows])
    places = reference.path_labels({row.area for row in rows})
    context = {
        "page": rows,
        "waits": any(row.state == ApplicationState.RETURNED or row.asked for row in rows),
        "rows": [
            {
                "application": row,
                "name": names.get(row.household_id, ""),
                "place": places.get(row.area, "").rpartition(" / ")[2],
                "stands": TO_FILER.stands[ApplicationState(row.state)],
                "waits": row.state == ApplicationState.RETURNED or row.asked,
            }
            for row in rows
        ],
        "drafts": [(draft, first_page(draft)) for draft in drafts_of(request.user)],
    }
    return page(request, "households/public/village.html", context)


@village_worker
def filing(request: HttpRequest, public_id: str) -> HttpResponse:
    """One filing: where it stands, what the family should bring, what the worker asked."""
    application = _own(request, public_id)
    household = application.household
    stands, following, due = reading.standing(application, TO_FILER)
    context = {
        "application": application,
        "household": household,
        "name": head_names([household.pk]).get(household.pk, ""),
        "stands": stands,
        "next": following,
        "due": due,
        "flags": [(flag, QUESTIONS.get(flag.rule, "")) for flag in reading.questions_to_answer(household)],
        "needs": reading.needs_in_words(application, TO_FILER),
        "lines": reading.timeline(application, with_objections=False, told=TO_FILER),
    }
    return page(request, "households/public/filing.html", context)


@village_worker
def filing_missing(request: HttpRequest, public_id: str) -> HttpResponse:
    """Bring what was missing, for the family."""
    application = _own(request, public_id)
    form = MissingForm(request.POST or None, request.FILES or None)
    answer = submit(
        request,
        form,
        lambda data: services.resubmit_application(
            application=application,
            note=data["note"],
            upload=data["photo"],
            by=_user(request),
            at=clock.now(),
        ),
        to=reverse("households:filing", args=[public_id]),
    )
    context = {"form": form, "application": application, "filing": True}
    return answer or page(request, "households/public/missing.html", context, form=form)


@village_worker
def filing_explain(request: HttpRequest, public_id: str, flag_id: str) -> HttpResponse:
    """Pass the family's answer on."""
    application = _own(request, public_id)
    waiting = reading.questions_to_answer(application.household)
    if request.method == "GET" and not waiting.filter(public_id=flag_id).exists():
        raise Http404(_("This question is settled already. Thank you."))
    flag = row_of(application.household.flags.select_related("member"), flag_id)
    form = ExplainForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.explain_flag(
            flag=flag, explanation=data["explanation"], by=_user(request), at=clock.now()
        ),
        to=reverse("households:filing", args=[public_id]),
    )
    context = {"form": form, "flag": flag, "question": QUESTIONS.get(flag.rule, ""), "filing": application}
    return answer or page(request, "households/public/explain.html", context, form=form)


@village_worker
def filing_contact(request: HttpRequest, public_id: str) -> HttpResponse:
    """A new telephone or address of the family."""
    application = _own(request, public_id)
    form = ContactForm(request.POST or None, household=application.household, by_filer=True)
    answer = submit(
        request,
        form,
        lambda data: services.update_contact(
            household=application.household,
            version=data["version"],
            changes=form.changes,
            by=_user(request),
            at=clock.now(),
        ),
        to=reverse("households:filing", args=[public_id]),
    )
    context = {"form": form, "filing": application}
    return answer or page(request, "households/public/contact.html", context, form=form)


def _own(request: HttpRequest, public_id: str) -> Application:
    found: Application = get_visible(Application.objects.select_related("household"), request.user, public_id)
    return found


def _user(request: HttpRequest) -> Any:
    return request.user
