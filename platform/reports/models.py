"""What was asked for and handed out: who, which report, which filters, how many rows, which hash."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from common.gate import GatedQuerySet, Seat
from common.models import Record
from reports.registry import file_name, kinds


class ReportQuerySet(GatedQuerySet):
    """One's own; auditors see that and what was handed out."""

    def seen_by(self, user: Any, seat: Seat | None) -> ReportQuerySet:
        if seat is not None and seat.role == "auditor":
            return self
        return self.filter(by=user) if seat is not None else self.none()


class Report(Record):
    """One download: kept as a record for three years, its file for a week."""

    code = models.CharField(_("report"), max_length=4)
    area = models.CharField(_("area"), max_length=12)
    period = models.CharField(_("period"), max_length=8)
    state = models.CharField(_("state"), max_length=24, blank=True)
    format = models.CharField(_("format"), max_length=4, choices=[("xlsx", "xlsx"), ("csv", "csv")])
    language = models.CharField(
        _("language"), max_length=10, choices=settings.LANGUAGES, default=settings.LANGUAGE_CODE
    )
    reason = models.CharField(_("what for"), max_length=200)
    by = models.ForeignKey(  # nobody: the platform itself, from its shell
        settings.AUTH_USER_MODEL,
        verbose_name=_("asked by"),
        on_delete=models.PROTECT,
        null=True,
        related_name="+",
    )
    role = models.CharField(max_length=24)
    seat_ref = models.CharField(max_length=12, blank=True)
    job_ref = models.CharField(max_length=12, blank=True)
    asked_at = models.DateTimeField(_("asked for"))
    made_at = models.DateTimeField(_("made at"), null=True)
    rows = models.PositiveIntegerField(_("rows"), null=True)
    sha256 = models.CharField(max_length=64, blank=True)
    file = models.ForeignKey("files.Attachment", on_delete=models.PROTECT, null=True, related_name="+")

    objects: ClassVar = ReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("report")
        verbose_name_plural = _("reports")
        indexes = [models.Index(fields=["by", "-id"], name="report_by")]

    def __str__(self) -> str:
        chosen = f" · {self.state_in_words}" if self.state else ""
        return f"{self.code} {self.title} · {self.period}{chosen}"

    @property
    def title(self) -> str:
        """What the catalogue calls it, in the reader's language."""
        return str(kinds()[self.code].title)

    @property
    def state_in_words(self) -> str:
        """The state its rows were chosen by, in the reader's language; without one, all of them."""
        return kinds()[self.code].state_in_words(self.state)

    @property
    def file_name(self) -> str:
        return file_name(self.code, self.area, self.period, self.state, self.format)

    @property
    def is_at_hand(self) -> bool:
        """Made, and its week is not over."""
        return self.file is not None and self.file.erased_at is None
