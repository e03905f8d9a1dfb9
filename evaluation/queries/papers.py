"""What an evaluator finds on record about a project and can name as the evidence of a heading."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.templatetags.ui import day
from delivery.models import ProgressReport
from evaluation.models import Goal
from projects.models import Milestone, Project


def papers_of(project: Project) -> dict[str, str]:
    """A slug for each thing on the page of the evaluation, with its words; no family is named."""
    papers = {
        "plan": _("The project's plan"),
        "analyses": _("Joint analyses agreed"),
        "deliveries": _("Deliveries confirmed by families"),
        "payments": _("Payments"),
        "vouchers": _("Vouchers"),
    }
    for report in ProgressReport.objects.filter(project=project).order_by("-period_end", "-pk"):
        period = f"{day(report.period_start)} – {day(report.period_end)}"
        papers[f"report.{report.public_id}"] = f"{_('Progress report')} {period}"
    for milestone in Milestone.objects.filter(project=project).order_by("due", "pk"):
        papers[f"milestone.{milestone.public_id}"] = f"{_('Milestone')} {milestone.title}"
    for goal in Goal.objects.filter(project=project).order_by("pk"):
        papers[f"goal.{goal.public_id}"] = f"{_('Goal')} {goal.title}"
    return papers
