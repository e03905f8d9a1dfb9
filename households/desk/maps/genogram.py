"""The family map: three generations around the head, from the members and their relations (domain §4.1)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from households.desk.maps.drawing import WIDTH, line, shortened, svg, text

GENERATION = {
    "grandfather": -2, "grandmother": -2, "maternal_grandfather": -2, "maternal_grandmother": -2,
    "father": -1, "mother": -1, "wifes_father": -1, "wifes_mother": -1, "husbands_father": -1, "husbands_mother": -1,
    "uncle": -1,
    "son": 1, "daughter": 1, "daughter_in_law": 1, "son_in_law": 1, "nephew": 1, "niece": 1,
    "grandson": 2, "granddaughter": 2, "maternal_grandson": 2, "maternal_granddaughter": 2,
    "great_grandson": 3, "great_granddaughter": 3,
}  # fmt: skip
# Who descends from whom as the register tells it; whose child a grandchild is, it does not say.
BLOOD = {
    "father": ("grandfather", "grandmother"),
    "mother": ("maternal_grandfather", "maternal_grandmother"),
    "head": ("father", "mother"),
    "sibling": ("father", "mother"),
    "spouse": ("wifes_father", "wifes_mother", "husbands_father", "husbands_mother"),
    **dict.fromkeys(("son", "daughter"), ("head", "spouse")),
    **dict.fromkeys(("grandson", "granddaughter"), ("son", "daughter_in_law")),
    **dict.fromkeys(("maternal_grandson", "maternal_granddaughter"), ("daughter", "son_in_law")),
}  # fmt: skip
COUPLES = (
    ("head", "spouse"), ("father", "mother"), ("wifes_father", "wifes_mother"),
    ("husbands_father", "husbands_mother"), ("grandfather", "grandmother"),
    ("maternal_grandfather", "maternal_grandmother"), ("son", "daughter_in_law"), ("daughter", "son_in_law"),
)  # fmt: skip
A_ROW, CELL, HALF, TALL = 3, 108, 17, 112


@dataclass(frozen=True)
class Person:
    """One member as the map shows it; `gone` is whether the file says that this person died."""

    ref: str
    relation: str
    relation_words: str
    name: str
    sex: str
    age: str
    gone: bool = False


def genogram(people: Sequence[Person]) -> SafeString:
    """Squares, circles and lines; three to a row, so that it is read on a telephone."""
    places = dict(_places(people))
    by_ref = {person.ref: person for person in people}
    height = max((y for _x, y in places.values()), default=0) + TALL - 30
    parts = [*_couples(people, places), *_descent(people, places)]
    parts += [_symbol(by_ref[ref], *place) for ref, place in places.items()]
    told = _("; ").join(f"{person.relation_words} {person.name}" for person in people)
    return svg("genogram", _("Family map"), told, height, parts)


def _places(people: Sequence[Person]) -> Iterator[tuple[str, tuple[float, float]]]:
    """Rows by generation, at most three to a row; couples stand side by side."""
    order = {relation: number for number, pair in enumerate(COUPLES) for relation in pair}
    row = 0
    for generation in sorted({GENERATION.get(person.relation, 0) for person in people}):
        members = [person for person in people if GENERATION.get(person.relation, 0) == generation]
        members.sort(key=lambda person: order.get(person.relation, len(order)))
        for start in range(0, len(members), A_ROW):
            part = members[start : start + A_ROW]
            left = (WIDTH - CELL * len(part)) / 2 + CELL / 2
            for place, person in enumerate(part):
                yield person.ref, (left + CELL * place, row * TALL + 34)
            row += 1


def _of(people: Sequence[Person], relation: str) -> list[Person]:
    return [person for person in people if person.relation == relation]


def _couples(people: Sequence[Person], places: dict[str, tuple[float, float]]) -> Iterator[SafeString]:
    """A line where there is one of each; with two sons and one daughter-in-law nobody knows whose wife she is."""
    for one, other in COUPLES:
        first, second = _of(people, one), _of(people, other)
        if len(first) == len(second) == 1:
            a, b = places[first[0].ref], places[second[0].ref]
            yield line("bond", a, b)


def _descent(people: Sequence[Person], places: dict[str, tuple[float, float]]) -> Iterator[SafeString]:
    """From a parent who is there down to the child; dashed where the register leaves open which of several."""
    for person in people:
        parents = [parent for relation in BLOOD.get(person.relation, ()) for parent in _of(people, relation)]
        between = not parents and GENERATION.get(person.relation, 0) > 1
        if between:  # the parents in between do not live here
            parents = _of(people, "head")
        if not parents:
            continue
        kinds = {parent.relation for parent in parents}
        sure = len(parents) == len(kinds) and not between
        x, y = places[person.ref]
        from_x = sum(places[parent.ref][0] for parent in parents) / len(parents) if sure else WIDTH / 2
        from_y = max(places[parent.ref][1] for parent in parents)
        middle = y - HALF - 12
        kind = "bond" if sure else "bond-open"
        yield line(kind, (from_x, from_y), (from_x, middle))
        yield line(kind, (from_x, middle), (x, middle))
        yield line(kind, (x, middle), (x, y - HALF))


def _symbol(person: Person, x: float, y: float) -> SafeString:
    """A square for a man, a circle for a woman, a diamond where it is not noted; the head has a double edge."""
    shapes = [_shape(person.sex, x, y, HALF)]
    if person.relation == "head":
        shapes.append(_shape(person.sex, x, y, HALF - 4))
    if person.gone:
        shapes += [
            line("bond", (x - HALF, y - HALF), (x + HALF, y + HALF)),
            line("bond", (x - HALF, y + HALF), (x + HALF, y - HALF)),
        ]
    labels = (person.relation_words, person.name, person.age)
    written = [
        text(x, y + HALF + 16 + 16 * number, shortened(words), kind="strong" if number == 0 else "")
        for number, words in enumerate(labels)
    ]
    return format_html("{}" * (len(shapes) + len(written)), *shapes, *written)


def _shape(sex: str, x: float, y: float, half: float) -> SafeString:
    if sex == "female":
        return format_html('<circle class="person" cx="{}" cy="{}" r="{}"/>', x, y, half)
    if sex == "male":
        side = half * 2
        return format_html(
            '<rect class="person" x="{}" y="{}" width="{}" height="{}"/>', x - half, y - half, side, side
        )
    points = f"{x},{y - half} {x + half},{y} {x},{y + half} {x - half},{y}"
    return format_html('<polygon class="person" points="{}"/>', points)
