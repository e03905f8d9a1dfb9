"""`manage.py rate --as-of DATE`: ratings of agencies from their finished evaluations, as drafts."""

from __future__ import annotations

from datetime import date
from typing import Any

from common import clock
from common.actors import SYSTEM
from evaluation.commands import DayCommand
from evaluation.enums import RatingState
from evaluation.models import Rating
from evaluation.services import compute_ratings


class Command(DayCommand):
    help = "Computes the ratings of all agencies as of a day; a second run gives the same numbers."

    def compute(self, day: date) -> dict[str, Any]:
        done = compute_ratings(as_of=day, by=SYSTEM, at=clock.now())
        rows = (
            Rating.objects.filter(as_of=day, policy__version=done["policy"])
            .exclude(state=RatingState.SET_ASIDE)
            .select_related("agency__organisation")
            .order_by("-score", "agency__organisation__name", "pk")
        )
        return {**done, "ratings": [_plain(row) for row in rows]}

    def lines(self, report: dict[str, Any]) -> list[str]:
        head = f"{report['agencies']} agencies as of {report['as_of']}, policy {report['policy']}"
        return [head, *(_line(row) for row in report["ratings"])]


def _plain(row: Rating) -> dict[str, Any]:
    return {
        "agency": row.agency.public_id,
        "name": row.agency.name,
        "projects": row.projects_counted,
        "project_score": None if row.project_score is None else float(row.project_score),
        "score": None if row.score is None else float(row.score),
        "level": row.level,
        "state": row.state,
        "inputs_hash": row.inputs_hash,
    }


def _line(row: dict[str, Any]) -> str:
    score = "insufficient data" if row["score"] is None else f"{row['score']:.2f} {row['level']}"
    projects = "" if row["project_score"] is None else f", projects {row['project_score']:.2f}"
    return f"{row['name']}: {score} (n={row['projects']}{projects})"
