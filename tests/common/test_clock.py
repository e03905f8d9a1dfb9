"""The moved clock and the local keys are read by processes that start and move them at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from common import clock
from config.settings.local_keys import local_key

MOVES = 300


@pytest.fixture
def moved(settings: Any, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path
    return tmp_path


def test_a_reader_meets_the_old_shift_or_the_new_one(moved: Path) -> None:
    started = clock.now()

    def move() -> None:
        for _ in range(MOVES):
            clock.advance(timedelta(hours=1))

    with ThreadPoolExecutor() as pool:
        moving = pool.submit(move)
        seen = []
        while not moving.done():
            seen.append(clock.now())
        moving.result()
    assert seen == sorted(seen)
    assert timedelta(hours=MOVES) <= clock.now() - started < timedelta(hours=MOVES, minutes=10)
    assert [path.name for path in moved.iterdir()] == ["clock"]


def test_it_never_goes_back(moved: Path) -> None:
    with pytest.raises(ValueError, match="only moves forward"):
        clock.advance(timedelta(hours=-1))
    assert not list(moved.iterdir())


def test_processes_that_start_together_share_one_key(tmp_path: Path) -> None:
    with ThreadPoolExecutor(max_workers=8) as pool:
        keys = set(pool.map(lambda _: local_key(tmp_path, "field"), range(64)))
    assert len(keys) == 1
    assert [path.name for path in tmp_path.iterdir()] == ["field.key"]
    assert (tmp_path / "field.key").stat().st_mode & 0o077 == 0
