"""What a family on file still needs: a day that has passed, named anew; and something more (R48)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.pages import page, submit
from households import access, services
from households.access import held, household_page, own_row
from households.answers import NeedAnswer
from households.enums import NeedState
from households.forms.public import FurtherByDelegateForm, FurtherForm, RenewForm, vocabulary
from households.forms.public.topics import TOPICS
from households.models import Application, Household
from households.rules import ON_FILE
from households.services.further import SCOPE

STATUS = "households:status"
SLOT = "n1"


@household_page(needs="update")
def renew(request: HttpRequest, public_id: str) -> HttpResponse:
    """Still needed: by when now?"""
    need = own_row(held(request).application.household.needs.select_related("item"), public_id)
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


@household_page(needs=SCOPE)
def more(request: HttpRequest) -> HttpResponse:
    """What else is needed? The same list as in the first application."""
    _on_file(request)
    found = vocabulary.items()
    topics = [(topic, [found[slug] for slug in topic.items if slug in found]) for topic in TOPICS]
    return page(request, "households/public/more.html", {"topics": topics})


@household_page(needs=SCOPE)
def more_of(request: HttpRequest, item: str) -> HttpResponse:
    """How much, how soon, by when; then the social worker looks at it."""
    household = _on_file(request)
    wanted = next((found for slug, found in vocabulary.items().items() if slug == item), None)
    if wanted is None or not any(item in topic.items for topic in TOPICS):
        raise Http404(_("Choose what is needed from the list."))
    members = list(household.members.filter(live=True).order_by("pk"))
    people = {f"m{place}": member for place, member in enumerate(members, start=1)}
    answers: dict[str, Any] = {f"item:{SLOT}": {"item": item}}
    answers |= {f"who:{slot}": {"name": member.name} for slot, member in people.items()}
    delegated = held(request).delegation is not None
    form = (FurtherByDelegateForm if delegated else FurtherForm)(
        request.POST or None, answers=answers, slot=SLOT
    )

    def act(data: Mapping[str, Any]) -> Application:
        return services.request_further(
            household=household,
            answer=NeedAnswer(
                item=item,
                quantity=data["units"],
                quantity_known=not data["unsure"],
                urgency=data["urgency"],
                deadline=data["deadline"],
                contribution=data["contribution"],
            ),
            beneficiary=people.get(data.get("beneficiary", "")),
            read_back=bool(data.get("read_back")),
            by=access.actor(request),
            at=clock.now(),
        )

    answer = submit(request, form, act, to=STATUS)
    return answer or page(
        request, "households/public/more_of.html", {"form": form, "item": wanted}, form=form
    )


def _on_file(request: HttpRequest) -> Household:
    household = held(request).application.household
    if household.state not in ON_FILE and request.method == "GET":
        raise Http404(_("This file is not open now. Ask the social worker."))
    return household
