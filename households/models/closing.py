"""Handing a family on, and closing its plan."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.crypto import EncryptedTextField
from common.models import Record
from common.states import StatefulModel, state_check
from households.enums import REFERRAL_MOVES, SUMMARY_MOVES, ClosingReason, ReferralState, SummaryState
from households.models.household import Household
from households.models.plans import ServicePlan
from households.models.rights import CaseFileQuerySet


class Referral(Record, StatefulModel):
    """Handing a family on for one matter: only with its consent, shown, and with the answer of who receives it."""

    TITLE = ("household.number", "sent_at")

    STATES = ReferralState
    MOVES = REFERRAL_MOVES

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="referrals")
    receiver = models.CharField(_("who receives the family"), max_length=80)
    contact = EncryptedTextField(_("how the receiver is reached"), label="referral.contact", blank=True)
    matter = EncryptedTextField(_("for which matter"), label="referral.matter")
    told = EncryptedTextField(_("what the receiver is told"), label="referral.told")
    evidence = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, related_name="+")
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    sent_at = models.DateTimeField(pgettext_lazy("referral", "sent"))
    answer_due = models.DateField(_("answer by"))
    answer = EncryptedTextField(_("what the receiver answers"), label="referral.answer", blank=True)
    answered_on = models.DateField(_("answered on"), null=True)
    outcome = EncryptedTextField(_("what came of it"), label="referral.outcome", blank=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("referral")
        verbose_name_plural = _("referrals")
        constraints = [
            state_check(ReferralState, "referral_state"),
            models.CheckConstraint(
                condition=Q(state__in=["sent", "taken_back"])
                | (Q(answered_on__isnull=False) & ~Q(answer="")),
                name="referral_answered",
            ),
            models.CheckConstraint(condition=~Q(state="ended") | ~Q(outcome=""), name="referral_outcome"),
        ]
        indexes = [models.Index(fields=["state", "answer_due"], name="referral_due")]


class ClosingSummary(Record, StatefulModel):
    """What was reached, in the worker's and the family's words, and how it is looked in on; a supervisor confirms."""

    TITLE = ("household.number", "written_at")

    STATES = SummaryState
    MOVES = SUMMARY_MOVES

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="closing_summaries")
    plan = models.ForeignKey(ServicePlan, on_delete=models.PROTECT, related_name="summaries")
    reason = models.CharField(_("why it is closed"), max_length=12, choices=ClosingReason)
    result = EncryptedTextField(_("what was reached and what not"), label="closing_summary.result")
    family = EncryptedTextField(_("what the family says"), label="closing_summary.family")
    follow_up = EncryptedTextField(_("how it is looked in on"), label="closing_summary.follow_up")
    first_visit = models.DateField(_("first follow-up visit by"))
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    sent_back_reason = EncryptedTextField(label="closing_summary.sent_back_reason", blank=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("closing summary")
        verbose_name_plural = _("closing summaries")
        constraints = [
            state_check(SummaryState, "closing_summary_state"),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("written_by")),
                name="closing_summary_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(state="written") | Q(decided_by__isnull=False), name="closing_summary_decided"
            ),
            models.UniqueConstraint(
                fields=["household"], condition=Q(state="written"), name="closing_summary_one_open"
            ),
        ]
