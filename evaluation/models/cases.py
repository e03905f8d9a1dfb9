"""Warnings, suspensions and eliminations of agencies."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF, Role
from accounts.rules import near_rows
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from evaluation.enums import (
    ELIMINATION_MOVES,
    EliminationState,
    Measure,
    Trigger,
)
from evaluation.models.policies import RatingPolicy
from implementers.enums import Standing


class OwnCaseQuerySet(GatedQuerySet):
    """The agency itself, and the workers of a place where it is registered or at work."""

    def seen_by(self, user: Any, seat: Seat | None) -> OwnCaseQuerySet:
        if seat is None:
            return self.none()
        if seat.role in PLATFORM_STAFF:
            return self.filter(near_rows(seat, organisation="agency__organisation", area="agency__area"))
        if seat.role == Role.AGENCY:
            return self.filter(agency__organisation_id=seat.organisation_id)
        return self.none()


class EliminationCase(Record, StatefulModel):
    """Warning, rectification, suspension or removal of an agency with statement, decision by two and appeal."""

    STATES = EliminationState
    MOVES = ELIMINATION_MOVES

    agency = models.ForeignKey(
        "implementers.Agency", on_delete=models.PROTECT, related_name="elimination_cases"
    )
    trigger = models.CharField(_("why"), max_length=40, choices=Trigger)
    facts = models.JSONField(_("facts"), default=dict)
    measure = models.CharField(_("measure proposed"), max_length=20, choices=Measure)
    policy = models.ForeignKey(RatingPolicy, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    statement_due = models.DateField(_("statement until"))
    statement = models.TextField(_("the agency's statement"), blank=True)
    first_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision = models.CharField(_("decision"), max_length=20, choices=Measure, blank=True)
    reason = models.TextField(_("reason"), blank=True)
    decided_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)

    objects: ClassVar = OwnCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("elimination case")
        verbose_name_plural = _("elimination cases")
        constraints = [
            state_check(EliminationState, "elimination_state"),
            models.CheckConstraint(
                condition=~Q(state__in=["decided", "appealed", "final"])
                | (
                    Q(first_decider__isnull=False, second_decider__isnull=False)
                    & ~Q(first_decider=models.F("second_decider"))
                ),
                name="elimination_by_two",
            ),
            models.UniqueConstraint(
                fields=["agency", "measure"],
                condition=Q(state__in=["opened", "stated"]),
                name="elimination_open_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.get_measure_display()}"

    @property
    def standing_looked_at(self) -> str:
        """At a review, the measure it is about in words; empty otherwise."""
        standing = self.facts.get("standing", "")
        return str(Standing(standing).label) if standing else ""
