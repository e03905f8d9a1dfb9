"""An import as an object: pending rows, checked, then merged or refused, each with its reason."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.enums import Role
from common.crypto import EncryptedTextField
from common.gate import GatedQuerySet, Seat
from common.models import Record
from common.states import StatefulModel, state_check
from files.models import Attachment
from households.models.household import Household

READERS = frozenset({Role.SOCIAL_WORKER, Role.SUPERVISOR})


class BatchState(models.TextChoices):
    PENDING = "pending", _("Being checked")
    CHECKED = "checked", _("Checked, waits for a supervisor")
    MERGING = "merging", _("Going into the register")
    MERGED = "merged", _("Merged")
    REFUSED = "refused", _("Refused")


STANDING = (BatchState.PENDING, BatchState.CHECKED, BatchState.MERGING, BatchState.MERGED)


class RowState(models.TextChoices):
    PENDING = "pending", _("Waits, to be looked at beyond the area")
    READY = "ready", _("Ready")
    INCOMPLETE = "incomplete", _("Ready, something is missing")
    FAULTY = "faulty", _("Has a fault")
    MERGED = "merged", _("Merged")
    LEFT_OUT = "left_out", _("Left out by a person")


class ImportBatchQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> ImportBatchQuerySet:
        if seat is None or seat.role not in READERS:
            return self.none()
        return self.filter(area__startswith=seat.prefix)


class ImportBatch(Record, StatefulModel):
    """One file: its hash, mapping and counts. The file itself is kept sealed until it is merged or refused."""

    STATES = BatchState
    MOVES = {
        BatchState.PENDING: {BatchState.CHECKED, BatchState.REFUSED},
        BatchState.CHECKED: {BatchState.MERGING, BatchState.REFUSED},
        BatchState.MERGING: {BatchState.MERGED, BatchState.REFUSED},
    }

    name = models.CharField(_("file"), max_length=120)
    sha256 = models.CharField(max_length=64)
    mapping = models.CharField(max_length=60)
    scope = models.CharField(max_length=12, blank=True)  # of whoever sent it: no household outside goes in
    area = models.CharField(max_length=12, blank=True)
    file = models.ForeignKey(Attachment, on_delete=models.PROTECT, null=True, related_name="+")
    job_ref = models.CharField(max_length=12, blank=True)
    # What year its facts speak of; empty where the mapping states none or says it itself.
    period_start = models.DateField(_("facts from"), null=True)
    period_end = models.DateField(_("to, this day not included"), null=True)
    rows_read = models.PositiveIntegerField(default=0)
    households_read = models.PositiveIntegerField(default=0)
    households_merged = models.PositiveIntegerField(default=0)
    members_merged = models.PositiveIntegerField(default=0)
    findings = models.JSONField(default=dict)
    summary = models.JSONField(default=dict)
    refusal_code = models.CharField(max_length=40, blank=True)
    refusal = EncryptedTextField(label="import_batch.refusal", blank=True)
    by_user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    created_at = models.DateTimeField()
    forgotten_at = models.DateTimeField(null=True)  # the words of its rows were erased

    objects: ClassVar = ImportBatchQuerySet.as_manager()

    class Meta:
        verbose_name = _("import")
        verbose_name_plural = _("imports")
        constraints = [
            state_check(BatchState, "import_batch_state"),
            models.UniqueConstraint(
                fields=["sha256", "mapping"], condition=Q(state__in=STANDING), name="import_once"
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True)
                | ~Q(decided_by=models.F("by_user"))
                | Q(state="refused"),
                name="import_second_person",
            ),
            models.CheckConstraint(
                condition=Q(period_start__isnull=True, period_end__isnull=True)
                | Q(
                    period_start__isnull=False,
                    period_end__isnull=False,
                    period_end__gt=models.F("period_start"),
                ),
                name="import_period",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def period(self) -> tuple[date, date] | None:
        """Which time its facts speak of, half open."""
        start, end = self.period_start, self.period_end
        return (start, end) if start and end else None


class ImportRowQuerySet(GatedQuerySet):
    def seen_by(self, user: Any, seat: Seat | None) -> ImportRowQuerySet:
        """What waits because of a file elsewhere is shown to those alone whose area holds both (decision 0013)."""
        if seat is None or seat.role not in READERS:
            return self.none()
        open_to = ~Q(state=RowState.PENDING) | Q(held_above__startswith=seat.prefix)
        return self.filter(open_to, batch__area__startswith=seat.prefix)


class ImportRow(Record):
    """One row of the file, encrypted, with what was found and where it went."""

    TITLE = ("line",)

    batch = models.ForeignKey(ImportBatch, on_delete=models.PROTECT, related_name="rows")
    line = models.PositiveIntegerField(pgettext_lazy("file", "row"))
    household_key = models.CharField(max_length=80)
    state = models.CharField(max_length=12, choices=RowState, default=RowState.PENDING)
    content = EncryptedTextField(label="import_row.content")
    findings = models.JSONField(default=list)
    household = models.ForeignKey(Household, on_delete=models.PROTECT, null=True, related_name="+")
    held_above = models.CharField(
        max_length=12, blank=True
    )  # of a pending one: the area that holds both files

    objects: ClassVar = ImportRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of an import")
        verbose_name_plural = _("rows of imports")
        constraints = [models.UniqueConstraint(fields=["batch", "line"], name="import_row_line")]
        indexes = [
            models.Index(fields=["batch", "household_key"], name="import_row_household"),
            models.Index(fields=["held_above"], condition=Q(state="pending"), name="import_row_waits"),
        ]

    @property
    def kept_out(self) -> bool:
        """Its household does not go in."""
        return self.state in {RowState.FAULTY, RowState.LEFT_OUT}
