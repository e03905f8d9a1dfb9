"""Versioned formula parameters: a frozen dataclass to JSON and back, complete and without surprises."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import Field, fields
from decimal import Decimal
from typing import Any, ClassVar, Protocol, TypeVar


class Parameters(Protocol):
    """A frozen dataclass whose every field has a default of Decimal, int, str, or a tuple or mapping of these."""

    __dataclass_fields__: ClassVar[dict[str, Field[Any]]]


P = TypeVar("P", bound=Parameters)


def as_json(parameters: Parameters) -> dict[str, Any]:
    """Every field as JSON holds it; decimals are text, so that nothing is rounded on the way."""
    return {field.name: _plain(getattr(parameters, field.name)) for field in fields(parameters)}


def from_json(kind: type[P], stored: Mapping[str, Any]) -> P:
    """The parameters as they were stored; a missing or an unknown one is an error, never a default of today."""
    defaults = kind()
    expected = {field.name for field in fields(defaults)}
    if expected != set(stored):
        raise ValueError(f"parameters differ from {kind.__qualname__}: {sorted(expected ^ set(stored))}")
    return kind(**{name: _like(getattr(defaults, name), value) for name, value in stored.items()})


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        return {str(key): _plain(part) for key, part in value.items()}
    if isinstance(value, tuple):
        return [_plain(part) for part in value]
    return value


def _like(example: Any, value: Any) -> Any:
    if isinstance(example, Mapping):
        part = next(iter(example.values()))
        return {key: _like(part, one) for key, one in value.items()}
    if isinstance(example, tuple):
        return tuple(_like(example[0], one) for one in value)
    if isinstance(example, Decimal):
        return Decimal(str(value))
    if not isinstance(value, type(example)):
        raise ValueError(f"{value!r} is no {type(example).__name__}")
    return value
