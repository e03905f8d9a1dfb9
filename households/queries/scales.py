"""Who may ask a questionnaire, and how one person's answers changed from stage to stage."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from accounts.models import User
from households.instruments import MoodAnswer
from households.measures.scales import REFUSED, Outcome, Scale
from households.models import Assessment, Household, Instrument, InstrumentResult, Member, Training

IN_ASSESSMENTS = {"wgss": "functioning", "phq2": "mood"}  # asked there for the family; kept there alone


def is_trained(user: User, code: str, on: date) -> bool:
    """Whether a training of this person for the questionnaire counts on this day."""
    return bool(Training.objects.in_force(on).filter(holder=user, code=code).exists())


def trained_for(user: User, on: date) -> set[str]:
    return set(Training.objects.in_force(on).filter(holder=user).values_list("code", flat=True))


@dataclass(frozen=True)
class Asked:
    """One stage, and how far the score moved since the last one that has one."""

    result: InstrumentResult
    found: Outcome
    change: int | None
    better: bool


@dataclass(frozen=True)
class Series:
    """One person's stages of one questionnaire, the first on top."""

    member: Member
    scale: Scale
    stages: list[Asked]


def series_of(household: Household, user: Any) -> list[Series]:
    """Every questionnaire of every person of the file, at the cost of one query."""
    rows = household.instrument_results.visible_to(user).select_related("instrument", "member", "taken_by")
    grouped: dict[tuple[int, str], list[InstrumentResult]] = {}
    for row in rows.order_by("member_id", "code", "stage"):
        grouped.setdefault((row.member_id, row.code), []).append(row)
    return [
        Series(stages[0].member, stages[-1].instrument.scale, list(_asked(stages)))
        for stages in grouped.values()
    ]


def _asked(stages: list[InstrumentResult]) -> Iterator[Asked]:
    last: int | None = None
    for row in stages:
        found = row.found
        change = None if found.score is None or last is None else found.score - last
        rising = row.instrument.scale.better == "up"
        yield Asked(row, found, change, change is not None and (change > 0) == rising)
        last = last if found.score is None else found.score


def asked_in_assessments(household: Household) -> list[tuple[Assessment, Scale, Outcome]]:
    """The two questionnaires of the assessment, read where they stand and not copied."""
    scales = {
        row.code: row.scale for row in Instrument.objects.current().filter(code__in=list(IN_ASSESSMENTS))
    }
    found = []
    for assessment in household.assessments.order_by("pk"):
        for code, column in IN_ASSESSMENTS.items():
            answers = getattr(assessment, column)
            if answers and code in scales:
                said = {
                    name: REFUSED if value == MoodAnswer.REFUSED else value for name, value in answers.items()
                }
                found.append((assessment, scales[code], scales[code].outcome(said)))
    return found
