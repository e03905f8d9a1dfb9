"""Matching runs."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from matching.enums import (
    RUN_MOVES,
    RunState,
)


class AreaQuerySet(GatedQuerySet):
    """Workers and supervisors whose area holds the run's."""

    path = "prefix"

    def seen_by(self, user: Any, seat: Seat | None) -> AreaQuerySet:
        if seat is None or seat.role not in {Role.SOCIAL_WORKER, Role.SUPERVISOR}:
            return self.none()
        return self.filter(**{f"{self.path}__startswith": seat.prefix})


class RunPartQuerySet(AreaQuerySet):
    path = "run__prefix"


class Run(Record, StatefulModel):
    """One computation over a frozen snapshot, certified by an independent checker or refused."""

    TITLE = ("prefix", "on")

    STATES = RunState
    MOVES = RUN_MOVES

    prefix = models.CharField(_("area"), max_length=12, blank=True)
    on = models.DateField(_("for the day"))
    inputs_hash = models.CharField(max_length=64, blank=True)
    certificate = models.JSONField(default=dict)
    figures = models.JSONField(default=dict)
    excluded = models.JSONField(default=list)
    started_by = models.CharField(max_length=40)
    created_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)

    objects: ClassVar = AreaQuerySet.as_manager()

    class Meta:
        verbose_name = _("matching run")
        verbose_name_plural = _("matching runs")
        constraints = [
            state_check(RunState, "run_state"),
            models.CheckConstraint(
                condition=~Q(state="certified") | ~Q(inputs_hash=""), name="run_certified_hash"
            ),
        ]
