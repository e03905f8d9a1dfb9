"""Households: applications, files, assessments, needs."""

from django.apps import AppConfig


class HouseholdsConfig(AppConfig):
    name = "households"

    def ready(self) -> None:
        from households import panels  # noqa: PLC0415 — models are loaded only now

        panels.register()
