"""What cannot be left empty."""

from __future__ import annotations

from django.utils.translation import gettext as _

from common.exceptions import Refused


def said(text: str, field: str) -> str:
    if not text.strip():
        raise Refused("text_missing", _("Write it down here."), field=field)
    return text.strip()
