"""A rule tried out on the register before anybody uses it: for supervisors and government, aggregates only."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.enums import GOVERNMENT, Role
from accounts.requests import SignedRequest, acting_seat
from common import clock
from common.pages import for_roles, page
from households.cards.card import card_from
from households.cards.register import Asked, register_cases, years_of
from households.forms.targeting import MONEY, TargetingForm
from households.measures.targeting import REST, simulate, told
from reference.queries import labels, path_labels

MOST = 50_000  # households a page reckons at once; a larger area is asked part by part


@for_roles(Role.SUPERVISOR, *GOVERNMENT)
@require_safe
def targeting(request: SignedRequest) -> HttpResponse:
    """Who would be in and who out, how often wrongly so, and how groups fare. Nothing is stored, nobody is named."""
    form = TargetingForm(request.GET or None, user=request.user)
    context: dict[str, Any] = {"form": form}
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        area = data["area"] or acting_seat(request).prefix
        if years_of(request.user, area)[:MOST].count() == MOST:
            form.add_error("area", _("Too many families for one reckoning. Choose a part of the area."))
        else:
            context |= _result(request, form, data, area)
    return page(request, "households/targeting.html", context, form=form)


def _result(
    request: SignedRequest, form: TargetingForm, data: Mapping[str, Any], area: str
) -> dict[str, Any]:
    card = form.cards.get(data["rule"])
    asked = Asked(
        rule=data["rule"],
        outcome=data["outcome"],
        by=data["by"],
        area=area,
        on=clock.today(),
        card=card_from(card.content) if card else None,
    )
    budget = Fraction(data["amount"])
    if data["budget"] == MONEY:
        budget /= Fraction(data["each"])  # places of equal cost
    figures = told(simulate(register_cases(request.user, asked), budget=budget))
    names = _names(data["by"], list(figures["groups"]))
    return {
        "figures": figures,
        "groups": [(names.get(code, code), row) for code, row in figures["groups"].items()],
        "places": float(budget),
    }


def _names(by: str, found: list[str]) -> dict[str, str]:
    known = {REST: _("small groups together"), "—": _("not known")}
    if by == "place":
        return {code: name.split(" / ")[-1] for code, name in path_labels(found).items()} | known
    return (labels("household_attribute") if by == "category" else labels("cause")) | known
