"""A supervisor's answer to a warning."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from households.models import Household
from matching.enums import (
    OVERRIDE_MOVES,
    OverrideState,
)
from matching.models.proposals import Proposal


class OverrideQuerySet(GatedQuerySet):
    """Workers and supervisors, by household."""

    def seen_by(self, user: Any, seat: Seat | None) -> OverrideQuerySet:
        if seat is None or seat.role not in {Role.SOCIAL_WORKER, Role.SUPERVISOR}:
            return self.none()
        return self.filter(proposal__need__household__in=Household.objects.visible_to(user))

    def waiting(self) -> OverrideQuerySet:
        return self.filter(state=OverrideState.ASKED)


class Override(Record, StatefulModel):
    """A worker's question to a supervisor: this match in spite of a warning. Until the answer nothing is reserved."""

    TITLE = ("proposal.number", "asked_at")

    STATES = OverrideState
    MOVES = OVERRIDE_MOVES

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="overrides")
    project = models.ForeignKey("projects.Project", on_delete=models.PROTECT, related_name="overrides")
    amount = models.BigIntegerField(_("amount"))
    reason = models.CharField(max_length=300)
    warnings = models.JSONField(default=list)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField(_("asked on"))
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(max_length=300, blank=True)

    objects: ClassVar = OverrideQuerySet.as_manager()

    class Meta:
        verbose_name = _("question to a supervisor")
        verbose_name_plural = _("Waiting for a supervisor")
        constraints = [
            state_check(OverrideState, "override_state"),
            models.CheckConstraint(condition=Q(amount__gt=0) & ~Q(reason=""), name="override_complete"),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=models.F("asked_by")),
                name="override_two_different_people",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "declined"])
                | Q(answered_by__isnull=False, answered_at__isnull=False),
                name="override_answered",
            ),
            models.CheckConstraint(
                condition=~Q(state="declined") | ~Q(answer=""), name="override_declined_with_reason"
            ),
            models.UniqueConstraint(
                fields=["proposal"], condition=Q(state="asked"), name="override_asked_once"
            ),
        ]
