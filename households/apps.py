"""Households: applications, files, assessments, needs."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class HouseholdsConfig(AppConfig):
    name = "households"
    verbose_name = _("Families")

    def ready(self) -> None:
        from households import panels  # noqa: PLC0415 — models are loaded only now
        from households.desk import panels as desk  # noqa: PLC0415

        panels.register()
        desk.install()
