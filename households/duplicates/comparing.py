"""Two records side by side: the grade of every field, and of the names if they were written in each other's place."""

from __future__ import annotations

from typing import NamedTuple

from households.duplicates.fields import FIELDS, words
from households.duplicates.person import Person


class Grades(NamedTuple):
    """One grade a field in the order of `FIELDS`; `exchanged`: given against family name, family against given."""

    straight: tuple[int, ...]
    exchanged: tuple[int, int] | None


def compare(left: Person, right: Person) -> Grades:
    """Names are looked at exchanged where both records have both."""
    whole = left.given and left.family and right.given and right.family
    exchanged = (words(left.given, right.family), words(left.family, right.given)) if whole else None
    return Grades(tuple(field.between(left, right) for field in FIELDS), exchanged)
