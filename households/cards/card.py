"""A points card: whole points for answers a household can give; what is not known is never counted as 0."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

MOST_INDICATORS = 20
MAX_MISSING = Fraction(1, 5)  # the rule of a fifth, as for the deprivation score (domain §5.2)

Answer = float | str | None
YES_NO, COUNTED, MEASURED, WORDS = "yes_no", "counted", "measured", "words"  # kinds of answers
KINDS = frozenset({YES_NO, COUNTED, MEASURED, WORDS})


class CardFault(ValueError):
    """What was stored or sent as a card is none."""


@dataclass(frozen=True)
class Bin:
    """An answer and its points: a number `start` ≤ x < `below`, or one of `words`."""

    points: int
    start: float | None = None
    below: float | None = None
    words: tuple[str, ...] = ()

    def holds(self, answer: float | str) -> bool:
        if isinstance(answer, str) or self.words:
            return answer in self.words
        return (self.start is None or answer >= self.start) and (self.below is None or answer < self.below)

    def as_json(self) -> dict[str, Any]:
        if self.words:
            return {"points": self.points, "words": list(self.words)}
        return {"points": self.points, "from": self.start, "below": self.below}


@dataclass(frozen=True)
class Indicator:
    """One question of the card. `fact` names what the register records about it, or nothing."""

    name: str
    words: str
    bins: tuple[Bin, ...]
    fact: str = ""
    kind: str = COUNTED

    @property
    def most(self) -> int:
        return max(one.points for one in self.bins)

    def bin_of(self, answer: Answer) -> Bin | None:
        """The bin of an answer; None when it is not known, or none of the answers the card was made from."""
        if answer is None:
            return None
        return next((one for one in self.bins if one.holds(answer)), None)

    def as_json(self) -> dict[str, Any]:
        bins = [one.as_json() for one in self.bins]
        return {"name": self.name, "words": self.words, "fact": self.fact, "kind": self.kind, "bins": bins}


@dataclass(frozen=True)
class Line:
    """What one indicator gave: None when its answer is not known."""

    indicator: Indicator
    bin: Bin | None

    @property
    def points(self) -> int | None:
        return None if self.bin is None else self.bin.points


@dataclass(frozen=True)
class Result:
    """The points of one household with every line they come from; `points` is None when too much is unknown."""

    points: int | None
    found: int
    missing: Fraction
    lines: tuple[Line, ...]

    @property
    def missing_share(self) -> float:
        return float(self.missing)

    @property
    def unknown(self) -> list[Indicator]:
        return [line.indicator for line in self.lines if line.bin is None]


@dataclass(frozen=True)
class Card:
    """At most twenty indicators; the more points, the more likely a household is one of those looked for."""

    indicators: tuple[Indicator, ...]

    def __post_init__(self) -> None:
        if not 0 < len(self.indicators) <= MOST_INDICATORS:
            raise CardFault(f"a card has 1 to {MOST_INDICATORS} indicators, this one {len(self.indicators)}")
        if len({one.name for one in self.indicators}) < len(self.indicators):
            raise CardFault("an indicator stands on the card twice")
        for one in self.indicators:
            if one.kind not in KINDS:
                raise CardFault(f"{one.name}: {one.kind!r} is no kind of answer")
            if any(answer.points < 0 for answer in one.bins) or len(one.bins) < 2 or not one.most:
                raise CardFault(
                    f"{one.name}: a card gives whole points from 0 up, and not the same to everybody"
                )

    @property
    def most(self) -> int:
        return sum(one.most for one in self.indicators)

    def score(self, answers: Mapping[str, Answer]) -> Result:
        """Points found, scaled up to the whole card by what is known; none when over a fifth of it is unknown."""
        lines = tuple(Line(one, one.bin_of(answers.get(one.name))) for one in self.indicators)
        found = sum(line.points or 0 for line in lines)
        known = sum(line.indicator.most for line in lines if line.bin is not None)
        missing = 1 - Fraction(known, self.most)
        if not known or missing > MAX_MISSING:
            return Result(None, found, missing, lines)
        return Result((2 * found * self.most + known) // (2 * known), found, missing, lines)

    def as_json(self) -> dict[str, Any]:
        return {"most": self.most, "indicators": [one.as_json() for one in self.indicators]}


def card_from(content: Mapping[str, Any]) -> Card:
    """A card as `as_json` wrote it."""
    try:
        return Card(
            tuple(
                Indicator(
                    name=str(one["name"]),
                    words=str(one["words"]),
                    bins=tuple(_bin(answer) for answer in one["bins"]),
                    fact=str(one.get("fact", "")),
                    kind=str(one["kind"]),
                )
                for one in content["indicators"]
            )
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise CardFault(f"this is no points card: {error}") from error


def _bin(content: Mapping[str, Any]) -> Bin:
    points = content["points"]
    if not isinstance(points, int) or isinstance(points, bool):
        raise CardFault(f"{points!r} are no whole points")
    words = tuple(str(word) for word in content.get("words", ()))
    return Bin(points, content.get("from"), content.get("below"), words)
