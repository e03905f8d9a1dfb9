"""Pairs of records that are very probably one person, with a score a person can follow, and the groups they form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import log2

from households.duplicates.blocking import candidates
from households.duplicates.chances import Weights
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
    grades = {pair: compare(people[pair[0]], people[pair[1]]) for pair in sorted(candidates(people))}
    judge = Judge(people, grades)
    least = log2(threshold / (1 - threshold)) + judge.weights.prior
    return [
        Pair(people[left].key, people[right].key, round(judge.score(left, right), PLACES), number)
        for number, members in enumerate(group(len(people), grades, judge, least), start=1)
        for left, right in combinations(members, 2)
    ]


class Judge:
    """What two records say of each other, weighed once."""

    def __init__(self, people: Sequence[Person], grades: dict[tuple[int, int], Grades]) -> None:
        self.people, self.grades = people, grades
        self.weights = Weights(people, Counter(grades.values()))
        self.weighed: dict[tuple[int, int], Evidence] = {}

    def __call__(self, left: int, right: int) -> Evidence:
        pair = (left, right)
        if pair not in self.weighed:
            one, other = self.people[left], self.people[right]
            found = self.grades.get(pair) or compare(one, other)
            self.weighed[pair] = weigh(found, one, self.weights.of)
        return self.weighed[pair]

    def score(self, left: int, right: int) -> float:
        """The probability of these two alone."""
        return chance_of(self(left, right).bits - self.weights.prior)
