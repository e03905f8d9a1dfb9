"""What a family on file still needs: a day that has passed, named anew."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _

from common import clock
from common.pages import page, submit
from households import access, services
from households.access import held, household_page
from households.enums import NeedState
from households.forms.public import RenewForm

STATUS = "households:status"


@household_page(needs="update")
def renew(request: HttpRequest, public_id: str) -> HttpResponse:
    """Still needed: by when now?"""
    needs = held(request).application.household.needs.select_related("item")
    need = get_object_or_404(needs, public_id=public_id)
    if need.state != NeedState.EXPIRED and request.method == "GET":
        raise Http404(_("Nothing is being asked here now. Go back to your application."))
    form = RenewForm(request.POST or None)
    answer = submit(
        request,
        form,
        lambda data: services.renew_need(need=need, **data, by=access.actor(request), at=clock.now()),
        to=STATUS,
    )
    return answer or page(request, "households/public/renew.html", {"form": form, "need": need}, form=form)
