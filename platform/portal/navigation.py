"""The navigation of visitors, the link to one's own home, and the way from an offer to what came of it."""

from __future__ import annotations

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts.enums import DESK_ROLES, GOVERNMENT, Role
from common.panels import provide
from common.todos import Panel, Todo
from portal import work
from portal.months import months_panel
from portal.tracing import READERS


def install() -> None:
    """Called once when the apps are ready."""
    provide("nav.public", lambda _user: [(90, _("What came of it"), "portal:statistics")])
    for role in Role:
        if role not in DESK_ROLES:
            provide(f"nav.{role}", _home)
    provide("nav.donor", lambda _user: [(33, _("Matches"), "matching:matches")])
    for role in (Role.AGENCY, Role.FUND_HOLDER, Role.EVALUATOR):
        provide(f"start.{role}", _open_needs, order=90)
    for role in GOVERNMENT:
        provide(f"home.{role}", months_panel)
    provide("lot.file", _on_lot_file, order=10)
    work.install()


def _home(_user: Any) -> list[tuple[int, Any, str]]:
    return [(0, _("Home"), "portal:party_home")]


def _open_needs(_user: Any) -> list[Todo]:
    return [Todo(_("Where help is needed most"), reverse("matching:catalogue"))]


def _on_lot_file(lot: Any, user: Any) -> list[Panel]:
    """From the file of a listed offer to each of its units."""
    if lot.listed_at is None or user.seat is None or user.seat.role not in READERS:
        return []
    return [Panel(_("What came of it"), "portal/panels/trace.html", {"lot": lot})]
