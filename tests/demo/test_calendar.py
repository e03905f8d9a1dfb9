"""Chapters of the story interleave by their moments, and none goes back in time."""

from __future__ import annotations

from datetime import date

import pytest

from common import clock
from demo.story.calendar import Telling, tell, together
from demo.story.world import World

WORLD = World(start=date(2026, 3, 2))


def chapter(said: list[str], name: str, *days: int) -> Telling[str]:
    for day in days:
        with (yield WORLD.on(day)) as at:
            assert clock.now() == at
            said.append(f"{name}{day}")
    return name


def test_earliest_moment_is_told_next_and_first_named_of_two() -> None:
    said: list[str] = []
    names = tell(
        together(
            chapter(said, "a", 1, 5),
            together(chapter(said, "b", 5, 6), chapter(said, "c")),
            chapter(said, "d", 2, 2),
        )
    )
    assert said == ["a1", "d2", "d2", "a5", "b5", "b6"]
    assert names == ["a", ["b", "c"], "d"]


def test_chapter_that_goes_back_is_refused() -> None:
    said: list[str] = []
    with pytest.raises(ValueError, match="goes back"):
        tell(chapter(said, "a", 3, 2))
    assert said == ["a3"]
