"""A need, a lot and a project: suggested, decided, carried out."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from households.models import Household, Need
from matching.enums import (
    PROPOSAL_MOVES,
    Origin,
    ProposalState,
)
from matching.models.runs import Run


class ProposalQuerySet(GatedQuerySet):
    """Staff by household; agency, donor and fund holder their own once it is decided; government by area."""

    def seen_by(self, user: Any, seat: Seat | None) -> ProposalQuerySet:
        if seat is None:
            return self.none()
        if seat.role in {Role.SOCIAL_WORKER, Role.SUPERVISOR}:
            return self.filter(need__household__in=Household.objects.visible_to(user))
        if seat.role in GOVERNMENT:
            return self.filter(need__area__startswith=seat.prefix).exclude(state=ProposalState.SUGGESTED)
        decided = self.exclude(
            state__in=[ProposalState.SUGGESTED, ProposalState.DECLINED, ProposalState.EXPIRED]
        )
        if seat.role == Role.AGENCY:
            return decided.filter(project__agency__organisation_id=seat.organisation_id)
        if seat.role == Role.FUND_HOLDER:
            return decided.filter(lot__fund_holder_id=seat.organisation_id)
        if seat.role == Role.DONOR:
            own = (
                Q(lot__donor__organisation_id=seat.organisation_id)
                if seat.organisation_id
                else Q(lot__donor__user=user)
            )
            return self.filter(own)
        return self.none()


class Proposal(Record, StatefulModel):
    """A piece of a lot for a need; *suggested* reserves nothing, decided ones are counted on lot, need and project."""

    STATES = ProposalState
    MOVES = PROPOSAL_MOVES

    number = models.CharField(_("match number"), max_length=32, unique=True)
    run = models.ForeignKey(Run, on_delete=models.PROTECT, null=True, related_name="proposals")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="proposals")
    lot = models.ForeignKey("donors.Lot", on_delete=models.PROTECT, related_name="proposals")
    project = models.ForeignKey(
        "projects.Project", on_delete=models.PROTECT, null=True, related_name="proposals"
    )
    amount = models.BigIntegerField(_("amount"))
    origin = models.CharField(max_length=8, choices=Origin)
    rank = models.PositiveIntegerField(default=0)
    explanation = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    released_reason = models.CharField(max_length=200, blank=True)

    objects: ClassVar = ProposalQuerySet.as_manager()

    class Meta:
        verbose_name = _("match")
        verbose_name_plural = _("matches")
        constraints = [
            state_check(ProposalState, "proposal_state"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="proposal_amount"),
            models.CheckConstraint(
                condition=Q(state__in=["suggested", "declined", "expired", "released"])
                | Q(project__isnull=False),
                name="proposal_names_three",
            ),
            models.UniqueConstraint(
                fields=["need", "lot"],
                condition=Q(state="suggested"),
                name="proposal_pair_once",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "rank", "id"], name="proposal_queue"),
            models.Index(fields=["need", "state"], name="proposal_need"),
            models.Index(fields=["lot", "state"], name="proposal_lot"),
        ]

    def __str__(self) -> str:
        return self.number


class ProposalPartQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> ProposalPartQuerySet:
        return self.filter(proposal__in=Proposal.objects.visible_to(user))
