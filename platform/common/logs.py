"""Logs in which no identity number, phone or card number can stand, and no link that signs somebody in."""

from __future__ import annotations

import logging
import re
from collections.abc import MutableMapping
from typing import Any

import structlog

# Resident IDs (18), disability certificates (20, 22), bank cards (16–19) and mobile phones (11).
IDENTITY = re.compile(r"(?<![0-9A-Za-z])(?:\d{16,22}|\d{17}[0-9Xx](?:\d{2}){0,2}|1[3-9]\d{9})(?![0-9A-Za-z])")


# Addresses whose last part lets in whoever holds it; deploy/Caddyfile masks the same ones.
LINKS = re.compile(r"(/seats/invitation/|/account/password/reset/key/|/account/confirm-email/)[^/?\s\"']+")


def mask_identity(text: str) -> str:
    """Replace every run of digits that could name a person."""
    return IDENTITY.sub("[masked]", text)


def mask(text: str) -> str:
    """What may stand in a log: no identity, no link that opens a door."""
    return mask_identity(LINKS.sub(r"\1[masked]", text))


def _masking(_logger: Any, _name: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    return {key: mask(value) if isinstance(value, str) else value for key, value in event.items()}


class _MaskingFormatter(structlog.stdlib.ProcessorFormatter):
    def format(self, record: logging.LogRecord) -> str:
        return mask(super().format(record))


def formatter(*_: Any, **__: Any) -> logging.Formatter:
    """The formatter of every handler: one line of key=value, masked."""
    return _MaskingFormatter(
        processors=[
            structlog.stdlib.ProcessorFormatter.remove_processors_meta,
            structlog.stdlib.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            structlog.processors.format_exc_info,
            _masking,
            structlog.processors.LogfmtRenderer(bool_as_flag=False),
        ],
        foreign_pre_chain=[],
    )
