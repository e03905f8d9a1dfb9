"""The desk's frame: opened by the seat, signed in to through the site's own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import DESK_ROLES
from common import panels
from common.pages import PUBLIC, SIGNED_IN
from common.todos import by_urgency


class Desk(admin.AdminSite):
    """Sign-in, second factor and passwords are the site's own; what waits stands on the first page."""

    site_header = site_title = _("Social-work desk")
    index_title = _("Today")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_staff", False))

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404(
                gettext("This page belongs to another role. Switch your role at the top of the page.")
            )
        return redirect_to_login(request.GET.get("next", "/admin/"))

    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_logout")

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        return redirect("account_change_password")

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> Any:
        """Opened through `has_permission`; the guard of the addresses reads the roles below."""
        seat = getattr(request.user, "seat", None)
        role = seat.role if seat else ""
        shown = {
            "starts": panels.collect(f"start.{role}", request.user),
            "todos": by_urgency(panels.collect(f"todo.{role}", request.user)),
            "given": panels.collect(f"given.{role}", request.user),
            "got": panels.collect(f"got.{role}", request.user),
        }
        return super().index(request, {**(extra_context or {}), **shown})

    login.roles = frozenset({PUBLIC})  # type: ignore[attr-defined]
    logout.roles = password_change.roles = frozenset({SIGNED_IN})  # type: ignore[attr-defined]
    index.roles = DESK_ROLES  # type: ignore[attr-defined]
