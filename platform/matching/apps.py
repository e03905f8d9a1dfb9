"""Needs × lots × projects."""

from django.apps import AppConfig


class MatchingConfig(AppConfig):
    name = "matching"

    def ready(self) -> None:
        from matching import panels, receivers  # noqa: F401, PLC0415 — receivers connect on import

        panels.install()
