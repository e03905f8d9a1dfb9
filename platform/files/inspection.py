"""What an upload really is: by its content, never by its name."""

from __future__ import annotations

import io
import re
import zipfile

from files.documents import check_csv, check_pdf, check_xlsx
from files.enums import ENDINGS, IMAGES, XLSX, Purpose
from files.images import redraw
from files.refusals import kinds_in_words, refuse

LOCKED_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"  # old binary office files, and new ones behind a password
AUDIO_BRANDS = frozenset(
    {b"M4A ", b"M4B ", b"mp41", b"mp42", b"isom", b"iso2", b"3gp4", b"3gp5", b"3gp6", b"dash"}
)
VIDEO_TRACK = re.compile(rb"hdlr.{8}vide", re.DOTALL)
OGG_AUDIO = re.compile(rb"OpusHead|\x01vorbis|Speex   |fLaC")
CONTROL = re.compile(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f]")


def inspect(content: bytes, purpose: Purpose) -> tuple[bytes, str]:
    """The content as it may be kept, and its media type; or one of the refusals."""
    if content.startswith(LOCKED_OFFICE) and "EncryptedPackage".encode("utf-16-le") in content:
        refuse("closed_document")
    kind = kind_of(content, text_is_welcome="text/csv" in purpose.accepts)
    if not kind:
        refuse("unknown_kind")
    if kind not in purpose.accepts:
        refuse("kind_not_allowed", kinds=kinds_in_words([ENDINGS[one] for one in purpose.accepts]))
    if kind in IMAGES:
        return redraw(content, kind), "image/jpeg"
    check = {"application/pdf": check_pdf, XLSX: check_xlsx, "text/csv": check_csv}.get(kind)
    if check is not None:
        check(content)
    return content, kind


def kind_of(content: bytes, *, text_is_welcome: bool = False) -> str:
    """The media type by the first bytes; empty when it is none we know."""
    head = content[:16]
    for mark, kind in (
        (b"\xff\xd8\xff", "image/jpeg"),
        (b"\x89PNG\r\n\x1a\n", "image/png"),
        (b"%PDF-", "application/pdf"),
        (b"#!AMR", "audio/amr"),
    ):
        if head.startswith(mark):
            return kind
    if head[:4] == b"RIFF":
        return {b"WEBP": "image/webp", b"WAVE": "audio/wav"}.get(head[8:12], "")
    if head[4:8] == b"ftyp":
        return "audio/mp4" if head[8:12] in AUDIO_BRANDS and not VIDEO_TRACK.search(content) else ""
    if head.startswith(b"OggS"):
        return "audio/ogg" if OGG_AUDIO.search(content[:256]) else ""
    if head.startswith(b"PK\x03\x04"):
        return XLSX if _is_workbook(content) else ""
    if _is_mp3(content):
        return "audio/mpeg"
    return "text/csv" if text_is_welcome and not CONTROL.search(content) else ""


def _is_workbook(content: bytes) -> bool:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            return {"[Content_Types].xml", "xl/workbook.xml"} <= set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError):
        return False


def _is_mp3(content: bytes) -> bool:
    """A frame header that holds together, at the start or behind an ID3 tag."""
    start = 0
    if content[:3] == b"ID3" and len(content) > 10:
        size = 0
        for byte in content[6:10]:
            size = size << 7 | byte & 0x7F
        start = 10 + size
        found = content.find(b"\xff", start, start + 4096)
        start = found if found >= 0 else len(content)
    frame = content[start : start + 4]
    return (
        len(frame) == 4
        and frame[0] == 0xFF
        and frame[1] & 0xE0 == 0xE0
        and frame[1] & 0x18 != 0x08  # a reserved version
        and frame[1] & 0x06 != 0  # a reserved layer
        and frame[2] & 0xF0 != 0xF0  # a reserved bit rate
        and frame[2] & 0x0C != 0x0C  # a reserved sampling rate
    )
