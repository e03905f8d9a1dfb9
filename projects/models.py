"""Projects: where, for whom, with what funds, until when; their gates and the analysis made with each household."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from households.models import Household
from projects.enums import ANALYSIS_MOVES, OPEN_TO_MATCHES, PROJECT_MOVES, AnalysisState, ProjectState, Stage

# What was approved stays public to its end, also a bad one: whoever gave can read what became of it.
PUBLIC_STATES = [*OPEN_TO_MATCHES, ProjectState.PAUSED, ProjectState.MID_EVALUATING, ProjectState.RECTIFYING,
                 ProjectState.COMPLETING, ProjectState.EX_POST, ProjectState.ACCEPTED, ProjectState.FAILED,
                 ProjectState.TERMINATED, ProjectState.ARCHIVED]  # fmt: skip


def project_rule(user: Any, seat: Seat | None, path: str = "") -> Q | None:
    """Staff and government by area; the agency and its fund holder their own; anyone what is approved."""
    public = Q(**{f"{path}state__in": PUBLIC_STATES})
    if seat is None:
        return public
    if seat.role in {Role.SOCIAL_WORKER, Role.SUPERVISOR} | GOVERNMENT:
        return public | Q(**{f"{path}place__startswith": seat.prefix})
    if seat.role == Role.AGENCY:
        return public | Q(**{f"{path}agency__organisation_id": seat.organisation_id})
    if seat.role == Role.FUND_HOLDER:
        return public | Q(**{f"{path}fund_holder__organisation_id": seat.organisation_id})
    return public


class ProjectQuerySet(GatedQuerySet):
    """Evaluators reach projects through their evaluations; approved projects are public."""

    def seen_by(self, user: Any, seat: Seat | None) -> ProjectQuerySet:
        return self.filter(project_rule(user, seat))

    def run_by(self, organisation_id: int | None) -> ProjectQuerySet:
        return self.filter(agency__organisation_id=organisation_id)


class ProjectPartQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> ProjectPartQuerySet:
        return self.filter(project_rule(user, seat, "project__"))


class Project(Record, Versioned, StatefulModel):
    """One project of one agency; place, population, funds and schedule are never empty (paper III(2)5, R71)."""

    STATES = ProjectState
    MOVES = PROJECT_MOVES

    number = models.CharField(_("project number"), max_length=32, unique=True)
    agency = models.ForeignKey(
        "implementers.Agency", verbose_name=_("agency"), on_delete=models.PROTECT, related_name="projects"
    )
    fund_holder = models.ForeignKey(
        "implementers.FundHolder", on_delete=models.PROTECT, related_name="projects", null=True
    )
    title = models.CharField(_("title"), max_length=120)
    place = models.CharField(_("place (area code)"), max_length=12)
    groups = models.JSONField(_("population served"), default=list)
    households_planned = models.PositiveIntegerField(_("households to be served"))
    funds = models.BigIntegerField(_("funds needed (fen)"))
    start = models.DateField(_("starts on"))
    end = models.DateField(_("ends on"))
    needs_covered = models.TextField(_("which needs it answers"))
    activities = models.TextField(_("activities"))
    logic_model = models.JSONField(_("logic model"), default=dict, blank=True)
    budget_lines = models.JSONField(_("budget lines"), default=list, blank=True)
    admin_fee_bp = models.PositiveSmallIntegerField(_("administration fee (basis points)"), default=0)
    risks = models.TextField(_("risks"), blank=True)
    co_funding = models.TextField(_("co-funding"), blank=True)
    evaluation_plan = models.TextField(_("how the effect will be measured"))
    is_emergency = models.BooleanField(_("standing emergency project of the county"), default=False)
    rectify_due = models.DateField(null=True)
    reason = models.TextField(blank=True, editable=False)
    created_at = models.DateTimeField()
    approved_at = models.DateTimeField(null=True)
    started_at = models.DateTimeField(null=True)
    completed_at = models.DateTimeField(null=True)
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = ProjectQuerySet.as_manager()

    class Meta:
        verbose_name = _("project")
        verbose_name_plural = _("projects")
        constraints = [
            state_check(ProjectState, "project_state"),
            models.CheckConstraint(condition=~Q(place=""), name="project_place"),
            models.CheckConstraint(condition=Q(households_planned__gt=0), name="project_population"),
            models.CheckConstraint(condition=Q(funds__gt=0), name="project_funds"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="project_schedule"),
            models.CheckConstraint(condition=Q(admin_fee_bp__lte=10_000), name="project_fee"),
        ]
        indexes = [models.Index(fields=["state", "place"], name="project_state_place")]

    def __str__(self) -> str:
        return self.title


class ProjectItem(Record):
    """How much of one item the project can bring; what is reserved never exceeds it."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="items")
    item = models.ForeignKey("reference.Item", on_delete=models.PROTECT, related_name="+")
    capacity = models.BigIntegerField(_("capacity"))
    reserved = models.BigIntegerField(default=0, editable=False)

    objects: ClassVar = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("capacity")
        verbose_name_plural = _("capacities")
        constraints = [
            models.UniqueConstraint(fields=["project", "item"], name="project_item_once"),
            models.CheckConstraint(
                condition=Q(reserved__gte=0, capacity__gte=F("reserved")), name="project_item_capacity"
            ),
        ]

    @property
    def spare(self) -> int:
        return self.capacity - self.reserved


class Milestone(Record):
    """A date by which something is to be reached."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="milestones")
    title = models.CharField(_("milestone"), max_length=120)
    due = models.DateField(_("by"))
    reached_at = models.DateTimeField(null=True)

    objects: ClassVar = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("milestone")
        verbose_name_plural = _("milestones")


class StageGate(Record):
    """An evaluation was passed: agreements and tranches carry a link that may not be null."""

    project = models.ForeignKey(Project, on_delete=models.PROTECT, related_name="gates")
    stage = models.CharField(max_length=12, choices=Stage)
    passed_at = models.DateTimeField()
    by_ref = models.CharField(max_length=40)
    evaluation_ref = models.CharField(max_length=40)

    objects: ClassVar = ProjectPartQuerySet.as_manager()

    class Meta:
        verbose_name = _("stage gate")
        verbose_name_plural = _("stage gates")
        constraints = [models.UniqueConstraint(fields=["project", "stage"], name="gate_once")]


class JointAnalysisQuerySet(GatedQuerySet):
    """The agency concerned, caseworkers and supervisors of the household's area."""

    def seen_by(self, user: Any, seat: Seat | None) -> JointAnalysisQuerySet:
        if seat is None:
            return self.none()
        if seat.role == Role.AGENCY:
            return self.filter(project__agency__organisation_id=seat.organisation_id)
        if seat.role in {Role.SOCIAL_WORKER, Role.SUPERVISOR}:
            return self.filter(household__in=Household.objects.visible_to(user))
        return self.none()


class JointAnalysis(Record, Versioned, StatefulModel):
    """Causes and answers found by household and agency together, confirmed by both (paper III, R28)."""

    TITLE = ("project.number", "household.number", "created_at")

    STATES = AnalysisState
    MOVES = ANALYSIS_MOVES

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="analyses"
    )
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="analyses")
    causes = models.JSONField(_("causes"), default=list)
    cause_notes = EncryptedTextField(_("how we came to this"), label="analysis.cause_notes", blank=True)
    strengths = EncryptedTextField(
        _("what the household can build on"), label="analysis.strengths", blank=True
    )
    responses = EncryptedTextField(_("what we will do"), label="analysis.responses", blank=True)
    goals = models.JSONField(_("goals"), default=list)
    agency_confirmed_at = models.DateTimeField(null=True)
    agency_confirmed_by = models.CharField(max_length=40, blank=True)
    household_confirmed_at = models.DateTimeField(null=True)
    household_method = models.CharField(max_length=20, blank=True)
    household_evidence = models.ForeignKey(
        "files.Attachment", on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField(_("created at"))

    objects: ClassVar = JointAnalysisQuerySet.as_manager()

    class Meta:
        verbose_name = _("joint analysis")
        verbose_name_plural = _("joint analyses")
        constraints = [
            state_check(AnalysisState, "analysis_state"),
            models.UniqueConstraint(
                fields=["project", "household"], condition=~Q(state="ended"), name="analysis_once"
            ),
            models.CheckConstraint(
                condition=~Q(state="agreed")
                | Q(agency_confirmed_at__isnull=False, household_confirmed_at__isnull=False),
                name="analysis_agreed_by_both",
            ),
        ]
