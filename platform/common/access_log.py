"""The web process's access log, masked like every other one."""

from __future__ import annotations

from typing import Any

from gunicorn.glogging import Logger

from common.logs import mask


class MaskedLogger(Logger):
    """gunicorn's own logger; what it says of a request passes through the mask."""

    def atoms(self, *args: Any) -> dict[str, Any]:
        return {
            key: mask(value) if isinstance(value, str) else value
            for key, value in super().atoms(*args).items()
        }
