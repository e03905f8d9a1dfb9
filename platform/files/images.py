"""Photographs are drawn anew: upright, small enough, without place, time and device (EXIF) or anything hidden."""

from __future__ import annotations

import io
import struct
import zlib

from PIL import Image, ImageOps

from files.refusals import refuse

LARGEST_EDGE = 2000
MOST_PIXELS = 50_000_000
FORMATS = {"image/jpeg": "JPEG", "image/png": "PNG", "image/webp": "WEBP"}
QUALITY = 85
# What Pillow's readers raise on files made to mislead them.
BROKEN = (OSError, SyntaxError, ValueError, struct.error, zlib.error, EOFError, IndexError, KeyError, TypeError,
          OverflowError, AttributeError)  # fmt: skip


def redraw(content: bytes, kind: str) -> bytes:
    """The picture alone as JPEG, at most 2,000 pixels on its longer edge; read by the one reader of its kind."""
    try:
        return _redrawn(content, FORMATS[kind])
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        refuse("too_many_pixels")
    except BROKEN:
        refuse("damaged_file")


def _redrawn(content: bytes, form: str) -> bytes:
    with Image.open(io.BytesIO(content), formats=[form]) as image:
        if image.width * image.height > MOST_PIXELS:
            raise Image.DecompressionBombError
        image.draft("RGB", (LARGEST_EDGE, LARGEST_EDGE))  # a JPEG is decoded at a fraction of its size
        image.thumbnail((LARGEST_EDGE, LARGEST_EDGE))
        upright = ImageOps.exif_transpose(image)
    paper = Image.new("RGB", upright.size, "white")
    if upright.has_transparency_data:
        upright = upright.convert("RGBA")
        paper.paste(upright, mask=upright)
    else:
        paper.paste(upright.convert("RGB"))
    out = io.BytesIO()
    paper.save(out, "JPEG", quality=QUALITY)
    return out.getvalue()
