"""The yes of agency, donor and household."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Record
from common.states import StatefulModel, state_check
from matching.enums import (
    CONFIRMATION_MOVES,
    ConfirmationState,
    Party,
)
from matching.models.proposals import Proposal, ProposalPartQuerySet


class Confirmation(Record, StatefulModel):
    """One party's answer; the household's is never implied and its silence never releases."""

    TITLE = ("proposal.number", "party", "asked_at")

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
        verbose_name_plural = _("Waiting for an answer")
        constraints = [
            state_check(ConfirmationState, "confirmation_state"),
            models.UniqueConstraint(fields=["proposal", "party"], name="confirmation_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["given", "declined"]) | Q(answered_at__isnull=False) & ~Q(by_ref=""),
                name="confirmation_answered",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="confirmation_due")]
