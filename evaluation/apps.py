"""Evaluation, rating, ranking, elimination."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EvaluationConfig(AppConfig):
    name = "evaluation"
    verbose_name = _("Evaluation and rating")

    def ready(self) -> None:
        from common.spelling import name  # noqa: PLC0415
        from evaluation import panels  # noqa: PLC0415 — models are loaded only now
        from evaluation.vocabulary import PARAMETERS  # noqa: PLC0415

        panels.install()
        name(PARAMETERS)
