"""What a family takes back: asked for since and not decided, open with nothing on its way, or objected to."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.forms import ConfirmForm
from common.pages import page, submit
from households import access, services
from households.access import held, household_page, own_row
from households.enums import OBJECTION_OPEN, ApplicationState
from households.models import Application
from households.queries.page import needs_idle
from households.services.further import SCOPE, is_further
from households.services.objections import SCOPE as OBJECTION_SCOPE

STATUS = "households:status"


@household_page(needs=SCOPE)
def further(request: HttpRequest, public_id: str) -> HttpResponse:
    """Something more is no longer needed."""
    needs = held(request).application.household.needs.select_related("item", "application__household")
    need = own_row(needs.filter(application__isnull=False), public_id)
    application: Application = need.application
    open_to_it = application.may_become(ApplicationState.WITHDRAWN) and is_further(application)
    if request.method == "GET" and not open_to_it:
        raise Http404(_("Nothing is being asked here now. Go back to your application."))
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.withdraw_further(
            application=application, evidence=None, by=access.actor(request), at=clock.now()
        ),
        to=STATUS,
    )
    return answer or page(
        request, "households/public/further_withdraw.html", {"form": form, "need": need}, form=form
    )


@household_page(needs=SCOPE)
def no_longer(request: HttpRequest, public_id: str) -> HttpResponse:
    """A need nothing is on its way for is no longer one."""
    household = held(request).application.household
    need = own_row(household.needs.select_related("item", "household"), public_id)
    if request.method == "GET" and need.pk not in needs_idle(household):
        raise Http404(_("Nothing is being asked here now. Go back to your application."))
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.cancel_need(need=need, by=access.actor(request), at=clock.now()),
        to=STATUS,
    )
    return answer or page(
        request, "households/public/further_withdraw.html", {"form": form, "need": need}, form=form
    )


@household_page(needs=OBJECTION_SCOPE)
def objection(request: HttpRequest, public_id: str) -> HttpResponse:
    """The family no longer objects; a delegate takes back what delegates brought."""
    own = held(request).delegation is None
    objections = held(request).application.household.objections.select_related("household")
    row = own_row(objections if own else objections.filter(channel="delegate"), public_id)
    if request.method == "GET" and row.state not in OBJECTION_OPEN:
        raise Http404(_("Nothing is being asked here now. Go back to your application."))
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.withdraw_objection(objection=row, by=access.actor(request), at=clock.now()),
        to=STATUS,
    )
    return answer or page(
        request, "households/public/objection_withdraw.html", {"form": form, "objection": row}, form=form
    )
