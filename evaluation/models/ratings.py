"""Ratings of agencies."""

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
    RATING_MOVES,
    RatingState,
)
from evaluation.models.policies import RatingPolicy


class RatingQuerySet(GatedQuerySet):
    """Everyone what is announced or in force; workers where it is registered or at work all; itself the reviewed."""

    def seen_by(self, user: Any, seat: Seat | None) -> RatingQuerySet:
        public = Q(state__in=[RatingState.ANNOUNCED, RatingState.EFFECTIVE, RatingState.SUPERSEDED])
        if seat is None:
            return self.filter(public)
        if seat.role in PLATFORM_STAFF:
            near = near_rows(seat, organisation="agency__organisation", area="agency__area")
            return self.filter(public | near)
        if seat.role == Role.AGENCY:
            return self.filter(
                public | Q(agency__organisation_id=seat.organisation_id, state=RatingState.REVIEWED)
            )
        return self.filter(public)


class Rating(Record, StatefulModel):
    """An agency's rating on a day, with the inputs and policy from which it recomputes to the same number."""

    STATES = RatingState
    MOVES = RATING_MOVES

    agency = models.ForeignKey("implementers.Agency", on_delete=models.PROTECT, related_name="ratings")
    policy = models.ForeignKey(RatingPolicy, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField(_("as of"))
    inputs = models.JSONField(default=dict)
    inputs_hash = models.CharField(max_length=64)
    figures = models.JSONField(default=dict)
    project_score = models.DecimalField(_("score of projects"), max_digits=5, decimal_places=2, null=True)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True)
    level = models.CharField(_("level"), max_length=2, blank=True)
    projects_counted = models.PositiveIntegerField(_("projects counted"), default=0)
    computed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    announced_until = models.DateField(_("objections until"), null=True)

    objects: ClassVar = RatingQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating")
        verbose_name_plural = _("ratings")
        constraints = [
            state_check(RatingState, "rating_state"),
            models.UniqueConstraint(
                fields=["agency", "as_of", "policy"], condition=~Q(state="set_aside"), name="rating_once"
            ),
            models.UniqueConstraint(
                fields=["agency"], condition=Q(state="effective"), name="rating_in_force_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["announced", "effective", "superseded"])
                | (
                    Q(approved_by__isnull=False, reviewed_by__isnull=False)
                    & ~Q(approved_by=models.F("reviewed_by"))
                ),
                name="rating_two_people",
            ),
            models.CheckConstraint(
                condition=~Q(state="announced") | Q(announced_until__isnull=False), name="rating_announced"
            ),
            models.CheckConstraint(
                condition=Q(level="") | Q(score__isnull=False), name="rating_level_scored"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.as_of}"
