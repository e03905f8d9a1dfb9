"""The fictional county; the local profile alone."""

from django.apps import AppConfig


class DemoConfig(AppConfig):
    name = "demo"

    def ready(self) -> None:
        from demo import panels  # noqa: PLC0415 — models are loaded only now

        panels.install()
