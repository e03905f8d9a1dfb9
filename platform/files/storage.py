"""Private storage outside static and media: names say nothing, contents are encrypted for their own row."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path

from django.conf import settings

from common.crypto import open_bytes, seal_bytes, version_of


def write(public_id: str, content: bytes) -> None:
    """On the disk before the row commits; replaced as a whole or not at all."""
    place = place_of(public_id)
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    unfinished = place.with_suffix(".part")
    unfinished.touch(mode=0o600)
    with unfinished.open("wb") as file:
        file.write(seal_bytes(content, context=_context(public_id)))
        file.flush()
        os.fsync(file.fileno())
    unfinished.replace(place)


def read(public_id: str) -> bytes:
    return open_bytes(place_of(public_id).read_bytes(), context=_context(public_id))


def version(public_id: str) -> str:
    """The version of the key a file lies sealed with."""
    with place_of(public_id).open("rb") as file:
        return version_of(file.read(64))


def remove(public_id: str) -> None:
    place_of(public_id).unlink(missing_ok=True)


def folders() -> list[str]:
    root = Path(settings.PRIVATE_DIR)
    return sorted(path.name for path in root.iterdir() if path.is_dir()) if root.exists() else []


def names_in(folder: str, *, before: datetime) -> list[str]:
    """The files of a folder last written before a moment of the machine's own time."""
    paths = (Path(settings.PRIVATE_DIR) / folder).iterdir()
    return sorted(path.name for path in paths if path.stat().st_mtime < before.timestamp())


def place_of(public_id: str) -> Path:
    return Path(settings.PRIVATE_DIR) / public_id[:2] / public_id


def _context(public_id: str) -> str:
    return f"attachment:{public_id}"
