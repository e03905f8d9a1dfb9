"""What the grades of two records say together, in bits for (above zero) or against one person."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

from households.duplicates.comparing import Grades
from households.duplicates.fields import DIFFERENT, FAMILY, GIVEN, OTHERS, UNKNOWN, Field
from households.duplicates.person import Person

EXCHANGED = 3  # bits: one form in eight has its names exchanged
SHARED_MOST = 8  # bits

Weight = Callable[[Field, int, str], float]
"""Field, grade, the left value -> bits."""


class Evidence(NamedTuple):
    """Bits of the whole name, then of every other field in order; None is not known."""

    parts: tuple[float | None, ...]
    exchanged: bool = False

    @property
    def bits(self) -> float:
        """Two people of one household share its place and telephone: these prove no more than `SHARED_MOST`."""
        name, *others = self.parts
        own, shared = name or 0.0, 0.0
        for field, part in zip(OTHERS, others, strict=True):
            if part is None:
                continue
            if field.shared:
                shared += part
            else:
                own += part
        return own + min(shared, SHARED_MOST)


def weigh(grades: Grades, left: Person, weight: Weight) -> Evidence:
    """Names count as written or, where that fits better, exchanged: two slips of a form, not of a person.

    Another given name is another member of the family: that both have its name, home and telephone then says nothing
    for one person.
    """
    given, family, *others = grades.straight
    name, exchanged = _name(given, family, left, weight), False
    kin = given == DIFFERENT
    if grades.exchanged is not None:
        first, last = grades.exchanged
        turned = weight(FAMILY, first, left.given) + weight(GIVEN, last, left.family) - EXCHANGED
        if name is None or turned > name:
            name, exchanged, kin = turned, True, False
    parts: list[float | None] = [name]
    for field, grade in zip(OTHERS, others, strict=True):
        part = None if grade == UNKNOWN else weight(field, grade, field.of(left))
        parts.append(min(part, 0.0) if kin and field.shared and part is not None else part)
    return Evidence(tuple(parts), exchanged)


def together(all_of: Sequence[Evidence]) -> Evidence:
    """What the records of two groups say of each other: for every part halfway between the best and the average.

    One record may have lost the mailbox and another the birth date; a group knows both.
    """
    parts: list[float | None] = []
    for column in zip(*(evidence.parts for evidence in all_of), strict=True):
        known = [part for part in column if part is not None]
        parts.append((max(known) + sum(known) / len(known)) / 2 if known else None)
    return Evidence(tuple(parts))


def _name(given: int, family: int, left: Person, weight: Weight) -> float | None:
    if given == family == UNKNOWN:
        return None
    first = 0.0 if given == UNKNOWN else weight(GIVEN, given, left.given)
    last = 0.0 if family == UNKNOWN else weight(FAMILY, family, left.family)
    return first + (min(last, 0.0) if given == DIFFERENT else last)
