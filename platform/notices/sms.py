"""Short messages: an adapter per operator; the default writes to the log and sends nothing."""

from __future__ import annotations

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger("notices")


class SmsAdapter(Protocol):
    """What an operator's gateway must offer; an adapter is built anew for every message."""

    def send(self, *, phone: str, text: str, reference: str) -> None:
        """Hand one neutral text over, or raise. `reference` names this message at the operator."""

    def accepted(self, reference: str) -> bool:
        """Whether the operator already took a message of this reference: asked when a worker died while sending."""


class ConsoleSms:
    """For one machine: the text goes to the log, the number masked; the log cannot be asked."""

    def send(self, *, phone: str, text: str, reference: str) -> None:
        logger.info("SMS %s to ***%s: %s", reference, phone[-4:], text)

    def accepted(self, reference: str) -> bool:
        return False


def adapter() -> SmsAdapter:
    """The adapter the settings name."""
    return import_string(settings.SMS_ADAPTER)()  # type: ignore[no-any-return]
