"""The calendar of the story: many chapters at once, always going on with the one whose next moment is the earliest."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush
from typing import Any, TypeVar

from common import clock

T = TypeVar("T")


@dataclass(order=True)
class Moment:
    """A moment of the story; whoever enters it holds the clock there."""

    at: datetime
    _held: ExitStack = field(default_factory=ExitStack, compare=False, repr=False)

    def __enter__(self) -> datetime:
        self._held.enter_context(clock.fixed(self.at))
        return self.at

    def __exit__(self, *_error: object) -> None:
        self._held.close()


Telling = Generator[Moment, Moment, T]
"""A chapter: it asks for its next moment with `yield` and reads and writes only once it has been given it."""


def together(*chapters: Telling[Any]) -> Telling[list[Any]]:
    """Several chapters as one, in the order of their moments; of two at one moment the first named goes first."""
    results: list[Any] = [None] * len(chapters)
    waiting: list[tuple[Moment, int]] = []

    def go_on(place: int, moment: Moment | None) -> None:
        try:
            following = next(chapters[place]) if moment is None else chapters[place].send(moment)
        except StopIteration as end:
            results[place] = end.value
        else:
            heappush(waiting, (following, place))

    for place in range(len(chapters)):
        go_on(place, None)
    while waiting:
        moment, place = heappop(waiting)
        go_on(place, (yield moment))
    return results


def tell(chapter: Telling[T]) -> T:
    """Tell a chapter to its end; one that would go back in time is refused with ValueError."""
    latest = moment = next(chapter)
    while True:
        if moment < latest:
            raise ValueError(f"the story goes back from {latest.at} to {moment.at}")
        latest = moment
        try:
            moment = chapter.send(moment)
        except StopIteration as end:
            result: T = end.value
            return result
