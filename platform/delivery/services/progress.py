"""Progress reports of the agency."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from common.exceptions import Refused
from common.recording import record
from delivery.models import ProgressReport
from delivery.rules import refuse_unless_of_agency
from projects.models import Project


@transaction.atomic
def report_progress(
    *,
    project: Project,
    period_start: date,
    period_end: date,
    text: str,
    households_served: int,
    spent: int,
    by: User,
    at: datetime,
) -> ProgressReport:
    """What was done in a period, in words and figures."""
    refuse_unless_of_agency(project, by)
    if period_end <= period_start:
        raise Refused("period", _("The period ends before it starts."), field="period_end")
    report = ProgressReport.objects.create(
        project=project,
        period_start=period_start,
        period_end=period_end,
        text=text,
        households_served=households_served,
        spent=spent,
        by=by,
        at=at,
    )
    record("project.progress_reported", project, by=by, at=at, households=households_served, spent=spent)
    return report
