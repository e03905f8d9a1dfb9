"""Needs × lots × projects."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class MatchingConfig(AppConfig):
    name = "matching"
    verbose_name = _("Matching")

    def ready(self) -> None:
        from matching import panels, receivers  # noqa: F401, PLC0415 — receivers connect on import

        panels.install()
