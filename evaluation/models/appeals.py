"""Appeals of agencies against what was decided about them."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.models import Record
from common.states import StatefulModel, state_check
from evaluation.enums import (
    APPEAL_MOVES,
    AppealState,
)
from evaluation.models.cases import OwnCaseQuerySet


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
