"""Which pairs are worth comparing: those that share a number, or one of several keys that survive different slips."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from households.duplicates.person import Person

LARGEST = 60  # records compared each with each
WINDOW = 30  # in a larger block: each with so many of the next in the order of names
SHORTEST = 6  # signs of a number or mailbox that may hold a slip

Key = tuple[str, ...]


def keys(person: Person) -> Iterator[Key]:
    """Every key a record is filed under; a key with a part that is not known is none."""
    given, family, birth = person.given, person.family, person.birth
    mailbox, _at, host = person.email.partition("@")
    made: list[Key] = [
        ("birth", birth),
        ("names", *sorted((given[:3], family[:3]))),
        ("letters", *sorted(("".join(sorted(given)), "".join(sorted(family))))),
        ("day", *sorted((given[:1], family[:1])), birth[4:]),
        ("given", given, person.place),
        ("family", family, person.place),
        ("place", person.place, birth[:4]),
        ("mailbox", mailbox),
        ("host", host, given[:1] or family[:1]),
        ("address", person.address),
    ]
    for name in (given, family):
        made += [("year", name, birth[:4]), ("decade", name, birth[2:4]), ("host", host, name)]
    yield from (key for key in made if all(key))
    yield from _with_a_slip("names", given and family and " ".join(sorted((given, family))))
    for kind, value in (("id", person.id), ("phone", person.phone), ("email", person.email)):
        if len(value) < SHORTEST:
            yield from [(kind, value)] if value else []
        else:
            yield from _with_a_slip(kind, value)


def candidates(people: Sequence[Person]) -> set[tuple[int, int]]:
    """Pairs of positions, the smaller first, each once."""
    blocks: dict[Key, list[int]] = defaultdict(list)
    for place, person in enumerate(people):
        for key in set(keys(person)):
            blocks[key].append(place)
    found: set[tuple[int, int]] = set()
    for block in blocks.values():
        reach = len(block)
        if reach > LARGEST:
            reach = WINDOW
            block.sort(key=lambda place: (people[place].family, people[place].given, people[place].birth))
        for start, left in enumerate(block):
            found.update(
                (left, right) if left < right else (right, left)
                for right in block[start + 1 : start + 1 + reach]
            )
    return found


def _with_a_slip(kind: str, value: str) -> Iterator[Key]:
    """The value and every way to leave one sign out: two that are one slip apart share at least one."""
    if value:
        yield (f"{kind} but one", value)
        yield from ((f"{kind} but one", value[:place] + value[place + 1 :]) for place in range(len(value)))
