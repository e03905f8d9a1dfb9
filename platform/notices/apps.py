"""Messages to people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from common.panels import provide  # noqa: PLC0415 — models are loaded only now
        from notices.queries import unread_count  # noqa: PLC0415

        provide("notices.unread", lambda user: [unread_count(user)])
