"""The journal plugs itself into the common layer."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "journal"
    verbose_name = _("Journal")

    def ready(self) -> None:
        from common import recording  # noqa: PLC0415 — models are loaded only now
        from journal.services import record, record_all  # noqa: PLC0415

        recording.install(record, record_all)
