"""The card in use where a household lives, and its points there; computed anew each time, stored nowhere."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from households.cards.card import Result, card_from
from households.cards.facts import file_of, score_of
from households.enums import CardState
from households.models import Household, PointsCard
from reference.coding import lineage


@dataclass(frozen=True)
class Advice:
    """What the card in use says about a household."""

    card: PointsCard
    result: Result

    @property
    def anything(self) -> bool:
        """Whether any of its questions is answered in the register at all."""
        return any(line.bin is not None for line in self.result.lines)


def card_for(area: str) -> PointsCard | None:
    """The card in use nearest to a place: its own township's, county's, …, or the whole country's."""
    found = PointsCard.objects.filter(state=CardState.IN_USE, area__in=["", *lineage(area)])
    return max(found, key=lambda card: len(card.area), default=None)


def advice_for(household: Household, on: date) -> Advice | None:
    """None where no card is in use."""
    card = card_for(household.area)
    if card is None:
        return None
    return Advice(card, score_of(card_from(card.content), file_of(household, on)))
