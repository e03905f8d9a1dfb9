"""What has to follow from an objection in which the family was right: a day to keep, and what was done."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from common.crypto import EncryptedTextField
from common.gate import Seat
from common.models import Record
from common.states import StatefulModel, state_check
from households.enums import REMEDY_MOVES, Outcome, RemedyState
from households.models.household import Household
from households.models.rights import CASE_ROLES, CaseFileQuerySet, Objection


class RemedyQuerySet(CaseFileQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> RemedyQuerySet:
        """Whoever may see the objection, and who acted on it."""
        if seat is None or seat.role not in CASE_ROLES:
            return self.none()
        objections = Objection.objects.visible_to(user)
        return self.filter(Q(objection__in=objections.values("pk")) | Q(done_by=user))


class Remedy(Record, StatefulModel):
    """One a decision; done is said in words the family reads, with what kind of thing it was, when and by whom."""

    STATES = RemedyState
    MOVES = REMEDY_MOVES

    objection = models.OneToOneField(Objection, on_delete=models.PROTECT, related_name="remedy")
    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="remedies")
    due = models.DateField(_("act by"))
    created_at = models.DateTimeField()
    outcome = models.CharField(_("what came of it"), max_length=12, choices=Outcome, blank=True)
    text = EncryptedTextField(_("what was done"), label="remedy.text", blank=True)
    done_on = models.DateField(_("done on"), null=True)
    done_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    done_at = models.DateTimeField(null=True)

    objects: ClassVar = RemedyQuerySet.as_manager()

    class Meta:
        verbose_name = _("action on an objection")
        verbose_name_plural = _("actions on objections")
        constraints = [
            state_check(RemedyState, "remedy_state"),
            models.CheckConstraint(
                condition=~Q(state="done")
                | (
                    Q(done_on__isnull=False, done_by__isnull=False, done_at__isnull=False)
                    & ~Q(outcome="")
                    & ~Q(text="")
                ),
                name="remedy_done_complete",
            ),
        ]
        indexes = [models.Index(fields=["state", "due"], name="remedy_due")]

    def __str__(self) -> str:
        return str(self.objection)
