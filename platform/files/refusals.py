"""The nine ways an upload can fail, each with what to do next (quality U09)."""

from __future__ import annotations

from typing import NoReturn

from django.utils.translation import gettext_lazy, pgettext

from common.exceptions import Refused

LARGEST_MB = 10
MOST_FILES = 5
MESSAGES = {
    "no_file": gettext_lazy("Choose a file first."),
    "empty_file": gettext_lazy(
        "This file is empty. Open it to see whether it is the right one, then send it again."
    ),
    "too_big": gettext_lazy("This file is larger than %(mb)d MB. Take a smaller photo, or send fewer pages."),
    "unknown_kind": gettext_lazy(
        "We cannot tell what this file is, whatever its name says. Send a photo (JPG, PNG) or a PDF."
    ),
    "kind_not_allowed": gettext_lazy("A file of this kind does not fit here. What fits: %(kinds)s."),
    "damaged_file": gettext_lazy(
        "This file is damaged and cannot be opened. Take the photo again, or save it anew."
    ),
    "too_many_pixels": gettext_lazy(
        "This photo has too many pixels. Take it again with a smaller size setting."
    ),
    "closed_document": gettext_lazy(
        "This document is locked, or carries a program or other files inside. "
        "Print it to a new PDF, or save the table without macros, and send that."
    ),
    "too_many_files": gettext_lazy(
        "That was more than %(most)d files. Choose the most important ones and send them."
    ),
}


def refuse(code: str, **parameters: object) -> NoReturn:
    """Say no beside the upload field; nothing was kept."""
    raise Refused(
        code, str(MESSAGES[code]) % parameters if parameters else str(MESSAGES[code]), field="upload"
    )


def kinds_in_words(endings: list[str]) -> str:
    return pgettext("between kinds of file", ", ").join(ending.upper() for ending in sorted(set(endings)))
