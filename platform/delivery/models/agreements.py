"""Agreements: versioned, hashed, signed."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from delivery.enums import (
    AGREEMENT_MOVES,
    CARRIED,
    AgreementKind,
    AgreementState,
    EndGround,
)
from donors.models.donor import own_donor
from households.models import Household
from matching.models import Proposal
from projects.models import JointAnalysis, Project, StageGate

STAFF = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})


class AgreementQuerySet(GatedQuerySet):
    """The parties and the staff of the place; a household's own agreement also needs the household's gate.

    A donor reads the entrustment of what it gave, once the agency has shown it (charity law §42).
    """

    def seen_by(self, user: Any, seat: Seat | None) -> AgreementQuerySet:
        if seat is None:
            return self.none()
        if seat.role in STAFF:
            mine = Q(household__isnull=True) | Q(household__in=Household.objects.visible_to(user))
            return self.filter(mine, project__place__startswith=seat.prefix)
        if seat.role in GOVERNMENT:
            return self.filter(household__isnull=True, project__place__startswith=seat.prefix)
        if seat.role == Role.AGENCY:
            return self.filter(project__agency__organisation_id=seat.organisation_id)
        if seat.role == Role.FUND_HOLDER:
            return self.filter(
                household__isnull=True, project__fund_holder__organisation_id=seat.organisation_id
            )
        if seat.role == Role.DONOR:
            given = Proposal.objects.filter(own_donor(user, seat, "lot__donor__"), state__in=CARRIED)
            shown = self.exclude(state=AgreementState.DRAFT).exclude(ground=EndGround.WITHDRAWN)
            return shown.filter(household__isnull=True, project__in=given.values("project"))
        return self.none()


class Agreement(Record, StatefulModel):
    """A text with its hash, signed by its parties; in force only after the ten minutes to undo, then immutable."""

    STATES = AgreementState
    MOVES = AGREEMENT_MOVES

    number = models.CharField(_("agreement number"), max_length=32)
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    kind = models.CharField(_("kind"), max_length=12, choices=AgreementKind)
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="agreements"
    )
    household = models.ForeignKey(
        Household, verbose_name=_("household"), on_delete=models.PROTECT, null=True, related_name="agreements"
    )
    analysis = models.ForeignKey(
        JointAnalysis, on_delete=models.PROTECT, null=True, related_name="agreements"
    )
    gate = models.ForeignKey(StageGate, on_delete=models.PROTECT, null=True, related_name="agreements")
    replaces = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="later_versions")
    content = models.JSONField(default=dict)
    content_hash = models.CharField(max_length=64)
    amount = models.BigIntegerField(_("amount (fen)"), default=0)
    drawn = models.BigIntegerField(_("asked for so far (fen)"), default=0, editable=False)
    start = models.DateField(_("from"))
    end = models.DateField(_("until"))
    created_at = models.DateTimeField(_("written"))
    signed_at = models.DateTimeField(null=True)
    effective_at = models.DateTimeField(_("effective since"), null=True)
    ground = models.CharField(_("ground for ending"), max_length=16, choices=EndGround, blank=True)
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    objects: ClassVar = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("agreement")
        verbose_name_plural = _("agreements")
        constraints = [
            state_check(AgreementState, "agreement_state"),
            models.UniqueConstraint(fields=["number", "version"], name="agreement_version_once"),
            models.CheckConstraint(
                condition=Q(kind="entrustment", gate__isnull=False, household__isnull=True)
                | Q(kind="service", household__isnull=False, analysis__isnull=False),
                name="agreement_gate_or_analysis",
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="agreement_period"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="agreement_amount"),
            models.CheckConstraint(
                condition=Q(drawn__gte=0, amount__gte=F("drawn")), name="agreement_drawn_within_amount"
            ),
            models.CheckConstraint(
                condition=~Q(state="effective") | Q(effective_at__isnull=False, signed_at__isnull=False),
                name="agreement_effective_pair",
            ),
            models.CheckConstraint(
                condition=Q(state="terminated", ground__in=EndGround.values)
                | (~Q(state="terminated") & Q(ground="")),
                name="agreement_ended_for_a_ground",
            ),
            models.CheckConstraint(
                condition=~Q(state="negotiating") | Q(kind="entrustment"),
                name="agreement_negotiated_entrustment",
            ),
            *(
                models.UniqueConstraint(
                    fields=fields, condition=Q(kind=kind, state__in=states), name=f"{kind}_{name}_once"
                )
                for kind, fields in (("service", ["project", "household"]), ("entrustment", ["project"]))
                for name, states in (
                    ("in_force", ["effective"]),
                    ("written", ["draft", "negotiating", "signing", "signed"]),
                )
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} v{self.version}"


class AgreementPartQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> AgreementPartQuerySet:
        return self.filter(agreement__in=Agreement.objects.visible_to(user))
