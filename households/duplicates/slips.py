"""What is shown to a person in any case: two records that differ by one slip of the pen.

Twins and brothers differ by as much, so the finder's weighing leaves them alone (decision 0014); a worker who knows the
family can tell, and only a worker decides.
"""

from __future__ import annotations

from rapidfuzz.distance import OSA

from households.duplicates.fields import DIFFERENT, number
from households.duplicates.person import Person

SHORT_NAME = 2  # signs; another second sign is another person unless the birth date is the same


def one_slip(left: Person, right: Person) -> bool:
    """The same name, or one sign of it wrong, and the same birth date, or one digit of it wrong, in one place.

    The same name at the same place or telephone is enough where one of the two has no full birth date.
    """
    if two_numbers(left, right):
        return False
    one, other = left.family + left.given, right.family + right.given
    name = OSA.distance(one, other, score_cutoff=1)
    near = bool(left.place and left.place == right.place) or bool(left.phone and left.phone == right.phone)
    if name > 1 or not one:
        return False
    if len(left.birth) < 8 or len(right.birth) < 8:
        shorter = min(len(left.birth), len(right.birth))
        return name == 0 and near and left.birth[:shorter] == right.birth[:shorter]
    birth = OSA.distance(left.birth, right.birth, score_cutoff=1)
    if name == birth == 0:
        return True
    least = SHORT_NAME if birth == 0 else SHORT_NAME + 1
    return near and birth <= 1 and (name == 0 or min(len(one), len(other)) >= least)


def two_numbers(left: Person, right: Person) -> bool:
    """Two identity numbers more than a slip apart are two people, whatever else agrees."""
    return bool(left.id and right.id) and number(left.id, right.id) == DIFFERENT
