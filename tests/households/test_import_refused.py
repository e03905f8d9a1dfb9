"""A file of households that does not fit is turned away whole, before a row of it is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from common import clock
from households.imports import acts
from households.imports.mapping import load_mapping
from households.imports.reading import LARGEST, read_table
from households.models import ImportBatch
from tests import cast as people
from tests.cast import AT, Cast
from tests.households.test_import import HEADERS, ROWS
from tests.households.test_import_pages import sent, table
from tests.refusing import refuses

TWICE = [*HEADERS, HEADERS[0]]
LACKING = HEADERS[1:]


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


@pytest.mark.parametrize(
    ("content", "code"),
    [
        pytest.param(b"", "file_empty", id="no bytes"),
        pytest.param(b"\n\n", "file_empty", id="no first line"),
        pytest.param(b"a," * (acts.LIMIT // 2 + 1), "file_too_large", id="too large"),
        pytest.param(b"\x81\xff\xff", "file_unreadable", id="no text"),
        pytest.param(table(TWICE, ROWS), "header_twice", id="one column twice"),
        pytest.param(table(LACKING, ROWS), "headers", id="a column missing"),
        pytest.param(table(["a", "b"], [["1", "2"]]), "no_mapping_fits", id="another table"),
    ],
)
def test_file_that_does_not_fit_is_refused_before_it_is_kept(cast: Cast, content: bytes, code: str) -> None:
    with refuses(code):
        sent(cast.worker, content)


def test_same_file_is_not_taken_twice(cast: Cast) -> None:
    sent(cast.worker)

    with refuses("file_known"):
        sent(cast.colleague)

    assert ImportBatch.objects.count() == 1


def test_file_from_the_shell_is_there_and_not_too_large(db: None, tmp_path: Path) -> None:
    with refuses("file_unreadable"):
        read_table(tmp_path / "none.csv")
    with (tmp_path / "huge.csv").open("wb") as file:
        file.truncate(LARGEST + 1)

    with refuses("file_too_large"):
        read_table(tmp_path / "huge.csv")


@pytest.mark.parametrize("text", ["not = [toml", "version = 1", 'household = "none"'])
def test_mapping_with_a_fault_is_not_used(db: None, tmp_path: Path, text: str) -> None:
    path = tmp_path / "own.toml"
    path.write_text(text, encoding="utf-8")

    with refuses("mapping_fault"):
        load_mapping(path)
