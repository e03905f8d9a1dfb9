"""Runs, proposals, decisions and confirmations."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from households.models import Household, Need
from matching.enums import (
    CONFIRMATION_MOVES,
    OVERRIDE_MOVES,
    PROPOSAL_MOVES,
    RUN_MOVES,
    ConfirmationState,
    DecisionKind,
    Origin,
    OverrideState,
    Party,
    ProposalState,
    RunState,
    UnmetKind,
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


class Decision(Record):
    """What a named person decided about a proposal, and why."""

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
        verbose_name_plural = _("questions to a supervisor")
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


class Confirmation(Record, StatefulModel):
    """One party's answer; the household's is never implied and its silence never releases."""

    STATES = ConfirmationState
    MOVES = CONFIRMATION_MOVES

    proposal = models.ForeignKey(Proposal, on_delete=models.PROTECT, related_name="confirmations")
    party = models.CharField(max_length=12, choices=Party)
    asked_at = models.DateTimeField()
    due = models.DateField(_("answer by"))
    answered_at = models.DateTimeField(null=True)
    undo_until = models.DateTimeField(null=True)
    method = models.CharField(max_length=12, blank=True)
    by_ref = models.CharField(max_length=40, blank=True)
    reason = models.CharField(max_length=300, blank=True)
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar = ProposalPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("answer")
        verbose_name_plural = _("answers")
        constraints = [
            state_check(ConfirmationState, "confirmation_state"),
            models.UniqueConstraint(fields=["proposal", "party"], name="confirmation_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["given", "declined"]) | Q(answered_at__isnull=False) & ~Q(by_ref=""),
                name="confirmation_answered",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="confirmation_due")]


class PairQuerySet(GatedQuerySet):
    """Workers and supervisors, by household."""

    def seen_by(self, user: Any, seat: Seat | None) -> PairQuerySet:
        if seat is None or seat.role not in {Role.SOCIAL_WORKER, Role.SUPERVISOR}:
            return self.none()
        return self.filter(need__household__in=Household.objects.visible_to(user))

    def in_force(self) -> PairQuerySet:
        return self.filter(lifted_at__isnull=True)


class Pair(Record):
    """What a worker said about one need and one resource, for the runs to come; lifted ones stay on record."""

    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="+")
    lot = models.ForeignKey("donors.Lot", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("since"))
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lift_reason = models.CharField(max_length=300, blank=True)

    objects: ClassVar = PairQuerySet.as_manager()

    class Meta:
        abstract = True


class Ban(Pair):
    """A declined pair: the engine does not bring it again."""

    reason = models.CharField(max_length=300)

    class Meta:
        verbose_name = _("excluded pair")
        verbose_name_plural = _("excluded pairs")
        constraints = [
            models.UniqueConstraint(
                fields=["need", "lot"], condition=Q(lifted_at__isnull=True), name="ban_once"
            )
        ]


class Pin(Pair):
    """A pair a worker wants kept in the next run."""

    amount = models.BigIntegerField(_("amount"))

    class Meta:
        verbose_name = _("kept pair")
        verbose_name_plural = _("kept pairs")
        constraints = [
            models.UniqueConstraint(
                fields=["need", "lot"], condition=Q(lifted_at__isnull=True), name="pin_once"
            ),
            models.CheckConstraint(condition=Q(amount__gt=0), name="pin_amount"),
        ]


class UnmetReason(Record):
    """Why a need (or the rest of it) got nothing in a run: exactly one reason, re-derived by the checker."""

    run = models.ForeignKey(Run, on_delete=models.PROTECT, related_name="unmet")
    need = models.ForeignKey(Need, on_delete=models.PROTECT, related_name="unmet")
    missing = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=UnmetKind)
    blocker = models.CharField(max_length=30, blank=True)
    detail = models.JSONField(default=dict)

    objects: ClassVar = RunPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("unmet need")
        verbose_name_plural = _("unmet needs")
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
