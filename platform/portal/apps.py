"""Home pages, trace, public pages."""

from django.apps import AppConfig


class PortalConfig(AppConfig):
    name = "portal"

    def ready(self) -> None:
        from portal.navigation import install  # noqa: PLC0415 — models are loaded only now

        install()
