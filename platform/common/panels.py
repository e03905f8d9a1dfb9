"""Lower pages show upper facts through providers registered when the applications are ready."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from typing import Any

Provider = Callable[..., Iterable[Any] | None]
_providers: dict[str, list[tuple[int, Provider]]] = defaultdict(list)


def provide(slot: str, provider: Provider, *, order: int = 50) -> None:
    """Register a provider for a slot such as `household.file`, `todo.worker`, `given.donor` or `erasure`."""
    entry = (order, provider)
    if entry not in _providers[slot]:
        _providers[slot].append(entry)


def collect(slot: str, *args: Any, **kwargs: Any) -> list[Any]:
    """Everything the providers of a slot say, in their order."""
    found: list[Any] = []
    for _order, provider in sorted(_providers[slot], key=lambda entry: entry[0]):
        found.extend(provider(*args, **kwargs) or ())
    return found
