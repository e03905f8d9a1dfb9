"""Keys for a local copy: made once, kept in the private folder, never those of a real deployment."""

import base64
import os
from pathlib import Path


def local_key(folder: Path, name: str) -> str:
    """The base64 of 32 random bytes, made at the first start; safe when several processes start at once."""
    path = folder / f"{name}.key"
    try:
        descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return path.read_text(encoding="ascii")
    key = base64.b64encode(os.urandom(32)).decode()
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write(key)
    return key
