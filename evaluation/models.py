"""Evaluations of projects, ratings of agencies, rankings of donors, elimination and appeal."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, PLATFORM_STAFF, Role
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
    Grade,
    Measure,
    Outcome,
    RankingState,
    RatingState,
    Trigger,
)
from implementers.enums import Standing
from projects.enums import Stage
from projects.models import Project

ENDED = [EvaluationState.FINAL, EvaluationState.PUBLISHED, EvaluationState.APPEALED, EvaluationState.UPHELD,
         EvaluationState.CHANGED]  # fmt: skip


class EvaluationQuerySet(GatedQuerySet):
    """Evaluators what is assigned to them; the agency from the draft on; others what is final."""

    def seen_by(self, user: Any, seat: Seat | None) -> EvaluationQuerySet:
        after = [EvaluationState.PUBLISHED, EvaluationState.UPHELD, EvaluationState.CHANGED]
        public = Q(state__in=after, published_at__isnull=False)
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
    def grade_label(self) -> str:
        """The band of the score in words; empty until the round is closed."""
        return str(Grade(self.grade).label) if self.grade else ""


def _involved(user: Any, seat: Seat | None) -> Q | None:
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
        involved = _involved(user, seat)
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
            involved = _involved(user, seat)
            if seat is None or involved is None or seat.role not in {Role.SUPERVISOR, Role.EVALUATOR}:
                return self.none()
            return self.filter(involved, evaluation__in=Evaluation.objects.visible_to(user))

    objects: ClassVar = Members.as_manager()

    class Meta:
        verbose_name = _("evaluator")
        verbose_name_plural = _("evaluators")
        constraints = [models.UniqueConstraint(fields=["evaluation", "user"], name="team_member_once")]


class ScoreQuerySet(GatedQuerySet):
    """The own score always; the others' of the same evaluation only after every seat has submitted."""

    def seen_by(self, user: Any, seat: Seat | None) -> ScoreQuerySet:
        involved = _involved(user, seat)
        if seat is None or involved is None or seat.role == Role.SOCIAL_WORKER:
            return self.none()
        told = [EvaluationState.DRAFTED, EvaluationState.FEEDBACK, *ENDED]
        shown = involved & Q(evaluation__state__in=told)
        if seat.role == Role.EVALUATOR:
            shown |= Q(evaluator=user)
        return self.filter(shown, evaluation__in=Evaluation.objects.visible_to(user))


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

    objects: ClassVar = ScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("score")
        verbose_name_plural = _("scores")
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
    title = models.CharField(_("goal"), max_length=120)
    weight = models.PositiveSmallIntegerField(_("weight"), default=1)
    steps = models.JSONField(_("what each step means"), default=list)
    baseline = models.SmallIntegerField(_("before"), null=True)
    attained = models.SmallIntegerField(_("reached"), null=True)
    written_at = models.DateTimeField()
    rated_at = models.DateTimeField(null=True)
    rated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    class Goals(GatedQuerySet):
        def seen_by(self, user: Any, seat: Seat | None) -> Any:
            return self.none() if seat is None else self.filter(project__in=Project.objects.visible_to(user))

    objects: ClassVar = Goals.as_manager()

    class Meta:
        verbose_name = _("goal")
        verbose_name_plural = _("goals")
        constraints = [
            models.CheckConstraint(condition=Q(weight__gte=1), name="goal_weight"),
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
    text = models.CharField(_("what was found"), max_length=300)
    due = models.DateField(_("to be put right by"), null=True)
    found_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    answer = models.CharField(_("how it was put right"), max_length=300, blank=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar = EvaluationPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("finding")
        verbose_name_plural = _("findings")


class RatingPolicy(Record):
    """A version of weights, bands and constants; a result names the version that made it."""

    version = models.CharField(_("version"), max_length=20, unique=True)
    parameters = models.JSONField(_("parameters"), default=dict)
    valid_from = models.DateField(_("valid from"))
    created_at = models.DateTimeField(_("created at"))

    objects: ClassVar = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("rating policy")
        verbose_name_plural = _("rating policies")

    def __str__(self) -> str:
        return self.version


class RatingQuerySet(GatedQuerySet):
    """Everyone what is in force; the platform's workers all of them, the agency its own once reviewed."""

    def seen_by(self, user: Any, seat: Seat | None) -> RatingQuerySet:
        public = Q(state__in=[RatingState.EFFECTIVE, RatingState.SUPERSEDED])
        if seat is None:
            return self.filter(public)
        if seat.role in PLATFORM_STAFF:
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
                condition=~Q(state__in=["effective", "superseded"])
                | (
                    Q(approved_by__isnull=False, reviewed_by__isnull=False)
                    & ~Q(approved_by=models.F("reviewed_by"))
                ),
                name="rating_two_people",
            ),
            models.CheckConstraint(
                condition=Q(level="") | Q(score__isnull=False), name="rating_level_scored"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.as_of}"


class RankingQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> RankingQuerySet:
        if seat is not None and seat.role in PLATFORM_STAFF:
            return self
        return self.filter(state=RankingState.EFFECTIVE)


class Ranking(Record, StatefulModel):
    """A board of donors of one kind on a day; a donor appears to others only when it agreed before."""

    STATES = RankingState
    MOVES = RANKING_MOVES

    board = models.CharField(_("board"), max_length=24)
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
        return f"{self.board} {self.as_of}"


class RankingRow(Record):
    """One donor's score and place, from the ledger alone."""

    ranking = models.ForeignKey(Ranking, on_delete=models.PROTECT, related_name="rows")
    donor = models.ForeignKey("donors.Donor", on_delete=models.PROTECT, related_name="+")
    place = models.PositiveIntegerField()
    score = models.DecimalField(max_digits=18, decimal_places=2)
    stars = models.PositiveSmallIntegerField(default=0)
    periods_below = models.PositiveSmallIntegerField(default=0)
    contributions = models.PositiveIntegerField(default=0)
    value = models.BigIntegerField(default=0)

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


class OwnCaseQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> OwnCaseQuerySet:
        if seat is None:
            return self.none()
        if seat.role in PLATFORM_STAFF:
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


class Appeal(Record, StatefulModel):
    """The agency disagrees with an evaluation, a rating or an elimination; once, decided by two new people."""

    STATES = AppealState
    MOVES = APPEAL_MOVES

    agency = models.ForeignKey("implementers.Agency", on_delete=models.PROTECT, related_name="appeals")
    object_label = models.CharField(_("kind of decision"), max_length=60)
    object_ref = models.CharField(max_length=40)
    text = models.TextField()
    received_at = models.DateTimeField(_("received at"))
    due = models.DateField(_("due by"))
    first_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    granted = models.BooleanField(_("granted"), null=True)
    corrected_score = models.DecimalField(max_digits=5, decimal_places=2, null=True)
    answer = models.TextField(_("answer"), blank=True)
    decided_at = models.DateTimeField(null=True)

    objects: ClassVar = OwnCaseQuerySet.as_manager()

    class Meta:
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            state_check(AppealState, "appeal_state"),
            models.UniqueConstraint(fields=["object_label", "object_ref"], name="appeal_once"),
            models.CheckConstraint(
                condition=~Q(state="decided")
                | (
                    Q(first_decider__isnull=False, second_decider__isnull=False, granted__isnull=False)
                    & ~Q(first_decider=models.F("second_decider"))
                ),
                name="appeal_by_two",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.agency} · {self.object_label.rpartition('.')[2]}"
