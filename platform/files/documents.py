"""Documents and tables are kept as they are, so what is locked or carries a program is not let in."""

from __future__ import annotations

import io
import re
import zipfile
import zlib

from files.refusals import refuse

MOST_UNPACKED = 200 * 1024 * 1024
MOST_PARTS = 5000
MOST_OBJECTS = 20 * 1024 * 1024
STREAM = re.compile(rb"stream\r?\n")
ESCAPED = re.compile(rb"#([0-9A-Fa-f]{2})")
PROGRAM = re.compile(
    rb"/(?:JavaScript|JS|Launch|EmbeddedFiles?|RichMedia|XFA|SubmitForm|ImportData)(?![A-Za-z])"
)
LOCK = re.compile(rb"/Encrypt(?![A-Za-z])")
LOCKED = 1  # the flag bit of an encrypted part
PROGRAM_PART = re.compile(r"vbaProject|/activeX/|/embeddings/|\.(?:exe|dll|js|vbs)$", re.IGNORECASE)
DOCTYPE = re.compile(rb"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)


def check_pdf(content: bytes) -> None:
    """Names are read outside the streams of page content, and inside packed streams of objects."""
    if b"%%EOF" not in content[-2048:]:
        refuse("damaged_file")
    for text in _object_texts(content):
        plain = ESCAPED.sub(lambda match: bytes([int(match[1], 16)]), text)
        if LOCK.search(plain) or PROGRAM.search(plain):
            refuse("closed_document")


def _object_texts(content: bytes) -> list[bytes]:
    texts, position, unpacked = [], 0, 0
    while (match := STREAM.search(content, position)) is not None:
        head = content[position : match.start()]
        end = content.find(b"endstream", match.end())
        end = len(content) if end < 0 else end
        texts.append(head)
        if b"/ObjStm" in head[-400:]:
            packed = _unpacked(content[match.end() : end])
            unpacked += len(packed)
            if unpacked > MOST_OBJECTS:
                refuse("closed_document")
            texts.append(packed)
        position = end
    return [*texts, content[position:]]


def _unpacked(packed: bytes) -> bytes:
    try:
        return zlib.decompressobj().decompress(packed, MOST_OBJECTS + 1)
    except zlib.error:
        return refuse("damaged_file")


def check_xlsx(content: bytes) -> None:
    """No macros, no locked parts, no declared entities, and no more when unpacked than a table of a county holds."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > MOST_UNPACKED:
                refuse("closed_document")
            for part in parts:
                if part.flag_bits & LOCKED or PROGRAM_PART.search(part.filename):
                    refuse("closed_document")
                if part.filename.endswith((".xml", ".rels")):
                    with archive.open(part) as stream:
                        if DOCTYPE.search(stream.read(4096)):
                            refuse("closed_document")
    except (zipfile.BadZipFile, zlib.error, EOFError, ValueError, NotImplementedError, OSError):
        refuse("damaged_file")


def check_csv(content: bytes) -> None:
    """Readable in one of the two encodings Chinese offices use."""
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            content.decode(encoding)
        except UnicodeDecodeError:
            continue
        return
    refuse("damaged_file")
