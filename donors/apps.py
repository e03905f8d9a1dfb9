"""Donors: lots, conditions, pledges and their ledger."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DonorsConfig(AppConfig):
    name = "donors"
    verbose_name = _("Donors and offers")

    def ready(self) -> None:
        from donors import panels  # noqa: PLC0415 — models are loaded only now

        panels.install()
