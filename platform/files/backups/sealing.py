"""A stream sealed in pieces under a key of its own, which lies sealed with the newest data key at its head.

Every piece carries its place and whether it is the last, so that none can be changed, exchanged, left out or cut off.
"""

from __future__ import annotations

import os
from typing import IO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from common.crypto import Unreadable, open_bytes, seal_bytes
from files.backups.errors import Failed

MAGIC = b"BANGFU-BACKUP-1\n"
CONTEXT = "backup.key"
PIECE = 1024 * 1024
TAG = 16


def _nonce(place: int) -> bytes:
    return place.to_bytes(12, "big")


class SealedWriter:
    """What tarfile writes into."""

    def __init__(self, file: IO[bytes]) -> None:
        key = os.urandom(32)
        head = seal_bytes(key, context=CONTEXT)
        file.write(MAGIC + len(head).to_bytes(2, "big") + head)
        self._file, self._cipher, self._place, self._waiting = file, AESGCM(key), 0, bytearray()

    def write(self, content: bytes) -> int:
        self._waiting += content
        while len(self._waiting) > PIECE:  # the last piece waits for close()
            self._put(bytes(self._waiting[:PIECE]), b"\x00")
            del self._waiting[:PIECE]
        return len(content)

    def close(self) -> None:
        self._put(bytes(self._waiting), b"\x01")

    def _put(self, piece: bytes, last: bytes) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._place), piece, last))
        self._place += 1


class SealedReader:
    """What tarfile reads from; raises Failed at the first piece that is not what was written."""

    def __init__(self, file: IO[bytes]) -> None:
        if file.read(len(MAGIC)) != MAGIC:
            raise Failed("this is not a backup of this platform")
        head = file.read(int.from_bytes(file.read(2), "big"))
        try:
            key = open_bytes(head, context=CONTEXT)
        except Unreadable:
            raise Failed("the backup does not open with the keys in BANGFU_FIELD_KEYS") from None
        self._file, self._cipher, self._place = file, AESGCM(key), 0
        self._next = file.read(PIECE + TAG)
        self._ready = bytearray()

    def read(self, size: int) -> bytes:
        while len(self._ready) < size and self._next:
            piece, self._next = self._next, self._file.read(PIECE + TAG)
            try:
                self._ready += self._cipher.decrypt(
                    _nonce(self._place), piece, b"\x00" if self._next else b"\x01"
                )
            except InvalidTag:
                raise Failed("the backup is damaged or cut off") from None
            self._place += 1
        content = bytes(self._ready[:size])
        del self._ready[:size]
        return content
