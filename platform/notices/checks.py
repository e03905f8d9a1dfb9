"""Said at every start: whether short messages reach anybody."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning
from django.utils.module_loading import import_string

from notices.sms import ConsoleSms


def sms_adapter(**_: Any) -> list[CheckMessage]:
    """The adapter can be had; a profile for real people (its clock stands) has one that sends."""
    try:
        adapter = import_string(settings.SMS_ADAPTER)
    except ImportError as error:
        return [Error(f"SMS_ADAPTER names {settings.SMS_ADAPTER}: {error}", id="notices.E001")]
    if not all(callable(getattr(adapter, name, None)) for name in ("send", "accepted")):
        return [Error(f"SMS_ADAPTER names {settings.SMS_ADAPTER}, which is no adapter", id="notices.E002")]
    if adapter is ConsoleSms and not settings.CLOCK_CAN_MOVE:
        hint = "Set SMS_ADAPTER to the dotted path of your operator's adapter (notices.sms.SmsAdapter)."
        return [
            Warning("No short message leaves this site: they go to the log.", hint=hint, id="notices.W001")
        ]
    return []
