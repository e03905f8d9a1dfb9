"""Government downloads."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ReportsConfig(AppConfig):
    name = "reports"
    verbose_name = _("Reports")

    def ready(self) -> None:
        from reports import (  # noqa: PLC0415 — models are loaded only now
            panels,
            services,  # noqa: F401 — registers the job handler
        )

        panels.install()
