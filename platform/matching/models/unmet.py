"""What a run could not help, and what would."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.models import Record
from households.models import Need
from matching.enums import (
    UnmetKind,
)
from matching.models.runs import Run, RunPartQuerySet


class UnmetReason(Record):
    """Why a need (or the rest of it) got nothing in a run: exactly one reason, re-derived by the checker."""

    TITLE = ("need.number", "run.on")

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="unmet")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="unmet")
    missing = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=UnmetKind)
    blocker = models.CharField(max_length=30, blank=True)
    detail = models.JSONField(default=dict)

    objects: ClassVar = RunPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("unmet need")
        verbose_name_plural = _("Needs without help yet")
        constraints = [models.UniqueConstraint(fields=["run", "need"], name="unmet_once")]


class Shortage(Record):
    """What is missing, per item, area and severity, from the cuts of a run."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="shortages")
    item = models.ForeignKey("reference.Item", on_delete=models.PROTECT, related_name="+")
    area = models.CharField(max_length=12)
    severity = models.PositiveSmallIntegerField()
    missing = models.BigIntegerField()
    needs = models.PositiveIntegerField()

    objects: ClassVar = RunPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["run", "item", "area", "severity"], name="shortage_once")
        ]
