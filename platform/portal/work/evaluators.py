"""Evaluators: what they scored, how near the team's result it lay, and what was put right after them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Avg, F, QuerySet
from django.db.models.functions import Abs
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from common.templatetags.ui import day, number
from evaluation.models import ENDED, Evaluation, Finding, Score
from portal.work.counted import YEAR, Counted, Line


def scored(user: Any, since: datetime) -> QuerySet[Any]:
    """The own sheets of evaluations the user was drawn for."""
    rows = Score.objects.visible_to(user).filter(evaluator=user, submitted_at__gte=since)
    return rows.filter(evaluation__in=_own(user)).select_related("evaluation__project")


def closed(user: Any, since: datetime) -> QuerySet[Any]:
    """Sheets whose evaluation is final, with the distance to its result."""
    rows = scored(user, since).filter(evaluation__state__in=ENDED, evaluation__score__isnull=False)
    found: QuerySet[Any] = rows.annotate(distance=Abs(F("total") - F("evaluation__score")))
    return found


def findings(user: Any, since: datetime) -> QuerySet[Any]:
    rows = Finding.objects.visible_to(user).filter(found_by=user, found_at__gte=since)
    return rows.select_related("evaluation__project")


def put_right(user: Any, since: datetime) -> QuerySet[Any]:
    rows = Finding.objects.visible_to(user).filter(found_by=user, resolved_at__gte=since)
    return rows.select_related("evaluation__project")


def _own(user: Any) -> QuerySet[Any]:
    rows: QuerySet[Any] = Evaluation.objects.visible_to(user)
    return rows.filter(team__user=user, team__recused=False)


def _mean_distance(rows: QuerySet[Any]) -> tuple[Any, Any]:
    count = rows.count()
    if not count:
        return "—", ""
    mean = rows.aggregate(mean=Avg("distance"))["mean"]
    over = ngettext("over %(count)d evaluation", "over %(count)d evaluations", count) % {"count": count}
    return _("%(points)s points") % {"points": number(round(mean, 1))}, over


def _line(evaluation: Evaluation, title: Any, at: datetime | None, side: Any = "") -> Line:
    meta = " · ".join([evaluation.number, evaluation.get_stage_display(), *([day(at)] if at else [])])
    return Line(title, meta, reverse("evaluation:file", args=[evaluation.public_id]), side)


def _sheet_line(row: Score) -> Line:
    side = _("%(points)s points") % {"points": number(row.total)}
    return _line(row.evaluation, row.evaluation.project.title, row.submitted_at, side)


def _distance_line(row: Any) -> Line:
    side = _("mine %(mine)s · result %(result)s · %(apart)s apart") % {
        "mine": number(row.total),
        "result": number(row.evaluation.score),
        "apart": number(row.distance),
    }
    return _line(row.evaluation, row.evaluation.project.title, row.submitted_at, side)


def _finding_line(row: Finding) -> Line:
    return _line(row.evaluation, row.text, row.found_at, _("Put right") if row.resolved_at else _("Open"))


GAVE = (
    Counted("scored", gettext_lazy("Projects scored"), scored, _sheet_line, days=YEAR),
    Counted("findings", gettext_lazy("Findings written"), findings, _finding_line, days=YEAR),
)
CAME_OF_IT = (
    Counted(
        "distance",
        gettext_lazy("My score differs from the result by"),
        closed,
        _distance_line,
        _mean_distance,
        YEAR,
    ),
    Counted("put-right", gettext_lazy("Findings put right"), put_right, _finding_line, days=YEAR),
)
