"""The form field for uploads: the browser offers what fits; the nine refusals come from the service."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from common.wording import filled
from files.enums import ENDINGS, IMAGES, PURPOSES
from files.refusals import LARGEST_MB, MESSAGES, MOST_FILES


def accepted(purpose: str) -> str:
    """The `accept` attribute: a phone then offers its camera or its recorder."""
    kinds = PURPOSES[purpose].accepts
    offered = {"image/*"} if kinds & IMAGES else set()
    return ",".join(sorted(offered | {f".{ENDINGS[kind]}" for kind in kinds - IMAGES}))


class UploadField(forms.FileField):
    """One file for a purpose; an empty one passes here, so that the service can say what to do."""

    def __init__(self, *, purpose: str, **kwargs: Any) -> None:
        kwargs.setdefault("help_text", filled(_("A photo or file of at most %(mb)d MB."), mb=LARGEST_MB))
        kwargs.setdefault("widget", forms.FileInput(attrs={"accept": accepted(purpose)}))
        kwargs.setdefault("allow_empty_file", True)
        kwargs.setdefault("error_messages", {"required": MESSAGES["no_file"], "missing": MESSAGES["no_file"]})
        super().__init__(**kwargs)


class SeveralFilesInput(forms.FileInput):
    allow_multiple_selected = True


class UploadsField(UploadField):
    """Several files for one question; its value is a list."""

    def __init__(self, *, purpose: str, **kwargs: Any) -> None:
        kwargs.setdefault("widget", SeveralFilesInput(attrs={"accept": accepted(purpose)}))
        limits = _("Up to %(most)d photos or files of at most %(mb)d MB.")
        kwargs.setdefault("help_text", filled(limits, most=MOST_FILES, mb=LARGEST_MB))
        super().__init__(purpose=purpose, **kwargs)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[Any]]:
        sent = data if isinstance(data, list | tuple) else [data]
        return [one for one in (super(UploadsField, self).clean(item, initial) for item in sent) if one]
