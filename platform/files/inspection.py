"""What an upload really is: by its content, never by its name; photographs are drawn anew without their data."""

from __future__ import annotations

import io
import warnings

from django.utils.translation import gettext as _
from PIL import Image, ImageOps, UnidentifiedImageError

from common.exceptions import Refused

LARGEST_EDGE = 2000
MOST_PIXELS = 40_000_000


def kind_of(content: bytes) -> str:
    """The media type by the first bytes; empty when it is none we know."""
    head = content[:16]
    if head.startswith(b"\xff\xd8\xff"):
        return "image/jpeg"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "image/png"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "image/webp"
    if head.startswith(b"%PDF-"):
        return "application/pdf"
    if head.startswith(b"ID3") or head[:2] in {b"\xff\xfb", b"\xff\xf3", b"\xff\xf2"}:
        return "audio/mpeg"
    if head[4:8] == b"ftyp":
        return "audio/mp4"
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return "audio/wav"
    if head.startswith(b"OggS"):
        return "audio/ogg"
    return "audio/amr" if head.startswith(b"#!AMR") else ""


def clean_image(content: bytes, kind: str) -> tuple[bytes, str]:
    """The picture alone, upright, at most 2,000 pixels on its longer edge, without EXIF."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            image = Image.open(io.BytesIO(content))
            if image.width * image.height > MOST_PIXELS:
                raise Refused(
                    "too_many_pixels",
                    _("This photo is too large in size. Take it again with a lower setting."),
                )
            image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Refused(
            "too_many_pixels", _("This photo is too large in size. Take it again with a lower setting.")
        ) from None
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError):
        raise Refused(
            "damaged_image", _("This photo is damaged and cannot be opened. Please take it again.")
        ) from None
    upright = ImageOps.exif_transpose(image) or image
    upright.thumbnail((LARGEST_EDGE, LARGEST_EDGE))
    keeps_alpha = kind != "image/jpeg"
    drawn = Image.new("RGBA" if keeps_alpha else "RGB", upright.size)
    drawn.paste(upright.convert(drawn.mode))
    out = io.BytesIO()
    format_name = "PNG" if keeps_alpha else "JPEG"
    drawn.save(out, format_name, quality=85)
    return out.getvalue(), "image/png" if keeps_alpha else "image/jpeg"


def refuse_dangerous_pdf(content: bytes) -> None:
    """A locked document cannot be read by those who must check it; one that runs programs is not let in."""
    if b"/Encrypt" in content:
        raise Refused(
            "locked_document",
            _("This document is locked with a password. Save it without one and send it again."),
        )
    if any(mark in content for mark in (b"/JavaScript", b"/JS ", b"/Launch", b"/EmbeddedFile")):
        raise Refused(
            "active_document", _("This document contains a program. Print it to a new PDF and send that.")
        )
