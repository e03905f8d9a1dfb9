"""The journal plugs itself into the common layer."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "journal"

    def ready(self) -> None:
        from common import recording  # noqa: PLC0415 — models are loaded only now
        from journal.services import record  # noqa: PLC0415

        recording.install(record)
