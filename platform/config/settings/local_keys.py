"""Keys for a local copy: made once, kept in the private folder, never those of a real deployment."""

import base64
import os
import secrets
from contextlib import suppress
from pathlib import Path


def local_key(folder: Path, name: str) -> str:
    """The base64 of 32 random bytes, made at the first start; safe when several processes start at once."""
    path = folder / f"{name}.key"
    if not path.exists():
        fresh = folder / f"{name}.{secrets.token_hex(8)}"
        fresh.touch(mode=0o600)
        fresh.write_text(base64.b64encode(os.urandom(32)).decode(), encoding="ascii")
        with suppress(FileExistsError):  # another process was first: its key counts
            path.hardlink_to(fresh)
        fresh.unlink()
    return path.read_text(encoding="ascii")
