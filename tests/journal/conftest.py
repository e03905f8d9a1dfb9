"""The journal's tests write anchors into the private folder; each starts without any."""

from pathlib import Path

import pytest


@pytest.fixture(autouse=True)
def anchors(var_folder: Path, settings: object, tmp_path: Path) -> Path:
    settings.VAR_DIR = tmp_path  # type: ignore[attr-defined]
    return tmp_path / "journal-anchors.txt"
