"""Making a backup: the database as it stands, the files it speaks of, the heads of the journal, a manifest."""

from __future__ import annotations

import hashlib
import io
import json
import os
import tarfile
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.conf import settings
from django.db import connection

from common.crypto import key_checks
from files import storage
from files.backups import postgresql, sqlite
from files.backups.errors import Failed
from files.backups.facts import facts, files_named
from files.backups.sealing import SealedWriter
from journal.rules import ANCHORS

FORMAT = 1
DATABASES: dict[str, Any] = {"sqlite": sqlite, "postgresql": postgresql}


def make(place: Path, *, at: datetime) -> dict[str, Any]:
    """Write one sealed file, whole or not at all; returns its manifest."""
    if place.exists():
        raise Failed(f"{place} is there already; a backup never overwrites another")
    if not settings.FIELD_KEYS or not place.parent.is_dir():
        raise Failed(
            f"{place.parent} is no folder" if settings.FIELD_KEYS else "BANGFU_FIELD_KEYS names no key"
        )
    unfinished = place.with_name(f"{place.name}.part")
    try:
        with TemporaryDirectory(dir=settings.VAR_DIR, prefix="backup-") as folder:
            descriptor = os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                manifest = _write(file, Path(folder) / "database", at)
                file.flush()
                os.fsync(file.fileno())
        unfinished.rename(place)
    except FileExistsError:
        raise Failed(f"{unfinished} is there: another backup is being made, or died") from None
    except OSError as error:
        unfinished.unlink(missing_ok=True)
        raise Failed(f"the backup could not be written: {error.strerror}") from None
    except BaseException:
        unfinished.unlink(missing_ok=True)
        raise
    return manifest


def _write(file: Any, dump: Path, at: datetime) -> dict[str, Any]:
    with DATABASES[connection.vendor].dumped(dump) as (ask, tables):
        manifest = {
            "format": FORMAT,
            "made_at": at.astimezone(UTC).isoformat(),
            "database": connection.vendor,
            "field_keys": key_checks(settings.FIELD_KEYS),
            "index_keys": key_checks(settings.INDEX_KEYS),
            **facts(ask, tables),
        }
        names = files_named(ask)
    members: dict[str, Any] = {}
    missing = []
    sealed = SealedWriter(file)
    with tarfile.open(fileobj=sealed, mode="w|") as archive:  # type: ignore[call-overload]
        members["database"] = _add(archive, "database", dump)
        anchors = Path(settings.VAR_DIR) / ANCHORS
        if anchors.exists():
            members[ANCHORS] = _add(archive, ANCHORS, anchors)
        for name in names:
            member = f"private/{name[:2]}/{name}"
            try:
                members[member] = _add(archive, member, storage.place_of(name))
            except FileNotFoundError:
                missing.append(name)
        manifest |= {"members": members, "missing": missing}
        content = json.dumps(manifest).encode()
        head = tarfile.TarInfo("manifest.json")
        head.size = len(content)
        archive.addfile(head, io.BytesIO(content))
    sealed.close()
    return manifest


def _add(archive: tarfile.TarFile, name: str, path: Path) -> dict[str, Any]:
    """One member; read through one open file, so that a file replaced meanwhile is taken whole."""
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
        head = tarfile.TarInfo(name)
        head.size = file.tell()
        file.seek(0)
        archive.addfile(head, file)
    return {"size": head.size, "sha256": digest}
