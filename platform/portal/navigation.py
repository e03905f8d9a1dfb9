"""The navigation of visitors and the link to one's own home; every app adds its own pages."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy as _

from accounts.enums import DESK_ROLES, Role
from common.panels import provide


def install() -> None:
    """Called once when the apps are ready."""
    provide("nav.public", lambda _user: [(90, _("What came of it"), "portal:statistics")])
    for role in Role:
        if role not in DESK_ROLES:
            provide(f"nav.{role}", _home)


def _home(_user: Any) -> list[tuple[int, Any, str]]:
    return [(0, _("Home"), "portal:party_home")]
