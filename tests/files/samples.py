"""Uploads as people and others send them."""

import io
import random
import wave
import zipfile
import zlib
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

HERE = (30, 15)  # degrees in the photo's place data


def upload(content: bytes, name: str = "photo.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def photo(
    size: tuple[int, int] = (600, 400), form: str = "JPEG", *, exif: bool = True, mode: str = "RGB"
) -> bytes:
    image = Image.new(mode, size, "teal" if mode in {"RGB", "RGBA"} else 1)
    out = io.BytesIO()
    data = Image.Exif()
    if exif:
        data[0x0110] = "SECRET-PHONE-MODEL"
        data[0x0112] = 6  # turned
        data[0x8825] = {1: "N", 2: HERE, 3: "E", 4: HERE}
    image.save(out, form, **({"exif": data} if exif else {}))
    return out.getvalue()


def pdf(extra: bytes = b"", end: bytes = b"%%EOF\n") -> bytes:
    return (
        b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog " + extra + b" >>\nendobj\ntrailer << /Root 1 0 R >>\n" + end
    )


def packed_pdf(objects: bytes) -> bytes:
    """Objects inside a compressed object stream."""
    body = zlib.compress(objects)
    stream = (
        b"2 0 obj\n<< /Type /ObjStm /N 1 /Filter /FlateDecode >>\nstream\n" + body + b"\nendstream\nendobj\n"
    )
    return b"%PDF-1.7\n" + stream + b"trailer << >>\n%%EOF"


def workbook(parts: dict[str, bytes] | None = None) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in {
            "[Content_Types].xml": b"<Types/>",
            "xl/workbook.xml": b"<workbook/>",
            **(parts or {}),
        }.items():
            archive.writestr(name, content)
    return out.getvalue()


def recording() -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(1600))
    return out.getvalue()


AUDIO = {
    "audio/wav": recording(),
    "audio/mpeg": b"ID3\x04\x00\x00\x00\x00\x00\x05" + bytes(5) + b"\xff\xfb\x90\x64" + bytes(400),
    "audio/mp4": b"\x00\x00\x00\x1cftypM4A \x00\x00\x00\x00" + bytes(100),
    "audio/ogg": b"OggS" + bytes(24) + b"OpusHead" + bytes(100),
    "audio/amr": b"#!AMR\n" + bytes(100),
}
NOT_SOUND = {
    "film": b"\x00\x00\x00\x1cftypisom\x00\x00\x00\x00moov....hdlr" + bytes(8) + b"vide" + bytes(100),
    "telephone photo": b"\x00\x00\x00\x1cftypheic\x00\x00\x00\x00" + bytes(100),
    "ogg film": b"OggS" + bytes(24) + b"\x80theora" + bytes(100),
}


def hostile(number: int) -> tuple[str, bytes]:
    """One of many broken or lying files, the same every time."""
    dice = random.Random(number)
    honest: list[Any] = [
        photo((40, 30)), photo((40, 30), "PNG", exif=False), photo((40, 30), "WEBP"), pdf(), workbook(), recording(),
    ]  # fmt: skip
    content = bytearray(dice.choice(honest))
    head = dice.choice(
        [b"", b"", b"", b"\xff\xd8\xff\xe0", b"\x89PNG\r\n\x1a\n", b"RIFF\x00\x00\x00\x00WEBP", b"PK\x03\x04"]
    )
    for _blow in range(dice.choice([0, 1, 5, 40])):
        content[dice.randrange(len(content))] = dice.randrange(256)
    cut = dice.choice([len(content), dice.randint(1, len(content))])
    return dice.choice(["a.jpg", "a.png", "a.pdf", "a.xlsx", "a.exe"]), head + bytes(content[:cut])
