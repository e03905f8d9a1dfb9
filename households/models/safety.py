"""What follows when somebody speaks of harming themselves."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from common.crypto import EncryptedTextField
from common.models import Record
from common.states import StatefulModel, state_check
from households.enums import SAFETY_MOVES, SafetyState
from households.models.household import Household
from households.models.rights import CaseFileQuerySet
from households.models.scales import InstrumentResult


class SafetyAlert(Record, StatefulModel):
    """Somebody spoke of harming themselves: acted on at once, and closed by a supervisor only with what was done."""

    TITLE = ("household.number", "raised_at")

    STATES = SafetyState
    MOVES = SAFETY_MOVES

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="safety_alerts")
    result = models.OneToOneField(InstrumentResult, on_delete=models.PROTECT, related_name="alert")
    raised_at = models.DateTimeField(pgettext_lazy("safety", "raised"))
    due = models.DateTimeField(_("act by"))
    steps = models.JSONField(_("what was done of the list"), default=list)
    done = EncryptedTextField(_("what was done"), label="safety_alert.done", blank=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True)
    next_contact = models.DateField(_("next contact by"), null=True)
    closing = EncryptedTextField(_("how things stand now"), label="safety_alert.closing", blank=True)
    closed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    closed_at = models.DateTimeField(null=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("safety alert")
        verbose_name_plural = _("safety alerts")
        constraints = [
            state_check(SafetyState, "safety_alert_state"),
            models.CheckConstraint(
                condition=Q(state="open")
                | (Q(done_by__isnull=False, done_at__isnull=False, next_contact__isnull=False) & ~Q(done="")),
                name="safety_alert_done_said",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed")
                | (Q(closed_by__isnull=False, closed_at__isnull=False) & ~Q(closing="")),
                name="safety_alert_closed_complete",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="safety_alert_due")]
