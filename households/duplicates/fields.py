"""What is compared and how alike two answers are, in one table a reader can check.

Every field of two records agrees on one of five grades. `same_person` says how often two records of one person show
each grade, `by_chance` how often two strangers do: where the finder starts from before it has looked at the table
itself (`chances`). The weight of a grade is the logarithm of the one over the other (Fellegi and Sunter 1969).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

from rapidfuzz.distance import OSA, JaroWinkler

from households.duplicates.person import Person

SAME, SLIP, CLOSE, NEAR, DIFFERENT = GRADES = range(5)
UNKNOWN = -1
CLOSE_FROM, NEAR_FROM = 0.92, 0.82  # Jaro–Winkler
MAIL_CLOSE_FROM = 0.75  # share of signs that stand
SHORTEST_SLIP = 3  # in a shorter text one other sign is another word: 小明 and 小红 are brothers
SHORTEST_PAIR = 6  # in which two slips are still the same word

REMEMBERED = 1 << 18  # pairs of texts: names, villages and days come again and again

Shares = tuple[float, float, float, float, float]


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

    def between(self, left: Person, right: Person) -> int:
        """The grade of two records; what is not known on one side says nothing."""
        one, other = self.of(left), self.of(right)
        return self.grade(one, other) if one and other else UNKNOWN


@lru_cache(REMEMBERED)
def words(left: str, right: str) -> int:
    """Names and places: one slip of the pen, two or all letters in another order, alike, different."""
    if left == right:
        return SAME
    shortest, slips = min(len(left), len(right)), OSA.distance(left, right)
    if left.isdigit() and right.isdigit():
        return NEAR if left[:6] == right[:6] else DIFFERENT
    if slips == 1 and shortest >= SHORTEST_SLIP:
        return SLIP
    likeness = JaroWinkler.similarity(left, right)
    jumbled = shortest > SHORTEST_SLIP and sorted(left) == sorted(right)
    if likeness >= CLOSE_FROM or jumbled or (slips == 2 and shortest >= SHORTEST_PAIR):
        return CLOSE
    return NEAR if likeness >= NEAR_FROM or (slips == 3 and shortest >= SHORTEST_PAIR) else DIFFERENT


@lru_cache(REMEMBERED)
def day(left: str, right: str) -> int:
    """Days: one slip, or month or day wrong or exchanged; the year or day and month alone; near it; different."""
    if left == right:
        return SAME
    if not len(left) == len(right) == 8:
        return NEAR if left[:4] == right[:4] else DIFFERENT
    year, month, date = left[:4] == right[:4], left[4:6] == right[4:6], left[6:] == right[6:]
    exchanged = year and left[4:6] == right[6:] and left[6:] == right[4:6]
    if OSA.distance(left, right) == 1 or exchanged or (year and (month or date)):
        return SLIP
    if year or (month and date):
        return CLOSE
    wrong = sum(one != other for one, other in zip(left, right, strict=True))
    next_year = (left + right).isdigit() and abs(int(left[:4]) - int(right[:4])) == 1
    return NEAR if wrong == 2 or next_year else DIFFERENT


def number(left: str, right: str) -> int:
    """Numbers: one slip; different."""
    if left == right:
        return SAME
    return SLIP if OSA.distance(left, right) == 1 else DIFFERENT


def mail(left: str, right: str) -> int:
    """Addresses of a mailbox: a slip or two; mostly alike; the same box or the same house; different."""
    if left == right:
        return SAME
    if OSA.distance(left, right) <= 2:
        return SLIP
    if OSA.normalized_similarity(left, right) >= MAIL_CLOSE_FROM:
        return CLOSE
    (box, _at, house), (other_box, _other_at, other_house) = left.partition("@"), right.partition("@")
    return NEAR if box == other_box or (house and OSA.distance(house, other_house) <= 1) else DIFFERENT


FIELDS = (
    Field("given", words, (0.72, 0.10, 0.07, 0.03, 0.08), (0.01, 0.003, 0.007, 0.03, 0.95)),
    Field("family", words, (0.76, 0.10, 0.06, 0.03, 0.05), (0.01, 0.003, 0.007, 0.03, 0.95)),
    Field("birth", day, (0.72, 0.14, 0.08, 0.03, 0.03), (0.0001, 0.001, 0.008, 0.04, 0.9509)),
    Field("id", number, (0.90, 0.07, 0.01, 0.01, 0.01), (1e-5, 1e-5, 1e-5, 1e-5, 0.99996), number=True),
    Field("email", mail, (0.68, 0.14, 0.06, 0.04, 0.08), (0.0001, 0.0003, 0.003, 0.01, 0.9866), number=True),
    Field("phone", number, (0.70, 0.08, 0.01, 0.01, 0.20), (0.001, 1e-4, 1e-4, 1e-4, 0.9987), shared=True),
    Field("place", words, (0.70, 0.12, 0.06, 0.04, 0.08), (0.02, 0.005, 0.005, 0.04, 0.93), shared=True),
    Field("address", words, (0.60, 0.16, 0.10, 0.06, 0.08), (0.002, 0.002, 0.004, 0.03, 0.962), shared=True),
)
GIVEN, FAMILY, *OTHERS = FIELDS
