"""How often two records of one person agree, learned from the table: expectation–maximisation over its own pairs.

No pair need be marked. The shares of `fields` count as `TRUST` pairs, so that a small table changes little
(Fellegi and Sunter 1969; Winkler 1988).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from math import exp2, log2

from households.duplicates.comparing import Grades
from households.duplicates.evidence import weigh
from households.duplicates.fields import FAMILY, FIELDS, GIVEN, UNKNOWN, Field
from households.duplicates.person import Person

TRUST = 60  # pairs
ROUNDS = 12
UNLIKELY = 0.0001  # below it a pair teaches nothing
MOST = 60  # bits: nothing is surer than this
NOBODY = Person("")

Table = Mapping[str, Sequence[float]]
"""Name of a field -> the share of each grade."""


def chance_of(bits: float) -> float:
    """The probability that stands for so many bits above an even bet."""
    return 1 / (1 + exp2(-max(min(bits, MOST), -MOST)))


def prior(size: int, expected: float) -> float:
    """Bits to be overcome where so many of all pairs of a table are expected to be one person."""
    return log2(max(size * (size - 1) / 2 / max(expected, 1), 1))


def learn(patterns: Counter[Grades], strangers: Table, size: int) -> tuple[Table, float]:
    """The share of each grade among pairs of one person, and the prior of this table."""
    shares: Table = {field.name: field.same_person for field in FIELDS}
    against = prior(size, size)
    for _round in range(ROUNDS):
        seen = {field.name: [TRUST * share for share in field.same_person] for field in FIELDS}
        found = 0.0

        def weight(field: Field, grade: int, _value: str, shares: Table = shares) -> float:
            return log2(shares[field.name][grade] / strangers[field.name][grade])

        for pattern, count in patterns.items():
            evidence = weigh(pattern, NOBODY, weight)
            likely = chance_of(evidence.bits - against)
            if likely < UNLIKELY:
                continue
            found += likely * count
            for field, grade in zip(FIELDS, pattern.straight, strict=True):
                if grade != UNKNOWN and not (evidence.exchanged and field in (GIVEN, FAMILY)):
                    seen[field.name][grade] += likely * count
        shares = {name: [one / sum(row) for one in row] for name, row in seen.items()}
        against = prior(size, found)
    return shares, against
