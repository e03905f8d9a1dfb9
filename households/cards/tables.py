"""A table of labelled households: its rows brought together by household, its columns read as answers.

A column that says the same of every row of a household is the household's; of one that differs between its members the
most, the least and the average are read, or how many of them say yes. What is empty stays not known.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass

from households.cards.card import COUNTED, MEASURED, WORDS, YES_NO, Answer
from households.imports.reading import Row, named
from households.imports.rules import NO, YES

MOST_WORDS = 12  # a column with more different words is a name or a number of something, no answer
MAX_UNKNOWN = 0.2  # a question more than a fifth of the households cannot answer is not asked
WAYS = ("most", "least", "average")
COUNT = "count"


class TableFault(ValueError):
    """The table cannot teach a card; the words say why."""


@dataclass(frozen=True)
class Feature:
    """One question about a household, and how it is answered from a column."""

    name: str
    column: str
    way: str = ""
    kind: str = COUNTED

    @property
    def number(self) -> bool:
        return self.kind != WORDS


@dataclass(frozen=True)
class Households:
    """One entry for each household, in the order of the file."""

    keys: list[str]
    labels: list[bool]
    answers: dict[str, list[Answer]]
    features: list[Feature]
    rows: list[list[Row]]
    differing: int  # households whose rows do not say the same of the label
    unlabelled: int  # households whose label is empty: nothing is learned from them


def gathered(
    rows: Sequence[tuple[int, Row]],
    *,
    label: str,
    positive: Collection[str],
    household: str = "",
    speaker: str = "",
    columns: Sequence[str] = (),
) -> Households:
    """The households of a table, with a label each: that of the row that speaks for it, else of its first row."""
    groups = by_household(rows, household)
    labels, differing = {}, 0
    for key, members in groups.items():
        voice = voice_of(members, speaker)
        differing += len({member[label] for member in members}) > 1
        if voice[label]:
            labels[key] = voice[label] in positive
    kept = {key: members for key, members in groups.items() if key in labels}
    if len(set(labels.values())) < 2:
        raise TableFault(
            f"the column {label} says the same of every household; --positive names the values to look for"
        )
    answers: dict[str, list[Answer]] = {}
    features: list[Feature] = []
    for column in _different(
        rows, [name for name in columns or rows[0][1] if name not in {label, household}]
    ):
        for feature, found in _read(column, list(kept.values())):
            features.append(feature)
            answers[feature.name] = found
    return Households(
        keys=list(kept),
        labels=list(labels.values()),
        answers=answers,
        features=features,
        rows=list(kept.values()),
        differing=differing,
        unlabelled=len(groups) - len(kept),
    )


def by_household(rows: Sequence[tuple[int, Row]], household: str) -> dict[str, list[Row]]:
    """The rows of each household; without a column that names it every row is one."""
    groups: dict[str, list[Row]] = {}
    for number, row in rows:
        if household and not row[household]:
            raise TableFault(f"row {number}, column {household}: every row belongs to a household")
        groups.setdefault(row[household] if household else str(number), []).append(row)
    return groups


def answers_to(name: str, groups: Sequence[Sequence[Row]]) -> list[Answer]:
    """One question asked of every household, by its name on a card: a column, or `most.`, `count.` … of one."""
    headers = groups[0][0].keys()
    way, dot, column = name.partition(".")
    if name in headers or not dot or way not in {*WAYS, COUNT}:
        way, column = "", name
    if column not in headers:
        raise TableFault(f"there is no column {column}; the table has {named(list(headers))}")
    return [_answer(way, [answer_of(row[column]) for row in members]) for members in groups]


def _answer(way: str, answers: Sequence[Answer]) -> Answer:
    if not way:
        said = {answer for answer in answers if answer is not None}
        return said.pop() if len(said) == 1 else None
    numbers = [answer for answer in answers if isinstance(answer, float)]
    return float(_OF[way](numbers)) if len(numbers) == len(answers) else None


def voice_of(members: Sequence[Row], speaker: str) -> Row:
    """The row that speaks for the household."""
    if speaker:
        return next((row for row in members if row[speaker].lower() in YES), members[0])
    return members[0]


def _different(rows: Sequence[tuple[int, Row]], columns: Sequence[str]) -> Iterable[str]:
    """Without columns that put all rows in the order an earlier one does, such as the square of an age."""
    seen: set[tuple[int, ...]] = set()
    for column in columns:
        answers = [answer_of(row[column]) for _number, row in rows]
        if any(isinstance(answer, str) for answer in answers):
            yield column
            continue
        place = {value: at for at, value in enumerate(sorted({float(x) for x in answers if x is not None}))}
        order = tuple(-1 if answer is None else place[float(answer)] for answer in answers)
        if order not in seen:
            seen.add(order)
            yield column


def _read(column: str, groups: list[list[Row]]) -> Iterable[tuple[Feature, list[Answer]]]:
    """The questions a column can answer; none when it holds names, one answer, or too little."""
    cells = [[answer_of(row[column]) for row in members] for members in groups]
    flat = [answer for answers in cells for answer in answers if answer is not None]
    words = {answer for answer in flat if isinstance(answer, str)}
    if words:
        if len(words) <= MOST_WORDS and len(words) < len(groups) / 10:
            texts = [[None if one is None else as_word(one) for one in answers] for answers in cells]
            yield from _usable(Feature(column, column, kind=WORDS), [_agreed(one) for one in texts])
        return
    numbers: list[list[float]] = [[float(x) for x in answers if x is not None] for answers in cells]
    holes = [len(found) < len(answers) for found, answers in zip(numbers, cells, strict=True)]
    kind = COUNTED if all(float(answer).is_integer() for answer in flat) else MEASURED
    yes_no = set(flat) <= {0.0, 1.0}
    if all(len(set(found)) < 2 for found in numbers):
        same: list[Answer] = [found[0] if found else None for found in numbers]
        yield from _usable(Feature(column, column, kind=YES_NO if yes_no else kind), same)
        return
    if yes_no:
        counted: list[Answer] = [None if hole else sum(x) for x, hole in zip(numbers, holes, strict=True)]
        yield from _usable(Feature(f"{COUNT}.{column}", column, COUNT), counted)
        return
    for way in WAYS:
        found_so: list[Answer] = [
            None if hole or not x else float(_OF[way](x)) for x, hole in zip(numbers, holes, strict=True)
        ]
        feature = Feature(f"{way}.{column}", column, way, MEASURED if way == "average" else kind)
        yield from _usable(feature, found_so)


def _usable(feature: Feature, found: list[Answer]) -> Iterable[tuple[Feature, list[Answer]]]:
    known = [answer for answer in found if answer is not None]
    if len(set(known)) > 1 and len(known) >= (1 - MAX_UNKNOWN) * len(found):
        yield feature, found


def answer_of(cell: str) -> Answer:
    """A number, yes as 1, no as 0, any other word as it stands; an empty cell is not known."""
    if not cell:
        return None
    text = cell.lower()
    if text in YES:
        return 1.0
    if text in NO:
        return 0.0
    try:
        number = float(cell)
    except ValueError:
        return cell
    return number if abs(number) < float("inf") else None


def as_word(answer: float | str) -> str:
    return answer if isinstance(answer, str) else f"{answer:g}"


def _agreed(answers: Sequence[str | None]) -> str | None:
    """The word all rows of a household say; where they differ it is not known."""
    said = {answer for answer in answers if answer is not None}
    return said.pop() if len(said) == 1 else None


def _average(numbers: Sequence[float]) -> float:
    return sum(numbers) / len(numbers)


def answers_at(table: Households, place: int) -> dict[str, Answer]:
    """All answers of one household."""
    return {name: found[place] for name, found in table.answers.items()}


def words_of(codebook: Mapping[str, str], feature: Feature) -> str:
    """How the question is put: the codebook's words, or the column's name."""
    said = codebook.get(feature.column, feature.column)
    return _SAID[feature.way] % {"column": said} if feature.way else said


_OF: dict[str, Callable[[Sequence[float]], float]] = {
    "most": max,
    "least": min,
    "average": _average,
    COUNT: sum,
}
_SAID = {
    "most": "%(column)s: the most of any member",
    "least": "%(column)s: the least of any member",
    "average": "%(column)s: the average of the members",
    COUNT: "%(column)s: how many members",
}
