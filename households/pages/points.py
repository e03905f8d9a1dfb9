"""The family's own page on its points: each one with its reason, and what is not known."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.pages import page
from households.access import held, household_page
from households.cards.reading import advice_for
from households.cards.words import said_of


@household_page(needs="apply")
def points(request: HttpRequest) -> HttpResponse:
    """What the card in use where the family lives says about it; it decides nothing."""
    found = held(request)
    advice = advice_for(found.application.household, clock.today())
    if advice is None:
        raise Http404(_("No points are counted where you live."))
    context = {"application": found.application, "advice": advice, "said": said_of(advice.result)}
    return page(request, "households/public/points.html", context)
