"""Questionnaires as data: what they ask, how answers become a score, and when there is none (domain §4.3)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from reference.models.vocabulary import localised

REFUSED = "refused"  # kept as an answer of its own: never a zero


@dataclass(frozen=True)
class Words:
    """A text in both languages."""

    zh: str
    en: str

    def __str__(self) -> str:
        return localised(self.zh, self.en)


@dataclass(frozen=True)
class Choice:
    slug: str
    points: int
    words: Words


@dataclass(frozen=True)
class Question:
    slug: str
    words: Words


@dataclass(frozen=True)
class Band:
    """From which score on a result reads so; `look` asks to look further."""

    start: int
    look: bool
    words: Words


@dataclass(frozen=True)
class Outcome:
    """A score, or why there is none; the band stands where no open answer could move it."""

    score: int | None
    band: Band | None
    refused: int
    open: int


@dataclass(frozen=True)
class Scale:
    """One version of a questionnaire."""

    code: str
    version: str
    title: Words
    lead: Words
    licence: Words
    source: str
    own_wording: tuple[str, ...]
    trained: bool
    youngest: int
    better: str
    unit: str
    kind: str
    factor: int
    questions: tuple[Question, ...]
    choices: tuple[Choice, ...]
    bands: tuple[Band, ...]
    safety_item: str
    safety_above: int
    safety_steps: tuple[Question, ...]

    @property
    def highest(self) -> int:
        """The highest score anybody can have."""
        return self._scored([max(choice.points for choice in self.choices)] * len(self.questions))

    def outcome(self, answers: Mapping[str, str]) -> Outcome:
        """The score when every question is answered; a refusal or an open question leaves none."""
        points = {choice.slug: choice.points for choice in self.choices}
        given = [answers.get(question.slug, "") for question in self.questions]
        known = [points[slug] for slug in given if slug in points]
        missing = len(given) - len(known)
        refused = given.count(REFUSED)
        rest = [choice.points for choice in self.choices]
        low = self.band_of(self._scored([*known, *[min(rest)] * missing]))
        high = self.band_of(self._scored([*known, *[max(rest)] * missing]))
        score = None if missing else self._scored(known)
        return Outcome(score, low if low == high else None, refused, missing - refused)

    def band_of(self, score: int) -> Band:
        return [band for band in self.bands if band.start <= score][-1]

    def in_danger(self, answers: Mapping[str, str]) -> bool:
        """Whether an answer asks to act at once, whatever the score."""
        points = {choice.slug: choice.points for choice in self.choices}
        return bool(self.safety_item) and points.get(answers.get(self.safety_item, ""), 0) > self.safety_above

    def unknown(self, answers: Mapping[str, str]) -> list[str]:
        """Questions it does not ask and answers it does not offer."""
        slugs = {question.slug for question in self.questions}
        offered = {*(choice.slug for choice in self.choices), REFUSED}
        return [name for name, slug in answers.items() if name not in slugs or slug not in offered]

    def _scored(self, points: Iterable[int]) -> int:
        values = list(points)
        return self.factor * (max(values) if self.kind == "worst" else sum(values))
