"""Evaluations of projects, ratings of agencies, rankings of donors, elimination and appeal."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from common.gate import GatedQuerySet, OpenQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from evaluation.enums import (
    APPEAL_MOVES,
    ELIMINATION_MOVES,
    EVALUATION_MOVES,
    RANKING_MOVES,
    RATING_MOVES,
    AppealState,
    EliminationState,
    EvaluationState,
    Outcome,
    RankingState,
    RatingState,
)
from projects.enums import Stage
from projects.models import Project

ENDED = [EvaluationState.FINAL, EvaluationState.PUBLISHED, EvaluationState.APPEALED, EvaluationState.UPHELD,
         EvaluationState.CHANGED]  # fmt: skip
STAFF = frozenset({Role.SUPERVISOR, Role.SOCIAL_WORKER})


class EvaluationQuerySet(GatedQuerySet):
    """Evaluators what is assigned to them; the agency from the draft on; others what is final."""

    def seen_by(self, user: Any, seat: Seat | None) -> EvaluationQuerySet:
        public = Q(state__in=[EvaluationState.PUBLISHED, EvaluationState.UPHELD, EvaluationState.CHANGED])
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


class Evaluation(Record, StatefulModel):
    """One stage of one project, judged by at least two independent people (paper III, R38–R40)."""

    STATES = EvaluationState
    MOVES = EVALUATION_MOVES

    number = models.CharField(max_length=32, unique=True)
    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="evaluations")
    stage = models.CharField(max_length=12, choices=Stage)
    round = models.PositiveSmallIntegerField(default=1)
    desk = models.BooleanField(_("desk review"), default=False)
    opened_at = models.DateTimeField()
    due = models.DateField(_("scores due"))
    comments_due = models.DateField(null=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    spread = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    grade = models.CharField(max_length=12, blank=True)
    outcome = models.CharField(max_length=8, choices=Outcome, blank=True)
    inputs = models.JSONField(default=dict)
    veto = models.CharField(max_length=30, blank=True)
    summary = models.TextField(blank=True)
    agency_comment = models.TextField(blank=True)
    final_at = models.DateTimeField(null=True)

    objects = EvaluationQuerySet.as_manager()

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


class EvaluationPartQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> EvaluationPartQuerySet:
        return self.filter(evaluation__in=Evaluation.objects.visible_to(user))


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
            if seat is not None and seat.role in {Role.SUPERVISOR, Role.EVALUATOR}:
                return self.filter(evaluation__in=Evaluation.objects.visible_to(user))
            return self.none()

    objects = Members.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["evaluation", "user"], name="team_member_once")]


class ScoreQuerySet(GatedQuerySet):
    """The own score always; the others' only after every seat has submitted."""

    def seen_by(self, user: Any, seat: Seat | None) -> ScoreQuerySet:
        if seat is None:
            return self.none()
        opened = Q(evaluation__state__in=[EvaluationState.DRAFTED, EvaluationState.FEEDBACK, *ENDED])
        if seat.role == Role.EVALUATOR:
            return self.filter(Q(evaluator=user) | opened, evaluation__in=Evaluation.objects.visible_to(user))
        if seat.role in {Role.SUPERVISOR, Role.AGENCY}:
            return self.filter(opened, evaluation__in=Evaluation.objects.visible_to(user))
        return self.none()


class Score(Record, Versioned):
    """One evaluator's points by heading, with a reason for each; sealed until all have submitted."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="scores")
    evaluator = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    points = models.JSONField(default=dict)
    reasons = models.JSONField(default=dict)
    veto = models.CharField(max_length=30, blank=True)
    total = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    saved_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    digest = models.CharField(max_length=64, blank=True)

    objects = ScoreQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["evaluation", "evaluator"], name="score_once"),
            models.CheckConstraint(
                condition=Q(total__isnull=True) | Q(total__gte=0, total__lte=100), name="score_total"
            ),
            models.CheckConstraint(
                condition=Q(submitted_at__isnull=True) | (Q(total__isnull=False) & ~Q(digest="")),
                name="score_submitted_complete",
            ),
        ]


class Goal(Record):
    """A goal on the five-step scale, its steps written before the service and agreed by the household (domain §4.4)."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="scaled_goals")
    title = models.CharField(max_length=120)
    weight = models.PositiveSmallIntegerField(default=1)
    steps = models.JSONField(default=list)
    baseline = models.SmallIntegerField(null=True)
    attained = models.SmallIntegerField(null=True)
    written_at = models.DateTimeField()

    class Goals(GatedQuerySet):
        def seen_by(self, user: Any, seat: Seat | None) -> Any:
            return self.none() if seat is None else self.filter(project__in=Project.objects.visible_to(user))

    objects = Goals.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(baseline__isnull=True) | Q(baseline__gte=-2, baseline__lte=2),
                name="goal_baseline",
            ),
            models.CheckConstraint(
                condition=Q(attained__isnull=True) | Q(attained__gte=-2, attained__lte=2),
                name="goal_attained",
            ),
        ]


class Finding(Record):
    """Something an evaluation found that must be put right, by when, and whether it was."""

    evaluation = models.ForeignKey(Evaluation, on_delete=models.PROTECT, related_name="findings")
    text = models.CharField(max_length=300)
    due = models.DateField(null=True)
    resolved_at = models.DateTimeField(null=True)

    objects = EvaluationPartQuerySet.as_manager()


class RatingPolicy(Record):
    """A version of weights, bands and constants; a result names the version that made it."""

    version = models.CharField(max_length=20, unique=True)
    parameters = models.JSONField(default=dict)
    valid_from = models.DateField()
    created_at = models.DateTimeField()

    objects = OpenQuerySet.as_manager()

    def __str__(self) -> str:
        return self.version


class RatingQuerySet(GatedQuerySet):
    """Everyone what is in force; the agency and the supervisors also the rest of their own."""

    def seen_by(self, user: Any, seat: Seat | None) -> RatingQuerySet:
        public = Q(state__in=[RatingState.EFFECTIVE, RatingState.SUPERSEDED])
        if seat is None:
            return self.filter(public)
        if seat.role == Role.SUPERVISOR:
            return self
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
    project_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    level = models.CharField(max_length=2, blank=True)
    projects_counted = models.PositiveIntegerField(default=0)
    computed_at = models.DateTimeField()
    reviewed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = RatingQuerySet.as_manager()

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
                condition=~Q(state="effective") | Q(approved_by__isnull=False), name="rating_approved"
            ),
        ]


class RankingQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> RankingQuerySet:
        if seat is not None and seat.role == Role.SUPERVISOR:
            return self
        return self.filter(state=RankingState.EFFECTIVE)


class Ranking(Record, StatefulModel):
    """A board of donors of one kind on a day; shown to others only where the donor agreed to be named."""

    STATES = RankingState
    MOVES = RANKING_MOVES

    board = models.CharField(_("board"), max_length=24)
    policy = models.ForeignKey(RatingPolicy, on_delete=models.PROTECT, related_name="+")
    as_of = models.DateField(_("as of"))
    ledger_rows = models.PositiveIntegerField(default=0)
    inputs_hash = models.CharField(max_length=64)
    computed_at = models.DateTimeField()
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects = RankingQuerySet.as_manager()

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
                condition=~Q(state="effective") | Q(approved_by__isnull=False), name="ranking_approved"
            ),
        ]


class RankingRow(Record):
    """One donor's score and place, from the ledger alone."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="rows")
    donor = models.ForeignKey("donors.Donor", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    score = models.DecimalField(max_digits=18, decimal_places=2)
    stars = models.PositiveSmallIntegerField(default=0)
    contributions = models.PositiveIntegerField(default=0)

    class Rows(GatedQuerySet):
        def seen_by(self, user: Any, seat: Seat | None) -> Any:
            in_force = self.filter(ranking__in=Ranking.objects.visible_to(user))
            if seat is not None and seat.role == Role.SUPERVISOR:
                return in_force
            own = Q(pk__in=[])
            if seat is not None and seat.role == Role.DONOR:
                own = (
                    Q(donor__organisation_id=seat.organisation_id)
                    if seat.organisation_id
                    else Q(donor__user=user)
                )
            return in_force.filter(Q(donor__show_name=True) | own)

    objects = Rows.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["ranking", "donor"], name="ranking_row_donor"),
            models.UniqueConstraint(fields=["ranking", "place"], name="ranking_row_place"),
        ]


class OwnCaseQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> OwnCaseQuerySet:
        if seat is None:
            return self.none()
        if seat.role == Role.SUPERVISOR:
            return self
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
    trigger = models.CharField(max_length=40)
    facts = models.JSONField(default=dict)
    measure = models.CharField(max_length=20)
    opened_at = models.DateTimeField()
    statement_due = models.DateField()
    statement = models.TextField(blank=True)
    first_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decision = models.CharField(max_length=20, blank=True)
    decided_at = models.DateTimeField(null=True)

    objects = OwnCaseQuerySet.as_manager()

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
        ]


class Appeal(Record, StatefulModel):
    """The agency disagrees with an evaluation, a rating or an elimination; once, decided by somebody new."""

    STATES = AppealState
    MOVES = APPEAL_MOVES

    agency = models.ForeignKey("implementers.Agency", on_delete=models.PROTECT, related_name="appeals")
    object_label = models.CharField(max_length=60)
    object_ref = models.CharField(max_length=40)
    text = models.TextField()
    received_at = models.DateTimeField()
    due = models.DateField()
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    upheld = models.BooleanField(null=True)
    answer = models.TextField(blank=True)
    decided_at = models.DateTimeField(null=True)

    objects = OwnCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            state_check(AppealState, "appeal_state"),
            models.UniqueConstraint(fields=["object_label", "object_ref"], name="appeal_once"),
        ]
