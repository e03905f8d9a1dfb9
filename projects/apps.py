"""Projects, joint analysis, stage gates."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ProjectsConfig(AppConfig):
    name = "projects"
    verbose_name = _("Projects")

    def ready(self) -> None:
        from projects import panels  # noqa: PLC0415 — models are loaded only now

        panels.install()
