"""The lowest layer: what every app builds on; it knows no party."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class CommonConfig(AppConfig):
    name = "common"

    def ready(self) -> None:
        from common.append_only import install_triggers  # noqa: PLC0415 — models are loaded only now

        post_migrate.connect(install_triggers, dispatch_uid="append_only_triggers")
