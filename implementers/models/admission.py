"""Admission: one person scores the six headings and proposes, another decides (domain §6.5)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from common.models import Record
from common.states import StatefulModel, state_check
from implementers.enums import ADMISSION_MOVES, AdmissionState, Level
from implementers.models.agency import Agency
from implementers.models.evidence import AgencyFileQuerySet


class Admission(Record, StatefulModel):
    """A scorecard with its proposal and decision; at most one waits at a time."""

    STATES = AdmissionState
    MOVES = ADMISSION_MOVES

    agency = models.ForeignKey(
        Agency, verbose_name=_("agency"), on_delete=models.PROTECT, related_name="admissions"
    )
    scores = models.JSONField(_("points by heading"))
    total = models.PositiveSmallIntegerField(_("total"))
    level = models.CharField(_("level"), max_length=2, choices=Level, blank=True)
    rationale = models.CharField(_("why"), max_length=1000)
    proposed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("proposed by")
    )
    proposed_at = models.DateTimeField(_("proposed"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(max_length=500, blank=True)

    objects: ClassVar = AgencyFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("admission")
        verbose_name_plural = _("admissions")
        constraints = [
            state_check(AdmissionState, "admission_state"),
            models.CheckConstraint(condition=Q(total__lte=100), name="admission_total"),
            models.CheckConstraint(condition=Q(level__in=["", *Level.values]), name="admission_level"),
            models.CheckConstraint(
                condition=Q(state=AdmissionState.PROPOSED, decided_by__isnull=True, decided_at__isnull=True)
                | (
                    ~Q(state=AdmissionState.PROPOSED)
                    & Q(decided_by__isnull=False, decided_at__isnull=False)
                    & ~Q(decided_by=F("proposed_by"))
                ),
                name="admission_two_people",
            ),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state=AdmissionState.PROPOSED), name="admission_one_waits"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.total}"
