"""Private, gated attachments."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class FilesConfig(AppConfig):
    name = "files"
    verbose_name = _("Files")

    def ready(self) -> None:
        from common import panels, rotation  # noqa: PLC0415 — models are loaded only now
        from files import gates, queries, services  # noqa: PLC0415

        gates.allow("jobs.job", queries.started_job)
        panels.provide("job.output", queries.output_of_job)
        rotation.provide(services.renew_files)
