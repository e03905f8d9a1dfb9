"""Home pages, trace, public pages."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"
