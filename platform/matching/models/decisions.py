"""What a worker decided about a suggestion."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from common.models import Record
from matching.enums import (
    DecisionKind,
)
from matching.models.proposals import Proposal, ProposalPartQuerySet


class Decision(Record):
    """What a named person decided about a proposal, and why."""

    TITLE = ("proposal.number", "kind", "at")

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="decisions")
    kind = models.CharField(max_length=16, choices=DecisionKind)
    amount = models.BigIntegerField(null=True)
    reason = models.CharField(max_length=300, blank=True)
    warnings = models.JSONField(default=list)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    second_person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    at = models.DateTimeField()

    objects: ClassVar = ProposalPartQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="override") | (Q(second_person__isnull=False) & ~Q(reason="")),
                name="override_two_people",
            ),
            models.CheckConstraint(
                condition=Q(second_person__isnull=True) | ~Q(second_person=models.F("decided_by")),
                name="decision_two_different_people",
            ),
        ]
