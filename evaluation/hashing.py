"""Canonical JSON and its SHA-256: the same inputs give the same digest on every machine."""

from __future__ import annotations

import hashlib
import json
from typing import Any


def digest(content: Any) -> str:
    """SHA-256 over JSON with sorted keys; decimals are kept as the text they were stored as."""
    text = json.dumps(content, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
