"""The web admin under our own name: the workers' desk."""

from django.contrib import admin
from django.contrib.admin.apps import AdminConfig
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _


class Desk(admin.AdminSite):
    """Opened by the seat, not by flags; sign-in and second factor are the site's own."""

    site_header = site_title = _("Social-work desk")
    index_title = _("Today")
    enable_nav_sidebar = False

    def has_permission(self, request: HttpRequest) -> bool:
        return bool(getattr(request.user, "is_staff", False))


class DeskConfig(AdminConfig):
    default_site = "config.admin.Desk"
