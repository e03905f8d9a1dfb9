"""Finished evaluations and what they left to be put right."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Any

from common.clock import SHANGHAI
from evaluation.models import ENDED, Evaluation, Finding
from projects.enums import Stage
from projects.models import Project


def end_of(day: date) -> datetime:
    """The first moment of the next day in Shanghai: what lies before it belongs to the day."""
    return datetime.combine(day + timedelta(days=1), time.min, SHANGHAI)


def latest_evaluation(project: Project, *, stage: str | None = None) -> Evaluation | None:
    """The newest evaluation of a project, of one stage or of any."""
    rows = Evaluation.objects.filter(project=project)
    return (rows.filter(stage=stage) if stage else rows).order_by("-pk").first()


def open_findings(evaluation: Evaluation) -> list[Finding]:
    """What this stage of the project must put right and has not, whichever round found it."""
    rows = Finding.objects.filter(
        evaluation__project_id=evaluation.project_id,
        evaluation__stage=evaluation.stage,
        due__isnull=False,
        resolved_at__isnull=True,
    )
    return list(rows.order_by("due", "pk"))


def finished_results(as_of: date) -> Iterator[dict[str, Any]]:
    """Every final ex-post evaluation up to the day, oldest first: the only project results a rating counts."""
    return (
        Evaluation.objects.filter(
            stage=Stage.EX_POST, state__in=ENDED, score__isnull=False, final_at__lt=end_of(as_of)
        )
        .order_by("final_at", "pk")
        .values(
            "pk", "public_id", "score", "grade", "veto", "final_at", "inputs", "project__agency_id", "project_id",
            "project__public_id", "project__funds",
        )
        .iterator()
    )  # fmt: skip
