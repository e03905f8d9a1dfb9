"""Government: policies, lines, eligibility rules."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class PolicyConfig(AppConfig):
    name = "policy"
    verbose_name = _("Policies")

    def ready(self) -> None:
        from policy import panels  # noqa: PLC0415 — models are loaded only now

        panels.install()
