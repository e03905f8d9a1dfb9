"""Short messages: an adapter per operator; the default writes to the log and sends nothing."""

from __future__ import annotations

import logging
from typing import Protocol

from django.conf import settings
from django.utils.module_loading import import_string

logger = logging.getLogger(__name__)


class SmsAdapter(Protocol):
    """Sends one neutral text to one number, or raises."""

    def send(self, *, phone: str, text: str) -> None: ...


class ConsoleSms:
    """For one machine: the text goes to the log, the number masked."""

    def send(self, *, phone: str, text: str) -> None:
        logger.info("SMS to ***%s: %s", phone[-4:], text)


def adapter() -> SmsAdapter:
    """The adapter the settings name."""
    return import_string(settings.SMS_ADAPTER)()  # type: ignore[no-any-return]
