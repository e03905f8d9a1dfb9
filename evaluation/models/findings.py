"""Goals written before the start, and what evaluators found."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.gate import GatedQuerySet, Seat
from common.models import Record
from evaluation.models.evaluations import Evaluation, EvaluationPartQuerySet
from projects.models import Project


class Goal(Record):
    """A goal on the five-step scale, its steps written before the service and agreed by the household (domain §4.4)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="scaled_goals")
    title = models.CharField(_("goal"), max_length=120)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    steps = models.JSONField(_("what each step means"), default=list)
    baseline = models.SmallIntegerField(_("before"), null=True)
    attained = models.SmallIntegerField(_("reached"), null=True)
    written_at = models.DateTimeField()
    rated_at = models.DateTimeField(null=True)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Goals(GatedQuerySet):
        def seen_by(self, user: Any, seat: Seat | None) -> Any:
            return self.none() if seat is None else self.filter(project__in=Project.objects.visible_to(user))

    objects: ClassVar = Goals.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="goal_weight"),
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(baseline__gte=-2, baseline__lte=2),
                name="goal_baseline",
            ),
            models.CheckConstraint(
                condition=Q(attained__isnull=True) | Q(attained__gte=-2, attained__lte=2),
                name="goal_attained",
            ),
        ]


class Finding(Record):
    """Something an evaluation found that must be put right, by when, and whether it was."""

    TITLE = ("evaluation.number", "found_at")

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="findings")
    text = models.CharField(_("what was found"), max_length=300)
    due = models.DateField(_("to be put right by"), null=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    answer = models.CharField(_("how it was put right"), max_length=300, blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar = EvaluationPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")
