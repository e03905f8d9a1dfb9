"""Agencies and fund holders: admission, papers, standing."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ImplementersConfig(AppConfig):
    name = "implementers"
    verbose_name = _("Agencies and fund holders")

    def ready(self) -> None:
        from implementers import panels  # noqa: PLC0415 — models are loaded only now

        panels.install()
