"""Messages to people."""

from django.apps import AppConfig


class NoticesConfig(AppConfig):
    name = "notices"

    def ready(self) -> None:
        from common.panels import provide  # noqa: PLC0415 — models are loaded only now
        from notices import services  # noqa: F401, PLC0415 — registers the job handler
        from notices.queries import unread_count  # noqa: PLC0415

        provide("notices.unread", lambda user: [unread_count(user)])
