"""Reports of a project under way."""

from __future__ import annotations

from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from accounts.enums import GOVERNMENT, Role
from common.gate import GatedQuerySet, Seat
from common.models import Record
from delivery.models.agreements import STAFF
from projects.models import Project


class ProgressReport(Record):
    """What the agency did in a period, in words and figures."""

    TITLE = ("project.number", "period_end")

    project = models.ForeignKey(
        Project, verbose_name=_("project"), on_delete=models.PROTECT, related_name="progress_reports"
    )
    period_start = models.DateField(_("from"))
    period_end = models.DateField(_("until"))
    text = models.TextField(_("what was done"))
    households_served = models.PositiveIntegerField(_("households served"))
    spent = models.BigIntegerField(_("spent (fen)"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("recorded on"))

    class Reports(GatedQuerySet):
        def seen_by(self, user: Any, seat: Seat | None) -> Any:
            if seat is None:
                return self.none()
            if seat.role in STAFF | GOVERNMENT:
                return self.filter(project__place__startswith=seat.prefix)
            if seat.role in {Role.AGENCY, Role.FUND_HOLDER}:
                own = "agency" if seat.role == Role.AGENCY else "fund_holder"
                return self.filter(**{f"project__{own}__organisation_id": seat.organisation_id})
            return self.none()

    objects: ClassVar = Reports.as_manager()

    class Meta:
        verbose_name = _("progress report")
        verbose_name_plural = _("progress reports")
        constraints = [
            models.CheckConstraint(condition=Q(period_end__gt=F("period_start")), name="progress_period"),
            models.CheckConstraint(condition=Q(spent__gte=0), name="progress_spent"),
        ]
