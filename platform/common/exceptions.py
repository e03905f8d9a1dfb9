"""Anticipated refusals: they carry a code for machines and a sentence for people."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from django.utils.functional import _StrPromise


class Refused(Exception):
    """The act is not allowed now; nothing was changed. Shown as a form error, HTTP 409 or admin message."""

    def __init__(self, code: str, message: str | _StrPromise, *, field: str | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.message = message
        self.field = field

    def __str__(self) -> str:
        return str(self.message)


@dataclass(frozen=True)
class Difference:
    """One field of a stale save: what it was when opened is gone, so both present values are shown."""

    field: str
    label: str
    theirs: Any
    yours: Any
    keep: str | None = None  # what is posted to keep theirs where it is shown masked


class Stale(Refused):
    """Someone saved the object after it was opened; both versions are shown field by field."""

    def __init__(self, message: str | _StrPromise, *, differences: list[Difference], version: int) -> None:
        super().__init__("stale", message)
        self.differences = differences
        self.version = version
