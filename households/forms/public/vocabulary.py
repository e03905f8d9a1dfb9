"""The code lists and items the pages offer; a page that shows many answers at once reads each of them once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from reference import queries as reference
from reference.models import Item

_read: ContextVar[dict[str, Any] | None] = ContextVar("vocabulary_read", default=None)


@contextmanager
def read_once() -> Iterator[None]:
    """Within this context a list is asked of the database once, however many members and needs there are."""
    token = _read.set({})
    try:
        yield
    finally:
        _read.reset(token)


def choices(slug: str) -> list[tuple[str, str]]:
    """What a household may choose from one list today."""
    known = _read.get()
    if known is None:
        return reference.choices(slug, for_household=True)
    if slug not in known:
        known[slug] = reference.choices(slug, for_household=True)
    return known[slug]  # type: ignore[no-any-return]


def items() -> dict[str, Item]:
    """Every item by its slug."""
    known = _read.get()
    if known is None:
        return {item.slug: item for item in reference.items()}
    if "items" not in known:
        known["items"] = {item.slug: item for item in reference.items()}
    return known["items"]  # type: ignore[no-any-return]
