"""What the quality rules saw: a flag asks for an explanation and rejects nothing by itself (domain §2.9)."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from common.models import Record
from common.states import StatefulModel, state_check
from households.enums import FLAG_MOVES, FlagState
from households.models.household import Household, Member
from households.models.rights import CaseFileQuerySet

OPEN = [FlagState.RAISED, FlagState.ASKED, FlagState.EXPLAINED]


class QualityFlag(Record, StatefulModel):
    """One rule hit on one household: explained, visited, then cleared, corrected or confirmed false by two people."""

    TITLE = ("household.number", "rule", "raised_at")

    STATES = FlagState
    MOVES = FLAG_MOVES

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="flags")
    application = models.ForeignKey(
        "households.Application", on_delete=models.PROTECT, null=True, related_name="flags"
    )
    member = models.ForeignKey(Member, on_delete=models.PROTECT, null=True, related_name="+")
    rule = models.CharField(_("rule"), max_length=20)
    severity = models.CharField(
        max_length=8, choices=[("block", _("blocks")), ("flag", _("to explain")), ("info", _("to know"))]
    )
    detail = models.JSONField(default=dict)
    raised_at = models.DateTimeField()
    explanation = EncryptedTextField(_("explanation"), label="flag.explanation", blank=True)
    first_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    second_decider = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_at = models.DateTimeField(null=True)
    reason = EncryptedTextField(label="flag.reason", blank=True)

    objects: ClassVar = CaseFileQuerySet.as_manager()

    class Meta:
        verbose_name = _("data question")
        verbose_name_plural = _("data questions")
        constraints = [
            state_check(FlagState, "flag_state"),
            models.CheckConstraint(
                condition=~Q(state="confirmed_false")
                | (
                    Q(first_decider__isnull=False, second_decider__isnull=False)
                    & ~Q(first_decider=models.F("second_decider"))
                ),
                name="flag_false_by_two",
            ),
            models.UniqueConstraint(
                fields=["household", "rule", "member"],
                condition=Q(state__in=OPEN, member__isnull=False),
                name="flag_open_once",
            ),
            models.UniqueConstraint(
                fields=["household", "rule"],
                condition=Q(state__in=OPEN, member__isnull=True),
                name="flag_of_household_open_once",
            ),
        ]
        indexes = [models.Index(fields=["state", "household"], name="flag_open")]
