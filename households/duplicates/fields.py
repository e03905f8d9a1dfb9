"""What is compared and what an agreement is worth, in one table a reader can check.

Every field of two records agrees on one of four grades. `same_person` says how often two records of one person show
each grade; `by_chance` how often two strangers do, before the table itself has been looked at (`chances`). The weight
of a grade is the logarithm of the one over the other (Fellegi and Sunter 1969).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from households.duplicates.likeness import jaro_winkler, one_slip
from households.duplicates.person import Person

SAME, CLOSE, NEAR, DIFFERENT = range(4)
CLOSE_FROM, NEAR_FROM = 0.92, 0.82
SHORTEST_SLIP = 4  # in a shorter text one other sign is another word: 小明 and 小红 are brothers

Shares = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Field:
    """One thing that is compared.

    `number`: given out once, so that sharing it is no chance; `shared`: a whole household may have it in common.
    """

    name: str
    grade: Callable[[str, str], int]
    same_person: Shares
    by_chance: Shares
    number: bool = False
    shared: bool = False

    def of(self, person: Person) -> str:
        return str(getattr(person, self.name))


def words(left: str, right: str) -> int:
    """Names and places: the same, a slip of the pen away, alike, or different."""
    if left == right:
        return SAME
    if left.isdigit() and right.isdigit():
        return NEAR if left[:6] == right[:6] else DIFFERENT
    likeness = jaro_winkler(left, right)
    if likeness >= CLOSE_FROM or (min(len(left), len(right)) >= SHORTEST_SLIP and one_slip(left, right)):
        return CLOSE
    return NEAR if likeness >= NEAR_FROM else DIFFERENT


def day(left: str, right: str) -> int:
    """Days: the same; one slip, or month or day wrong or exchanged; the year alone; different."""
    if left == right:
        return SAME
    if len(left) == len(right) == 8:
        same_year, same_month, same_day = (
            left[:4] == right[:4],
            left[4:6] == right[4:6],
            left[6:] == right[6:],
        )
        exchanged = left[4:6] == right[6:] and left[6:] == right[4:6]
        if (same_year and (same_month or same_day or exchanged)) or one_slip(left, right):
            return CLOSE
    return NEAR if left[:4] == right[:4] else DIFFERENT


def number(left: str, right: str) -> int:
    """Numbers: the same, one slip, different."""
    if left == right:
        return SAME
    return CLOSE if one_slip(left, right) else DIFFERENT


FIELDS = (
    Field("given", words, (0.75, 0.12, 0.05, 0.08), (0.01, 0.01, 0.03, 0.95)),
    Field("family", words, (0.80, 0.10, 0.04, 0.06), (0.01, 0.01, 0.03, 0.95)),
    Field("birth", day, (0.80, 0.13, 0.03, 0.04), (0.0001, 0.002, 0.02, 0.9779)),
    Field("id", number, (0.90, 0.08, 0.01, 0.01), (0.00001, 0.00001, 0.00001, 0.99997), number=True),
    Field("phone", number, (0.70, 0.08, 0.01, 0.21), (0.001, 0.0001, 0.0001, 0.9988), shared=True),
    Field("email", words, (0.70, 0.16, 0.04, 0.10), (0.0001, 0.001, 0.01, 0.9889), number=True),
    Field("place", words, (0.72, 0.12, 0.06, 0.10), (0.02, 0.01, 0.05, 0.92), shared=True),
    Field("address", words, (0.62, 0.20, 0.08, 0.10), (0.002, 0.005, 0.03, 0.963), shared=True),
)
