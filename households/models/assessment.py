"""Visits and the three-level assessment: problem, person, situation (domain §4.1)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedJSONField, EncryptedTextField
from common.models import Record, Versioned
from common.states import StatefulModel, state_check
from households.enums import (
    ASSESSMENT_MOVES,
    VISIT_MOVES,
    ApplicationState,
    AssessmentState,
    IdentityLevel,
    VisitKind,
    VisitState,
)
from households.models.household import Household
from households.models.rights import CaseFileQuerySet


class Visit(Record, StatefulModel):
    """A visit with a date to keep, by at least two people or on video, and what was seen."""

    TITLE = ("household.number", "kind", "due")

    STATES = VisitState
    MOVES = VISIT_MOVES

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="visits")
    kind = models.CharField(_("kind of visit"), max_length=20, choices=VisitKind)
    cause_ref = models.CharField(max_length=40, blank=True)
    due = models.DateField(_("visit by"))
    created_at = models.DateTimeField()
    done_at = models.DateTimeField(_("visited"), null=True)
    visitor = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="visits_made"
    )
    companion = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
        verbose_name=_("with"),
    )
    companion_name = models.CharField(_("name of the person along"), max_length=60, blank=True)
    by_video = models.BooleanField(_("on video"), default=False)
    place = models.CharField(max_length=20, default="home")
    identity_seen = models.PositiveSmallIntegerField(choices=IdentityLevel, null=True)
    findings = EncryptedTextField(_("what was seen"), label="visit.findings", blank=True)
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("visit")
        verbose_name_plural = _("visits")
        constraints = [
            state_check(VisitState, "visit_state"),
            models.CheckConstraint(
                condition=~Q(state="done")
                | (
                    Q(done_at__isnull=False, visitor__isnull=False)
                    & (Q(by_video=True) | Q(companion__isnull=False) | ~Q(companion_name=""))
                ),
                name="visit_two_people_or_video",
            ),
            models.CheckConstraint(
                condition=Q(companion__isnull=True)
                | Q(visitor__isnull=True)
                | ~Q(companion=models.F("visitor")),
                name="visit_two_different_people",
            ),
            models.UniqueConstraint(
                fields=["household", "kind", "cause_ref"],
                condition=Q(state="planned"),
                name="visit_planned_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="visit_due")]


class Assessment(Record, Versioned, StatefulModel):
    """What, who, in which situation, and what follows; every level is written before it goes to the supervisor."""

    TITLE = ("household.number", "created_at")

    STATES = AssessmentState
    MOVES = ASSESSMENT_MOVES

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="assessments")
    application = models.ForeignKey(
        "households.Application", on_delete=models.PROTECT, null=True, related_name="assessments"
    )
    assessor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    reviewer = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    # problem
    problem_words = EncryptedTextField(
        _("the problem in the household's words"), label="assessment.problem_words", blank=True
    )
    problem_view = EncryptedTextField(
        _("the problem as the worker sees it"), label="assessment.problem_view", blank=True
    )
    category = models.CharField(_("need category"), max_length=20, blank=True)
    onset = models.DateField(_("since when"), null=True, blank=True)
    frequency = models.CharField(_("how often"), max_length=20, blank=True)
    duration = models.CharField(_("how long it will last"), max_length=20, blank=True)
    grade = models.PositiveSmallIntegerField(_("how severe (0–4)"), null=True, blank=True)
    efforts = EncryptedTextField(
        _("what was tried and what help came"), label="assessment.efforts", blank=True
    )
    risks = models.JSONField(_("immediate risks"), default=list, blank=True)
    no_risk_seen = models.BooleanField(_("no immediate risk"), default=False)
    # person
    functioning = EncryptedJSONField(
        _("daily functioning"), label="assessment.functioning", default=dict, blank=True
    )
    health = EncryptedTextField(_("health"), label="assessment.health", blank=True)
    mood = EncryptedJSONField(_("mood, two questions"), label="assessment.mood", default=dict, blank=True)
    skills = EncryptedTextField(_("education and skills"), label="assessment.skills", blank=True)
    motivation = EncryptedTextField(_("motivation and goals"), label="assessment.motivation", blank=True)
    strengths = EncryptedTextField(_("strengths"), label="assessment.strengths", blank=True)
    wish = EncryptedTextField(_("what I want, in the household's words"), label="assessment.wish", blank=True)
    # situation
    family = EncryptedTextField(_("family and who supports whom"), label="assessment.family", blank=True)
    network = EncryptedTextField(
        _("relatives, neighbours, organisations"), label="assessment.network", blank=True
    )
    living = EncryptedTextField(_("housing, water, road"), label="assessment.living", blank=True)
    economy = EncryptedTextField(_("income and debt"), label="assessment.economy", blank=True)
    policies_enjoyed = models.JSONField(_("policies enjoyed"), default=list, blank=True)
    no_policy_enjoyed = models.BooleanField(_("no policy enjoyed"), default=False)
    policies_missing = models.JSONField(_("policies not enjoyed"), default=list, blank=True)
    no_policy_missing = models.BooleanField(_("no policy missed"), default=False)
    services_near = EncryptedTextField(
        _("services within reach"), label="assessment.services_near", blank=True
    )
    conflict = EncryptedTextField(_("discrimination or conflict"), label="assessment.conflict", blank=True)
    language = models.CharField(_("language spoken at home"), max_length=40, blank=True)
    # synthesis
    causes = models.JSONField(_("causes with their level"), default=list, blank=True)
    protective = EncryptedTextField(_("what protects"), label="assessment.protective", blank=True)
    risk_factors = EncryptedTextField(_("what endangers"), label="assessment.risk_factors", blank=True)
    objectives = EncryptedTextField(_("objectives"), label="assessment.objectives", blank=True)
    ranking = models.JSONField(  # of public ids, whatever comes first on top
        _("needs in order"), default=list, blank=True
    )
    carried = models.JSONField(default=list)  # answers of the last assessment nobody has looked at yet
    carried_from = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")
    worker_confirmed_at = models.DateTimeField(null=True)
    household_confirmed_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    approved_at = models.DateTimeField(null=True)
    # What a new assessment makes of needs that are open already; it takes effect when a supervisor approves it.
    revised = EncryptedJSONField(label="assessment.revised", default=list, blank=True)
    sent_back_reason = EncryptedTextField(label="assessment.sent_back_reason", blank=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("assessment")
        verbose_name_plural = _("assessments")
        constraints = [
            state_check(AssessmentState, "assessment_state"),
            models.CheckConstraint(
                condition=Q(grade__isnull=True) | Q(grade__lte=4), name="assessment_grade"
            ),
            models.CheckConstraint(
                condition=Q(reviewer__isnull=True) | ~Q(reviewer=models.F("assessor")),
                name="assessment_four_eyes",
            ),
            models.CheckConstraint(
                condition=~Q(state="approved") | Q(reviewer__isnull=False, approved_at__isnull=False),
                name="assessment_approved_pair",
            ),
            models.UniqueConstraint(
                fields=["application"],
                condition=~Q(state__in=["approved", "set_aside"]),
                name="assessment_one_open",
            ),
        ]

    @property
    def refused(self) -> bool:
        """Its application was not approved: nobody decides on it, unless an upheld objection brings that back."""
        asked = self.application
        return (
            self.state == AssessmentState.SUBMITTED
            and asked is not None
            and asked.state == ApplicationState.REJECTED
        )

    @property
    def state_label(self) -> str:
        """What was sent up with an application that was refused waits no more."""
        return gettext("Ended, the application was not approved") if self.refused else super().state_label
