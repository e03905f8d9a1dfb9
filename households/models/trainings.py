"""Who was trained to ask a questionnaire."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from households.models.rights import CASE_ROLES


class TrainingQuerySet(GatedQuerySet):
    def in_force(self, on: Any) -> TrainingQuerySet:
        """Neither taken back nor over on this day."""
        return self.filter(revoked_at__isnull=True, valid_to__gte=on)

    def seen_by(self, user: Any, seat: Seat | None) -> TrainingQuerySet:
        """The own ones; a supervisor those recorded for the area."""
        if seat is None or seat.role not in CASE_ROLES:
            return self.none()
        own = Q(holder=user)
        return self.filter(own | Q(area__startswith=seat.prefix) if seat.role == Role.SUPERVISOR else own)


class Training(Record):
    """That a worker was trained to ask a questionnaire, seen on paper by a supervisor who is somebody else."""

    TITLE = ("code", "valid_to")

    holder = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("worker")
    )
    area = models.CharField(_("area code"), max_length=12, blank=True)
    code = models.CharField(_("questionnaire"), max_length=20)
    course = models.CharField(_("course and certificate"), max_length=120)
    valid_to = models.DateField(_("valid until"))
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    revoked_at = models.DateTimeField(null=True)

    objects: ClassVar = TrainingQuerySet.as_manager()

    class Meta:
        verbose_name = _("training for a questionnaire")
        verbose_name_plural = _("trainings for questionnaires")
        constraints = [
            models.CheckConstraint(condition=~Q(holder=F("recorded_by")), name="training_four_eyes"),
            models.UniqueConstraint(
                fields=["holder", "code"], condition=Q(revoked_at__isnull=True), name="training_once"
            ),
        ]
