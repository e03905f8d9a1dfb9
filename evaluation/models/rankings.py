"""Boards of donors."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import PLATFORM_STAFF, Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from donors.enums import DonorKind
from evaluation.enums import (
    RANKING_MOVES,
    RankingState,
)
from evaluation.models.policies import RatingPolicy


class RankingQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> RankingQuerySet:
        if seat is not None and seat.role in PLATFORM_STAFF:
            return self
        return self.filter(state=RankingState.EFFECTIVE)


class Ranking(Record, StatefulModel):
    """A board of donors of one kind on a day; a donor appears to others only when it agreed before."""

    STATES = RankingState
    MOVES = RANKING_MOVES

    board = models.CharField(_("board"), max_length=24, choices=DonorKind)
    policy = models.ForeignKey(RatingPolicy, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField(_("as of"))
    ledger_rows = models.PositiveIntegerField(_("ledger rows"), default=0)
    inputs_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField(_("computed at"))
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar = RankingQuerySet.as_manager()

    class Meta:
        verbose_name = _("ranking")
        verbose_name_plural = _("rankings")
        constraints = [
            state_check(RankingState, "ranking_state"),
            models.UniqueConstraint(
                fields=["board", "as_of", "policy"], condition=~Q(state="set_aside"), name="ranking_once"
            ),
            models.UniqueConstraint(
                fields=["board"], condition=Q(state="effective"), name="ranking_in_force_once"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["effective", "superseded"]) | Q(approved_by__isnull=False),
                name="ranking_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_board_display()} {self.as_of}"


class RankingRow(Record):
    """One donor's score and place, from the ledger alone; gifts nobody valued are counted beside, never as 0."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="rows")
    donor = models.ForeignKey("donors.Donor", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    score = models.DecimalField(max_digits=18, decimal_places=2)
    stars = models.PositiveSmallIntegerField(default=0)
    periods_below = models.PositiveSmallIntegerField(default=0)
    contributions = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(null=True)
    unvalued = models.PositiveIntegerField(default=0)

    class Rows(GatedQuerySet):
        def seen_by(self, user: Any, seat: Seat | None) -> Any:
            in_force = self.filter(ranking__in=Ranking.objects.visible_to(user))
            if seat is not None and seat.role in PLATFORM_STAFF:
                return in_force
            own = Q(pk__in=[])
            if seat is not None and seat.role == Role.DONOR:
                own = (
                    Q(donor__organisation_id=seat.organisation_id)
                    if seat.organisation_id
                    else Q(donor__user=user)
                )
            return in_force.filter(Q(donor__on_boards=True) | own)

    objects: ClassVar = Rows.as_manager()

    class Meta:
        verbose_name = _("place on a board")
        verbose_name_plural = _("places on a board")
        constraints = [
            models.UniqueConstraint(fields=["ranking", "donor"], name="ranking_row_donor"),
            models.UniqueConstraint(fields=["ranking", "place"], name="ranking_row_place"),
        ]
