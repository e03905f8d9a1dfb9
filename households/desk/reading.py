"""An assessment as it is read: every answer of the three levels in words."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from common.templatetags.ui import day
from households.desk.forms.assessment import LEVELS
from households.instruments import (
    CauseLevel,
    Difficulty,
    Duration,
    Frequency,
    FunctionDomain,
    Grade,
    MoodAnswer,
    MoodQuestion,
    Risk,
)
from households.models import Assessment
from households.queries.ranking import ranking_words
from households.services.assessment import EITHER, MANDATORY
from reference.queries import labels

EXTRA = {
    "problem": ("risks",),
    "situation": ("policies_enjoyed", "policies_missing"),
    "synthesis": ("ranking",),
}


@dataclass(frozen=True)
class Section:
    """One level with its answers."""

    title: Any
    facts: list[tuple[Any, Any]]


def sections_of(assessment: Assessment) -> list[Section]:
    """The four parts; what is not answered yet shows a dash."""
    return [
        Section(
            LEVELS[level][0],
            [
                (Assessment._meta.get_field(name).verbose_name, _said(assessment, name) or "—")  # type: ignore[union-attr]
                for name in (*names, *EXTRA.get(level, ()))
            ],
        )
        for level, names in MANDATORY.items()
    ]


def _said(row: Assessment, name: str) -> Any:
    value = getattr(row, name)
    if name == "risks":
        return _(", ").join(str(Risk(slug).label) for slug in value) or (
            _("no immediate risk") if row.no_risk_seen else ""
        )
    if name == "ranking":
        return ranking_words(row)
    if name in {"functioning", "mood"}:
        return _instrument(name, value)
    if name == "causes":
        causes = labels("cause")
        return _(", ").join(
            f"{causes.get(cause['code'], cause['code'])} ({CauseLevel(cause['level']).label})"
            for cause in value
        )
    if name in {"policies_enjoyed", "policies_missing"}:
        measures = labels("measure")
        return _(", ").join(measures.get(slug, slug) for slug in value) or (
            _("none") if getattr(row, EITHER[name]) else ""
        )
    if name == "category":
        return labels("need_category").get(value, value)
    if name == "grade":
        return "" if value is None else Grade(value).label
    if name in {"frequency", "duration"}:
        return {**dict(Frequency.choices), **dict(Duration.choices)}.get(value, value)
    return day(value) if name == "onset" else value


def _instrument(name: str, value: dict[str, str]) -> str:
    questions: Any = FunctionDomain if name == "functioning" else MoodQuestion
    answers: Any = Difficulty if name == "functioning" else MoodAnswer
    return "\n".join(
        f"{questions(question).label}: {answers(answer).label}" for question, answer in value.items()
    )
