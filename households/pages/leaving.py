"""Going away: the application taken back before it is decided, or the support ended of the family's own wish."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.forms import ConfirmForm
from common.pages import page, submit
from households import services
from households.access import OWN, held, household_page
from households.rules import ON_FILE


@household_page(needs=OWN)
def withdraw(request: HttpRequest) -> HttpResponse:
    """Take the application back."""
    found = held(request)
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.withdraw_application(
            application=found.application, by=found.actor, at=clock.now()
        ),
        to="households:status",
    )
    return answer or page(request, "households/public/withdraw.html", {"form": form}, form=form)


@household_page(needs=OWN)
def leave_support(request: HttpRequest) -> HttpResponse:
    """The family on file no longer wants support."""
    found = held(request)
    household = found.application.household
    if household.state not in ON_FILE and request.method == "GET":
        raise Http404(_("Nothing is being asked here now. Go back to your application."))
    form = ConfirmForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.leave_support(
            household=household, evidence=None, by=found.actor, at=clock.now()
        ),
        to="households:status",
    )
    return answer or page(request, "households/public/leave_support.html", {"form": form}, form=form)
