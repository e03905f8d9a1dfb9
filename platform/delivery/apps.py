"""Agreement, transfer, disbursement, delivery."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DeliveryConfig(AppConfig):
    name = "delivery"
    verbose_name = _("Agreements and deliveries")

    def ready(self) -> None:
        from common.panels import provide  # noqa: PLC0415 — models are loaded only now
        from delivery import news, panels, proofs, receivers  # noqa: F401, PLC0415

        panels.install()
        provide("ledger.faults", proofs.faults)
