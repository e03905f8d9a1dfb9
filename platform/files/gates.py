"""Who may open a file: whoever uploaded it, and whoever its owner's app lets in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from common.actors import Actor, CodeHolder
from files.enums import DataClass
from files.models import Attachment

Gate = Callable[[Any, str], bool]
RequestGate = Callable[[HttpRequest, str], bool]
_gates: dict[str, Gate] = {}
_request_gates: dict[str, RequestGate] = {}


def allow(owner_label: str, gate: Gate) -> None:
    """`gate(user, owner_ref)` says whether a user may see the owner's files."""
    _gates[owner_label] = gate


def allow_request(owner_label: str, gate: RequestGate) -> None:
    """The same for a browser without an account that holds a query code: `gate(request, owner_ref)`."""
    _request_gates[owner_label] = gate


def opener_of(request: HttpRequest, attachment: Attachment) -> Actor | None:
    """In whose name this request may open the file; None when it may not."""
    user: Any = request.user
    label, ref = attachment.owner_label, attachment.owner_ref
    if user.is_authenticated and (
        _uploaded(user, attachment) or (label in _gates and _gates[label](user, ref))
    ):
        return user  # type: ignore[no-any-return]
    if label in _request_gates and _request_gates[label](request, ref):
        return CodeHolder(ref)
    return None


def _uploaded(user: Any, attachment: Attachment) -> bool:
    """One's own uploads; those about other people's identity or health only while one still holds a seat."""
    mine = attachment.by_kind == user.actor_kind and attachment.by_ref == user.actor_ref
    return mine and (attachment.data_class == DataClass.ORDINARY or user.seat is not None)
