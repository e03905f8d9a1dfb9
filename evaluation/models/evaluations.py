"""Evaluations of projects and the teams drawn for them."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, PLATFORM_STAFF, Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from evaluation.enums import (
    EVALUATION_MOVES,
    READABLE,
    EvaluationState,
    Grade,
    Outcome,
)
from projects.enums import Stage
from projects.models import Project

ENDED = [EvaluationState.FINAL, EvaluationState.PUBLISHED, EvaluationState.APPEALED, EvaluationState.UPHELD,
         EvaluationState.CHANGED]  # fmt: skip
TO_SCORE = [EvaluationState.TEAM_ASSIGNED, EvaluationState.SCORING]
SEATS = 2  # besides the arbiter


class EvaluationQuerySet(GatedQuerySet):
    """Evaluators what is assigned to them; the agency from the draft on; others what is final."""

    def seen_by(self, user: Any, seat: Seat | None) -> EvaluationQuerySet:
        public = Q(state__in=list(READABLE), published_at__isnull=False)
        if seat is None:
            return self.filter(public)
        if seat.role == Role.EVALUATOR:
            mine = TeamMember.objects.filter(user=user, recused=False).values("evaluation_id")
            return self.filter(public | Q(pk__in=mine))
        if seat.role == Role.SUPERVISOR:
            return self.filter(public | Q(project__place__startswith=seat.prefix))
        if seat.role == Role.AGENCY:
            told = [EvaluationState.FEEDBACK, *ENDED]
            return self.filter(
                public | Q(project__agency__organisation_id=seat.organisation_id, state__in=told)
            )
        if seat.role in GOVERNMENT | {Role.SOCIAL_WORKER, Role.DONOR}:
            return self.filter(public | Q(state__in=ENDED))
        return self.filter(public)

    def readable(self) -> EvaluationQuerySet:
        """Those whose summary anybody may read."""
        return self.filter(published_at__isnull=False, state__in=list(READABLE))

    def with_empty_seat(self) -> EvaluationQuerySet:
        """A team that somebody left, or an arbitration for which nobody is drawn."""
        there = TeamMember.objects.filter(evaluation=OuterRef("pk"), recused=False).order_by()
        seated = there.filter(arbiter=False).values("evaluation").annotate(number=Count("pk"))
        rows: EvaluationQuerySet = self.alias(
            seated=Coalesce(Subquery(seated.values("number")), 0),
            arbiter_there=Exists(there.filter(arbiter=True)),
        ).filter(
            Q(state__in=TO_SCORE, seated__lt=SEATS)
            | Q(state=EvaluationState.ARBITRATING, arbiter_there=False)
        )
        return rows

    def late_on(self, day: date) -> EvaluationQuerySet:
        """Sheets, the arbiter's too, that were due before that day."""
        return self.filter(state__in=[*TO_SCORE, EvaluationState.ARBITRATING], due__lt=day)


class Evaluation(Record, StatefulModel):
    """One stage of one project, judged by at least two independent people (paper III, R38–R40)."""

    STATES = EvaluationState
    MOVES = EVALUATION_MOVES

    number = models.CharField(max_length=32, unique=True)
    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="evaluations"
    )
    stage = models.CharField(_("stage"), max_length=12, choices=Stage)
    round = models.PositiveSmallIntegerField(_("round"), default=1)
    desk = models.BooleanField(_("desk review"), default=False)
    opened_at = models.DateTimeField()
    due = models.DateField(_("scores due"))
    comments_due = models.DateField(null=True)
    score = models.DecimalField(_("score"), max_digits=5, decimal_places=2, null=True)
    spread = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    grade = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome, blank=True)
    policy = models.ForeignKey("evaluation.RatingPolicy", on_delete=models.PROTECT, related_name="+")
    inputs = models.JSONField(default=dict)
    veto = models.CharField(max_length=30, blank=True)
    summary = models.TextField(_("summary"), blank=True)
    agency_comment = models.TextField(_("the agency's comment"), blank=True)
    commented_at = models.DateTimeField(null=True)
    final_at = models.DateTimeField(null=True)
    published_at = models.DateTimeField(null=True)

    objects: ClassVar = EvaluationQuerySet.as_manager()

    class Meta:
        verbose_name = _("evaluation")
        verbose_name_plural = _("evaluations")
        constraints = [
            state_check(EvaluationState, "evaluation_state"),
            models.UniqueConstraint(fields=["project", "stage", "round"], name="evaluation_round_once"),
            models.CheckConstraint(
                condition=Q(score__isnull=True) | Q(score__gte=0, score__lte=100), name="evaluation_score"
            ),
            models.CheckConstraint(
                condition=Q(final_at__isnull=True) | (Q(score__isnull=False) & ~Q(outcome="")),
                name="evaluation_final_complete",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="evaluation_due")]

    def __str__(self) -> str:
        return self.number

    @property
    def is_readable(self) -> bool:
        """Anybody may read its summary."""
        return self.published_at is not None and self.state in READABLE

    @property
    def grade_label(self) -> str:
        """The band of the score in words; empty until the round is closed."""
        return str(Grade(self.grade).label) if self.grade else ""


def where_involved(user: Any, seat: Seat | None) -> Q | None:
    """Whose evaluation it is: drawn for it, judged by it, or answering for the place; nobody else's."""
    if seat is None:
        return None
    if seat.role == Role.EVALUATOR:
        drawn = TeamMember.objects.filter(user=user, recused=False).values("evaluation_id")
        return Q(evaluation_id__in=drawn)
    if seat.role == Role.AGENCY:
        return Q(evaluation__project__agency__organisation_id=seat.organisation_id)
    if seat.role in PLATFORM_STAFF:
        return Q(evaluation__project__place__startswith=seat.prefix)
    return None


class EvaluationPartQuerySet(GatedQuerySet):
    """The team, the agency and the staff of the place; strangers read the summary alone."""

    def seen_by(self, user: Any, seat: Seat | None) -> EvaluationPartQuerySet:
        involved = where_involved(user, seat)
        if involved is None:
            return self.none()
        return self.filter(involved, evaluation__in=Evaluation.objects.visible_to(user))


class TeamMember(Record):
    """One evaluator drawn for one evaluation; a recusal is declared, recorded and replaced."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="team")
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="evaluation_seats"
    )
    arbiter = models.BooleanField(default=False)
    recused = models.BooleanField(default=False)
    recusal_reason = models.CharField(max_length=200, blank=True)
    drawn_at = models.DateTimeField()

    class Members(GatedQuerySet):
        def seen_by(self, user: Any, seat: Seat | None) -> Any:
            """Who evaluates is known to the team, the supervisors of the place, and afterwards in the summary."""
            involved = where_involved(user, seat)
            if seat is None or involved is None or seat.role not in {Role.SUPERVISOR, Role.EVALUATOR}:
                return self.none()
            return self.filter(involved, evaluation__in=Evaluation.objects.visible_to(user))

    objects: ClassVar = Members.as_manager()

    class Meta:
        verbose_name = _("evaluator")
        verbose_name_plural = _("evaluators")
        constraints = [models.UniqueConstraint(fields=["evaluation", "user"], name="team_member_once")]
