"""What the guards look at: the product's own files, apps and layers."""

import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
SHELF = ROOT / "platform"
NOT_APPS = {"bench", "script", "tests"}  # folders with Python that the site does not install
PROJECT: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def layers() -> list[set[str]]:
    """The import order, high to low, as the import contract states it."""
    contract = next(c for c in PROJECT["tool"]["importlinter"]["contracts"] if c["id"] == "apps")
    return [{name.strip() for name in layer.split("|")} for layer in contract["layers"]]


def rank(app: str) -> int | None:
    """How high an app stands (0 is the highest); None for a third party's."""
    return next((number for number, layer in enumerate(layers()) if app in layer), None)


def may_know(app: str, other: str) -> bool:
    """Whether `app` may point at `other`: itself, anything lower, anything that is not ours."""
    mine, theirs = rank(app), rank(other)
    return mine is None or theirs is None or app == other or theirs > mine


def app_folders() -> set[str]:
    """Every folder that is a Python package of the product, on the shelf or beside it."""
    folders = [*ROOT.iterdir(), *SHELF.iterdir()]
    return {folder.name for folder in folders if (folder / "__init__.py").exists()} - NOT_APPS


def modules() -> list[Path]:
    """The product's Python, without migrations."""
    homes = [SHELF / app if (SHELF / app).exists() else ROOT / app for app in sorted(app_folders())]
    return [path for home in homes for path in sorted(home.rglob("*.py")) if "migrations" not in path.parts]


def templates() -> list[Path]:
    return sorted((ROOT / "templates").rglob("*.html"))
