"""What each evaluator gave, sealed until all have sent theirs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from evaluation.enums import (
    EvaluationState,
)
from evaluation.models.evaluations import ENDED, Evaluation, where_involved


class ScoreQuerySet(GatedQuerySet):
    """The own score always; the others' of the same evaluation only after every seat has submitted."""

    def seen_by(self, user: Any, seat: Seat | None) -> ScoreQuerySet:
        involved = where_involved(user, seat)
        if seat is None or involved is None or seat.role == Role.SOCIAL_WORKER:
            return self.none()
        told = [EvaluationState.DRAFTED, EvaluationState.FEEDBACK, *ENDED]
        shown = involved & Q(evaluation__state__in=told)
        if seat.role == Role.EVALUATOR:
            shown |= Q(evaluator=user)
        return self.filter(shown, evaluation__in=Evaluation.objects.visible_to(user))


class Score(Record, Versioned):
    """One evaluator's points by heading, with a reason for each; sealed until all have submitted."""

    TITLE = ("evaluation.number", "saved_at")

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="scores")
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    points = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    evidence = models.JSONField(_("evidence looked at"), default=dict)
    veto = models.CharField(max_length=30, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    objects: ClassVar = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "evaluator"], name="score_once"),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100), name="score_total"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | (Q(total__isnull=False) & ~Q(digest="")),
                name="score_submitted_complete",
            ),
        ]
