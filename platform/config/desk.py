"""The desk's frame: opened by the seat, signed in to through the site's own pages."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.decorators import method_decorator
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.enums import DESK_ROLES
from common import panels
from common.pages import for_roles, public_page, signed_in_page
from common.todos import by_urgency


class Desk(admin.AdminSite):
    """Sign-in, second factor and passwords are the site's own; what waits stands on the first page."""

    site_header = site_title = _("Social-work desk")
    index_title = _("Today")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_staff", False))

    @method_decorator(public_page)
    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        if request.user.is_authenticated:
            raise Http404(
                gettext("This page belongs to another role. Switch your role at the top of the page.")
            )
        return redirect_to_login(request.GET.get("next", "/admin/"))

    @method_decorator(signed_in_page)
    def logout(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return redirect("account_logout")

    @method_decorator(signed_in_page)
    def password_change(
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        return redirect("account_change_password")

    @method_decorator(for_roles(*DESK_ROLES))
    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        waiting = by_urgency(panels.collect(f"todo.{request.user.seat.role}", request.user))
        return super().index(request, {**(extra_context or {}), "todos": waiting})
