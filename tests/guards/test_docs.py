"""The documents point at things that exist, and the requirements table stays whole."""

import re
from pathlib import Path

import pytest

from tests.guards import tree

PAGES = [
    *sorted(tree.ROOT.glob("*.md")),
    *sorted((tree.ROOT / "docs").rglob("*.md")),
    tree.SHELF / "README.md",
]
LINK = re.compile(r"\[[^\]]*\]\((?!https?:|#|mailto:)([^)#\s]+)")
ROW = re.compile(r"^\| R(\d+) \| (.+) \| (.+) \| (.+) \| (.+) \| (\w+) \|$", re.M)
TEST_FILE = re.compile(r"tests/[\w/]+(?:\.py)?")


def requirements() -> list[tuple[str, ...]]:
    return ROW.findall((tree.ROOT / "docs/requirements.md").read_text(encoding="utf-8"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(tree.ROOT).as_posix())
def test_links_lead_somewhere(page: Path):
    text = page.read_text(encoding="utf-8")

    assert [link for link in LINK.findall(text) if not (page.parent / link).exists()] == []


def test_every_requirement_has_one_row():
    assert [int(row[0]) for row in requirements()] == list(range(1, 77))


def test_every_requirement_states_its_status_and_shows_it():
    rows = requirements()

    assert {row[5] for row in rows} <= {"planned", "thin", "done"}
    assert [f"R{row[0]}" for row in rows if row[5] == "done" and not TEST_FILE.search(row[4])] == []
    assert [
        name for row in rows for name in TEST_FILE.findall(row[4]) if not (tree.ROOT / name).exists()
    ] == []
