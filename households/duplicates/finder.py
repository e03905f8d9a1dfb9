"""Pairs of records that are very probably one person, with a score a person can follow, and the groups they form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp2, log2

from households.duplicates.blocking import candidates
from households.duplicates.chances import Weights
from households.duplicates.clusters import Clusters
from households.duplicates.fields import FIELDS, Field
from households.duplicates.person import Person

THRESHOLD = 0.7
EXCHANGED = 3  # bits: one form in eight has its names exchanged
SHARED_MOST = 8  # bits
MOST = 60  # bits: nothing is surer than this
PLACES = 6
GIVEN, FAMILY = FIELDS[0], FIELDS[1]


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records, how probable it is that they are one person, and the group they fall into."""

    a: str
    b: str
    score: float
    cluster: int


def find(people: Sequence[Person], *, threshold: float = THRESHOLD) -> list[Pair]:
    """All pairs of every group; a person decides what becomes of them.

    Two records whose score reaches the threshold belong to one group. A pair of a group that only a third record
    holds together stands in the list too, with its own lower score.
    """
    weights = Weights(people)
    clusters = Clusters(len(people))
    for left, right in candidates(people):
        if probability(people[left], people[right], weights) >= threshold:
            clusters.join(left, right)
    return [
        Pair(
            people[left].key,
            people[right].key,
            round(probability(people[left], people[right], weights), PLACES),
            number,
        )
        for number, group in enumerate(clusters.groups(), start=1)
        for left, right in combinations(group, 2)
    ]


def probability(left: Person, right: Person, weights: Weights) -> float:
    """The weights of all fields added up, against one twin to be expected among all records of the table.

    Two people of one household share its place and telephone: together these prove no more than `SHARED_MOST`.
    """
    own = names(left, right, weights)
    shared = 0.0
    for field in FIELDS[2:]:
        bits = agreement(field, field.of(left), field.of(right), weights)
        if field.shared:
            shared += bits
        else:
            own += bits
    bits = own + min(shared, SHARED_MOST) - log2(weights.size)
    return 1 / (1 + exp2(-max(min(bits, MOST), -MOST)))


def agreement(field: Field, left: str, right: str, weights: Weights) -> float:
    """What is not known on one side says nothing."""
    return weights.of(field, field.grade(left, right), left) if left and right else 0.0


def names(left: Person, right: Person, weights: Weights) -> float:
    """Given and family name as written or, where that fits better, exchanged: two slips of a form, not of a person."""
    straight = agreement(GIVEN, left.given, right.given, weights) + agreement(
        FAMILY, left.family, right.family, weights
    )
    if not all((left.given, left.family, right.given, right.family)):
        return straight
    exchanged = agreement(FAMILY, left.given, right.family, weights) + agreement(
        GIVEN, left.family, right.given, weights
    )
    return max(straight, exchanged - EXCHANGED)
