"""Needs × lots × projects."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from matching import receivers  # noqa: F401, PLC0415 — connects on import
        from matching.services import run  # noqa: F401, PLC0415 — registers the job handler
