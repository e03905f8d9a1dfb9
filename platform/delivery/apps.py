"""Agreement, transfer, disbursement, delivery."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Agreements and deliveries")

    def ready(self) -> None:
        from delivery import news, panels, receivers  # noqa: F401, PLC0415 — models are loaded only now

        panels.install()
