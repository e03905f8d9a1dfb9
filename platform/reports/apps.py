"""Government downloads."""

from django.apps import AppConfig


class ReportsConfig(AppConfig):
    name = "reports"

    def ready(self) -> None:
        from reports import (  # noqa: PLC0415 — models are loaded only now
            panels,
            services,  # noqa: F401 — registers the job handler
        )

        panels.install()
