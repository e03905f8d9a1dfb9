"""Users, organisations, seats, involvement, sign-in."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AccountsConfig(AppConfig):
    name = "accounts"
    verbose_name = _("Accounts")

    def ready(self) -> None:
        from accounts import queries, receivers, sealed_codes  # noqa: F401, PLC0415 — models are loaded only now
        from accounts.enums import Role  # noqa: PLC0415
        from common import panels, rotation  # noqa: PLC0415

        panels.provide("journal.actors", queries.names_of)
        panels.provide("journal.roles", lambda: Role.choices)
        panels.provide("todo.auditor", queries.alarms)
        rotation.provide(sealed_codes.renew_second_factors)
