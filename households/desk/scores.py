"""Scores, changes and lines of questionnaires in words."""

from __future__ import annotations

from django.urls import reverse
from django.utils.translation import gettext as _

from common.charts import Chart, Row, line_chart
from common.templatetags.ui import day
from households.measures.scales import Outcome, Scale
from households.queries.scales import Asked, Series


def outcome_words(scale: Scale, outcome: Outcome) -> str:
    """The score and what it asks for, or why there is none."""
    said = score_words(scale, outcome)
    return f"{said} · {outcome.band.words}" if outcome.band else said


def score_words(scale: Scale, outcome: Outcome) -> str:
    if outcome.score is not None:
        return f"{outcome.score}{scale.unit}"
    return _("no score: %(why)s") % {"why": _why_none(outcome)}


def _why_none(outcome: Outcome) -> str:
    reasons = []
    if outcome.refused:
        reasons.append(_("%(count)s preferred not to be said") % {"count": outcome.refused})
    if outcome.open:
        reasons.append(_("%(count)s not asked") % {"count": outcome.open})
    return _(", ").join(reasons)


def change_words(asked: Asked) -> str:
    """How far it moved since the last score, and whether that is for the better."""
    if asked.change is None:
        return ""
    if asked.change == 0:
        return _("as before")
    words = {"change": f"{asked.change:+d}"}
    return _("%(change)s, better") % words if asked.better else _("%(change)s, worse") % words


def chart_of(series: Series) -> Chart:
    """The line of one person's scores, its table beside it; no score is a gap and never a zero."""
    rows = []
    for asked in series.stages:
        scale, result = asked.result.instrument.scale, asked.result
        said = [score_words(scale, asked.found), change_words(asked)]
        rows.append(
            Row(
                label=f"{result.stage_label} {day(result.asked_on)}",
                value=asked.found.score,
                shown=" · ".join(part for part in said if part),
                url=reverse("admin:households_instrumentresult_read", args=[result.public_id]),
            )
        )
    return line_chart(
        rows,
        title=str(series.scale.title),
        headings=(str(_("Stage")), str(_("Result"))),
        description=_trend(series),
    )


def _trend(series: Series) -> str:
    """What the last result asks for, and the way from the first score to the last."""
    last = series.stages[-1].found
    scores = [asked.found.score for asked in series.stages if asked.found.score is not None]
    said = [str(last.band.words)] if last.band else []
    if len(scores) < 2:
        said.append(_("the change shows from the second score on"))
    else:
        words = {"first": scores[0], "last": scores[-1], "change": f"{scores[-1] - scores[0]:+d}"}
        said.append(_("from %(first)s to %(last)s, %(change)s since the first time") % words)
    return _("; ").join(said)
