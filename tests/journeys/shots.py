"""Pictures of every page passed, on a telephone and on a desk; off unless BANGFU_SHOTS is set (1 or a folder)."""

from __future__ import annotations

import os
import re
from itertools import count
from pathlib import Path
from typing import Any

FOLDER = os.environ.get("BANGFU_SHOTS", "")
WIDTHS = (360, 1280)
_number = count(1)


def take(window: Any) -> None:
    """Both widths of the page that was just reached."""
    if not FOLDER:
        return
    folder = Path("/tmp/shots" if FOLDER == "1" else FOLDER)
    folder.mkdir(parents=True, exist_ok=True)
    place = (
        re.sub(r"[^a-z]+", "-", re.sub(r"[a-z0-9]{12}", "", window.path.partition("?")[0])).strip("-")
        or "home"
    )
    for width in WIDTHS:
        window.page.set_viewport_size({"width": width, "height": 900})
        name = f"{next(_number):04d}-{window.name}-{place}-{window.language}-{width}.png"
        window.page.screenshot(path=folder / name, full_page=True)
