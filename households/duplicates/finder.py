"""Pairs of records that are very probably one person, with a score a person can follow, and the groups they form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log2

from households.duplicates.blocking import candidates
from households.duplicates.chances import SAMPLE, Weights
from households.duplicates.comparing import Grades, compare
from households.duplicates.evidence import Evidence, weigh
from households.duplicates.grouping import group
from households.duplicates.learning import chance_of
from households.duplicates.person import Person

THRESHOLD = 0.25
PLACES = 6


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, how probable it is that they are one person, and the group they fall into."""

    a: str
    b: str
    score: float
    cluster: int


def find(people: Sequence[Person], *, threshold: float = THRESHOLD) -> list[Pair]:
    """All pairs of every group; a person decides what becomes of them.

    Two groups of records are joined while what all of them say of each other makes it at least `threshold` probable
    that they are one person. A pair that only its group holds together stands in the list too, with its own score.
    """
    judge = Judge(people, candidates(people))
    return [
        Pair(people[left].key, people[right].key, judge.score(left, right), number)
        for number, members in enumerate(judge.groups(threshold), start=1)
        for left, right in combinations(members, 2)
    ]


class Judge:
    """What two records say of each other, weighed once.

    Where a database chose the pairs, `people` are those in one of them and some more, and `size` is how
    many there are in all; `sample` pairs of strangers then do for one county.
    """

    def __init__(
        self, people: Sequence[Person], pairs: Iterable[tuple[int, int]], size: int = 0, sample: int = SAMPLE
    ) -> None:
        self.people = people
        self.grades = {pair: compare(people[pair[0]], people[pair[1]]) for pair in sorted(pairs)}
        self.weights = Weights(people, Counter(self.grades.values()), size, sample)
        self.weighed: dict[tuple[int, int], Evidence] = {}

    def __call__(self, left: int, right: int) -> Evidence:
        pair = (left, right)
        if pair not in self.weighed:
            one = self.people[left]
            self.weighed[pair] = weigh(self.compared(left, right), one, self.weights.of)
        return self.weighed[pair]

    def compared(self, left: int, right: int) -> Grades:
        return self.grades.get((left, right)) or compare(self.people[left], self.people[right])

    def score(self, left: int, right: int) -> float:
        """The probability of these two alone."""
        return round(chance_of(self(left, right).bits - self.weights.prior), PLACES)

    def groups(self, threshold: float = THRESHOLD) -> list[list[int]]:
        """The records that are one person, by their places in the table."""
        least = log2(threshold / (1 - threshold)) + self.weights.prior
        return group(len(self.people), self.grades, self, least)
