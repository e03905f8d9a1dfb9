"""Working days as data: holidays and the working weekends that pay for them."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.utils.translation import gettext_lazy as _

from common.gate import OpenQuerySet


class WorkCalendar(models.Model):
    """One day of a year whose calendar is known; `provisional` until the State Council's notice for the year is out."""

    date = models.DateField(_("date"), primary_key=True)
    working = models.BooleanField(_("working day"))
    label_zh = models.CharField(_("Chinese name"), max_length=40, blank=True)
    label_en = models.CharField(_("English name"), max_length=60, blank=True)
    provisional = models.BooleanField(_("provisional"), default=False)
    document = models.CharField(_("document"), max_length=100, blank=True)

    objects: ClassVar = OpenQuerySet.as_manager()

    class Meta:
        verbose_name = _("working day")
        verbose_name_plural = _("work calendar")
        ordering = ["date"]

    def __str__(self) -> str:
        return self.date.isoformat()
