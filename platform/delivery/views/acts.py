"""One page for one act: what it does in a sentence, what is still to be said, one button, one service."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from common import clock
from common.forms import ConfirmForm, Form
from common.pages import page, submit


@dataclass(frozen=True)
class Act:
    """An act on a row: in which states, for which role, what it asks for and which service it runs."""

    title: Any
    text: Any
    role: str | frozenset[str]
    states: frozenset[str]
    run: Callable[[Any, Mapping[str, Any], Any, Any], Any]
    form: type[Form] = ConfirmForm
    is_main: bool = True
    is_danger: bool = False  # undoes what stands
    when: Callable[[Any, Any], bool] = lambda row, user: True
    initial: Callable[[Any], dict[str, Any]] = lambda row: {}

    def is_for(self, user: Any) -> bool:
        """Whether it is an act of the seat the user acts in."""
        roles = {self.role} if isinstance(self.role, str) else self.role
        return user.seat.role in roles

    def open_for(self, row: Any, user: Any) -> bool:
        return self.is_for(user) and row.state in self.states and self.when(row, user)


Acts = Mapping[str, Act]


def open_acts(acts: Acts, row: Any, user: Any) -> list[tuple[str, Act]]:
    """What this user can do with the row now."""
    return [(slug, act) for slug, act in acts.items() if act.open_for(row, user)]


def act_page(
    request: HttpRequest, acts: Acts, slug: str, row: Any, *, back: str, facts: list[tuple[Any, Any]]
) -> HttpResponse:
    """Show the act and run it once; an act of another role, or none at all, is no page."""
    act = acts.get(slug)
    user: Any = request.user
    if act is None or not act.is_for(user):
        raise Http404(_("This step does not exist here. Go back and look what can be done."))
    form = act.form(request.POST or None, request.FILES or None, initial=act.initial(row))
    answer = submit(request, form, lambda data: act.run(row, data, user, clock.now()), to=back)
    context = {"form": form, "act": act, "title": act.title, "back": back, "facts": facts}
    return answer or page(request, "delivery/act.html", context, form=form)
