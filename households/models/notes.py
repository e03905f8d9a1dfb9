"""Process notes on a level of their own, and supervision."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import Role
from common.crypto import EncryptedTextField
from common.gate import Seat
from common.models import Record
from households.enums import ServiceKind
from households.models.household import Household
from households.models.rights import CASE_ROLES, CaseFileQuerySet


class NoteQuerySet(CaseFileQuerySet):
    """Notes on a level of their own: who wrote them, whose case it is now, and the supervisors of the area."""

    def seen_by(self, user: Any, seat: Seat | None) -> NoteQuerySet:
        if seat is None or seat.role not in CASE_ROLES:
            return self.none()
        area = self.filter(household__area__startswith=seat.prefix)
        if seat.role == Role.SUPERVISOR:
            return area
        return area.filter(Q(household__worker=user) | Q(written_by=user))


class ProcessNote(Record):
    """The facts of one service, written within a day or marked late; corrected by a further note, never altered."""

    TITLE = ("household.number", "served_at")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="process_notes")
    served_at = models.DateTimeField(_("when the family was served"))
    kind = models.CharField(_("in which way"), max_length=12, choices=ServiceKind)
    facts = EncryptedTextField(_("what was said and done"), label="process_note.facts")
    next = EncryptedTextField(_("what follows"), label="process_note.next", blank=True)
    written_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField(_("written"))
    late = models.BooleanField(_("written late"), default=False)
    corrects = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, related_name="corrections", verbose_name=_("corrects")
    )

    objects: ClassVar = NoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("process note")
        verbose_name_plural = _("process notes")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ServiceKind.values) & Q(served_at__lte=F("written_at")),
                name="process_note_after_service",
            )
        ]
        indexes = [models.Index(fields=["household", "served_at"], name="process_note_served")]


class SupervisionQuerySet(CaseFileQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> SupervisionQuerySet:
        """The supervisors of the area, and the colleague it was held with."""
        if seat is None or seat.role not in CASE_ROLES:
            return self.none()
        with_me = Q(worker=user)
        if seat.role == Role.SUPERVISOR:
            return self.filter(Q(household__area__startswith=seat.prefix) | with_me)
        return self.filter(with_me)


class Supervision(Record):
    """A talk of a supervisor with a colleague about one case, what was advised, and that the colleague read it."""

    TITLE = ("household.number", "held_on")

    household = models.ForeignKey(Household, on_delete=models.PROTECT, related_name="supervisions")
    supervisor = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+", verbose_name=_("worker")
    )
    held_on = models.DateField(_("held on"))
    about = EncryptedTextField(_("what it was about"), label="supervision.about")
    advice = EncryptedTextField(_("what was advised"), label="supervision.advice")
    due = models.DateField(_("done by"), null=True)
    written_at = models.DateTimeField(_("written"))
    read_at = models.DateTimeField(_("read"), null=True)

    objects: ClassVar = SupervisionQuerySet.as_manager()

    class Meta:
        verbose_name = _("supervision record")
        verbose_name_plural = _("supervision records")
        constraints = [
            models.CheckConstraint(condition=~Q(worker=F("supervisor")), name="supervision_two_people")
        ]
