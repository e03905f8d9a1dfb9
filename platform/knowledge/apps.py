"""Experience and the encyclopedia."""

from typing import Any

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KnowledgeConfig(AppConfig):
    name = "knowledge"
    verbose_name = _("Encyclopedia")

    def ready(self) -> None:
        from common.panels import provide  # noqa: PLC0415 — models are loaded only now
        from knowledge.todos import waiting  # noqa: PLC0415

        for role in ("social_worker", "supervisor"):
            provide(f"todo.{role}", waiting)
            provide(f"nav.{role}", _desk)
        provide("nav.public", _encyclopedia)
        provide("nav.donor", _encyclopedia)


def _desk(_user: Any) -> list[tuple[int, Any, str]]:
    return [(70, _("Encyclopedia"), "knowledge:desk")]


def _encyclopedia(_user: Any) -> list[tuple[int, Any, str]]:
    return [(80, _("Encyclopedia"), "knowledge:list")]
