"""Messages to people."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class NoticesConfig(AppConfig):
    name = "notices"
    verbose_name = _("Messages")

    def ready(self) -> None:
        from django.core import checks  # noqa: PLC0415

        from common.panels import provide  # noqa: PLC0415 — models are loaded only now
        from notices.checks import sms_adapter  # noqa: PLC0415
        from notices.queries import unread_count  # noqa: PLC0415

        checks.register(sms_adapter, "notices")
        provide("notices.unread", lambda user: [unread_count(user)])
