"""How often strangers agree in this very table: a common family name proves less than a rare one."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Sequence
from math import log2

from households.duplicates.comparing import Grades
from households.duplicates.fields import FIELDS, SAME, Field
from households.duplicates.learning import learn
from households.duplicates.person import Person

SAMPLE = 20_000  # pairs of strangers drawn
TRUST = 500  # pairs the shares of `fields` stand for; a small table says little by itself
VALUES_TRUST = 50  # the same for how often one value stands in the table
COINCIDENCE = 0.000001  # that a number given out once is shared by strangers


class Weights:
    """The weight of every grade of every field in bits, and the bits that must be overcome."""

    def __init__(
        self, people: Sequence[Person], patterns: Counter[Grades], size: int = 0, sample: int = SAMPLE
    ) -> None:
        self.size = len(people)
        self.counts = {
            field.name: Counter(filter(None, (field.of(person) for person in people))) for field in FIELDS
        }
        self.strangers = {field.name: strangers(field, people, sample) for field in FIELDS}
        self.same_person, self.prior = learn(patterns, self.strangers, max(size, self.size))

    def of(self, field: Field, grade: int, value: str) -> float:
        """What one agreement says for (above zero) or against (below) the same person."""
        if grade != SAME:
            return log2(self.same_person[field.name][grade] / self.strangers[field.name][grade])
        count = self.counts[field.name][value]
        if field.number:  # shared by more than two, a number says as much as those it is shared by
            chance = max(count - 2, 0) / self.size + COINCIDENCE
        else:
            expected = VALUES_TRUST * self.strangers[field.name][SAME]
            chance = (count + expected) / (self.size + VALUES_TRUST)
        return log2(self.same_person[field.name][SAME] / chance)


def strangers(field: Field, people: Sequence[Person], sample: int = SAMPLE) -> list[float]:
    """The share of each grade among pairs drawn at random; the same table gives the same shares."""
    known = [value for person in people if (value := field.of(person))]
    seen = [TRUST * share for share in field.by_chance]
    if len(known) > 1:
        draw = random.Random(len(known))  # noqa: S311 — no secret
        for _ in range(min(sample, len(known) * (len(known) - 1) // 2)):
            left, right = draw.sample(known, 2)
            seen[field.grade(left, right)] += 1
    return [one / sum(seen) for one in seen]
