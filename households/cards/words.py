"""A card in plain words: its questions, its answers, and what each of them gave a household."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from households.cards.card import COUNTED, YES_NO, Bin, Card, Indicator, Result
from households.cards.facts import FACTS


@dataclass(frozen=True)
class Question:
    """One line of the printed card."""

    number: int
    words: Any
    answers: list[tuple[str, int]]
    most: int
    recorded: bool


@dataclass(frozen=True)
class Said:
    """One line of a household's explanation; `points` is None where the answer is not known."""

    words: Any
    answer: str
    points: int | None
    most: int


def questions_of(card: Card) -> list[Question]:
    return [
        Question(
            number,
            question_of(one),
            [(answer_words(one, answer), answer.points) for answer in one.bins],
            one.most,
            one.fact in FACTS,
        )
        for number, one in enumerate(card.indicators, start=1)
    ]


def said_of(result: Result) -> list[Said]:
    """Each point and where it comes from, in the order of the card."""
    return [
        Said(
            question_of(line.indicator),
            _("not known") if line.bin is None else answer_words(line.indicator, line.bin),
            line.points,
            line.indicator.most,
        )
        for line in result.lines
    ]


def question_of(indicator: Indicator) -> Any:
    """The register's own words for what it records, else those the card came with."""
    return FACTS[indicator.fact].label if indicator.fact in FACTS else indicator.words


def answer_words(indicator: Indicator, answer: Bin) -> str:
    """An answer as one reads it aloud."""
    if answer.words:
        return _(", ").join(answer.words)
    start, below = answer.start, answer.below
    if indicator.kind == YES_NO:
        return _("yes") if start is not None else _("no")
    if indicator.kind == COUNTED:
        if start is None and below == 1:
            return _("none")
        if start is not None and below is not None and below - start == 1:
            return f"{start:g}"
        if start is not None and below is not None:
            return _("%(from)s to %(to)s") % {"from": f"{start:g}", "to": f"{below - 1:g}"}
    if start is None:
        return _("less than %(below)s") % {"below": f"{below:g}"}
    if below is None:
        return _("%(from)s or more") % {"from": f"{start:g}"}
    return _("%(from)s and more, less than %(below)s") % {"from": f"{start:g}", "below": f"{below:g}"}
