"""The application: a draft that is never lost, then an immutable snapshot followed by a query code."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.crypto import BlindIndexField, EncryptedJSONField, EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from households.enums import APPLICATION_MOVES, ApplicationState, AssessmentState, Channel
from households.models.gates import HouseholdFileQuerySet
from households.models.household import Household


class DraftQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> DraftQuerySet:
        return self.none() if seat is None else self.filter(owner=user)


class Draft(Record):
    """Answers so far, encrypted; found again by the browser session, the signed-in helper, or the resume code."""

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True)
    channel = models.CharField(max_length=20, choices=Channel)
    answers = EncryptedTextField(label="draft.answers", blank=True)
    resume_code = EncryptedTextField(label="draft.resume_code")
    resume_index = BlindIndexField(kind="resume_code", source="resume_code")
    step = models.CharField(max_length=40, blank=True)
    created_at = models.DateTimeField()
    saved_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects: ClassVar = DraftQuerySet.as_manager()

    class Meta:
        verbose_name = _("draft")
        verbose_name_plural = _("drafts")
        constraints = [models.UniqueConstraint(fields=["resume_index"], name="draft_resume_once")]


class ApplicationQuerySet(HouseholdFileQuerySet):
    def wanting_assessor(self) -> ApplicationQuerySet:
        """Assessed once, set aside after an objection, and not begun anew yet."""
        begun = [state for state in AssessmentState if state != AssessmentState.SET_ASIDE]
        waiting = [ApplicationState.VERIFYING, ApplicationState.FLAGGED, ApplicationState.APPROVED]
        rows = self.filter(state__in=waiting, assessments__state=AssessmentState.SET_ASIDE)
        return rows.exclude(assessments__state__in=begun).distinct()


class Application(Record, StatefulModel):
    """What the household said when it applied; the snapshot is never changed, a correction is a new one."""

    STATES = ApplicationState
    MOVES = APPLICATION_MOVES

    number = models.CharField(_("application number"), max_length=32, unique=True)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="applications")
    draft = models.OneToOneField(Draft, on_delete=models.PROTECT, null=True, related_name="application")
    corrects = models.OneToOneField("self", on_delete=models.PROTECT, null=True, related_name="corrected_by")
    delegation = models.ForeignKey(
        "households.Delegation", on_delete=models.PROTECT, null=True, related_name="+"
    )
    channel = models.CharField(_("channel"), max_length=20, choices=Channel)
    area = models.CharField(_("area code"), max_length=12)
    query_code = EncryptedTextField(label="application.query_code")
    code_index = BlindIndexField(kind="query_code", source="query_code")
    snapshot = EncryptedTextField(label="application.snapshot")
    story = EncryptedTextField(label="application.story", blank=True)
    read_back_at = models.DateTimeField(null=True)
    submitted_at = models.DateTimeField(_("received"))
    accept_due = models.DateField(_("accept by"))
    visit_due = models.DateField(_("visit by"), null=True)
    decide_due = models.DateField(_("decide by"))
    missing = EncryptedJSONField(label="application.missing", default=list)
    decision_reason = EncryptedTextField(label="application.decision_reason", blank=True)
    decided_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    refused_by = models.ForeignKey(  # before an objection brought it back
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )

    objects: ClassVar = ApplicationQuerySet.as_manager()

    class Meta:
        verbose_name = _("application")
        verbose_name_plural = _("applications")
        constraints = [
            state_check(ApplicationState, "application_state"),
            models.UniqueConstraint(fields=["code_index"], name="application_code_once"),
            models.CheckConstraint(
                condition=Q(decided_at__isnull=True, decided_by__isnull=True)
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="application_decided_pair",
            ),
            models.CheckConstraint(
                condition=Q(refused_by__isnull=True)
                | Q(decided_by__isnull=True)
                | ~Q(decided_by=models.F("refused_by")),
                name="application_decided_anew",
            ),
            models.CheckConstraint(
                condition=~Q(channel__in=["delegate", "village_worker"]) | Q(read_back_at__isnull=False),
                name="application_read_back",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "area", "decide_due"], name="application_worklist"),
            models.Index(fields=["submitted_at"], name="application_submitted"),
        ]

    def __str__(self) -> str:
        return self.number


class CodeTry(Record):
    """Tries that are counted: codes that opened nothing, and identity numbers that turned out to be on file."""

    subject = models.CharField(max_length=80)
    at = models.DateTimeField()

    objects: ClassVar = GatedQuerySet.as_manager()

    class Meta:
        indexes = [models.Index(fields=["subject", "at"], name="code_try_recent")]
