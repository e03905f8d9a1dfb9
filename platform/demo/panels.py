"""What the demonstration adds to pages of the product: whom one can be, and one's proof at a click."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext as _

from common import clock
from common.panels import provide
from common.todos import Panel
from demo.people import SIGN_INS, USERNAMES
from demo.queries import family_codes, is_built


def install() -> None:
    """Called once when the apps are ready."""
    provide("front", look_around, order=10)
    provide("prove", go_on)


def look_around(_request: HttpRequest) -> list[Panel]:
    """On the first page, once the county is there: each role at a click, and a day later."""
    if not is_built():
        return []
    people = [person for person in SIGN_INS if person.is_main]
    context = {"people": people, "family": next(iter(family_codes(1)), None), "now": clock.now()}
    return [Panel(_("Look around as"), "demo/panels/front.html", context)]


def go_on(request: Any) -> list[Panel]:
    """An invented person has no telephone: going on as the same one is the proof."""
    user = request.user
    if user.username not in USERNAMES:
        return []
    context = {"person": user, "next": request.GET.get("next", "")}
    return [Panel(_("Demonstration"), "demo/panels/go_on.html", context)]
