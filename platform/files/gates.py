"""Who may open a file: whoever uploaded it, and whoever its owner's app lets in."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest

from files.models import Attachment

Gate = Callable[[Any, str], bool]
RequestGate = Callable[[HttpRequest, str], bool]
_gates: dict[str, Gate] = {}
_request_gates: dict[str, RequestGate] = {}


def allow(owner_label: str, gate: Gate) -> None:
    """`gate(user, owner_ref)` says whether a user may see the owner's files."""
    _gates[owner_label] = gate


def allow_request(owner_label: str, gate: RequestGate) -> None:
    """The same for a browser without an account that holds a query code."""
    _request_gates[owner_label] = gate


def may_open(request: HttpRequest, attachment: Attachment) -> bool:
    """The uploader in the own account, or by the owner's gate."""
    user = request.user
    if user.is_authenticated:
        if attachment.by_kind == "user" and attachment.by_ref == user.public_id:
            return True
        gate = _gates.get(attachment.owner_label)
        if gate is not None and gate(user, attachment.owner_ref):
            return True
    gate_by_code = _request_gates.get(attachment.owner_label)
    return gate_by_code is not None and gate_by_code(request, attachment.owner_ref)
