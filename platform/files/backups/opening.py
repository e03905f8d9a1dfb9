"""Opening a backup: every member checked against the manifest before anything is touched."""

from __future__ import annotations

import hashlib
import json
import re
import tarfile
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.migrations.loader import MigrationLoader

from common.crypto import key_checks
from files.backups.errors import Failed
from files.backups.making import DATABASES, FORMAT
from files.backups.sealing import SealedReader

MEMBER = re.compile(r"database|manifest\.json|journal-anchors\.txt|private/[0-9a-z]{2}/[0-9a-z]{12}")
BLOCK = 1024 * 1024


def unpack(backup: Path, folder: Path) -> dict[str, Any]:
    """The members of a backup in a folder, whole and as they were written; returns the manifest."""
    found: dict[str, Any] = {}
    try:
        with (
            backup.open("rb") as file,
            tarfile.open(fileobj=SealedReader(file), mode="r|") as archive,  # type: ignore[call-overload]
        ):
            for member in archive:
                if not member.isfile() or not MEMBER.fullmatch(member.name) or member.name in found:
                    raise Failed("the backup holds something it should not")
                found[member.name] = _take(archive, member, folder / member.name)
    except (OSError, tarfile.TarError) as error:
        raise Failed(f"{backup} cannot be read: {error}") from None
    if found.pop("manifest.json", None) is None:
        raise Failed("the backup has no manifest")
    manifest: dict[str, Any] = json.loads((folder / "manifest.json").read_bytes())
    if manifest.get("format") != FORMAT or manifest["members"] != found:
        raise Failed("the manifest of the backup does not fit what it holds")
    return manifest


def check(manifest: dict[str, Any], folder: Path) -> None:
    """Whether this site can take the backup: its kind of database, its keys, its code."""
    if manifest["database"] != connection.vendor:
        raise Failed(f"the backup is of {manifest['database']}, this site runs on {connection.vendor}")
    for name, keys in (("field_keys", settings.FIELD_KEYS), ("index_keys", settings.INDEX_KEYS)):
        known = key_checks(keys)
        unknown = [version for version, mark in manifest[name].items() if known.get(version) != mark]
        if unknown:
            raise Failed(f"BANGFU_{name.upper()} lacks the key of version {', '.join(unknown)} of the backup")
    here = MigrationLoader(None).disk_migrations
    code = {*here, *(name for migration in here.values() for name in migration.replaces)}
    if newer := [name for name in manifest["migrations"] if tuple(name.split(".", 1)) not in code]:
        raise Failed(f"the backup was made by newer code (it knows {newer[0]}); update this site first")
    DATABASES[connection.vendor].check(folder / "database")


def _take(archive: tarfile.TarFile, member: tarfile.TarInfo, place: Path) -> dict[str, Any]:
    content = archive.extractfile(member)
    if content is None:
        raise Failed("the backup holds something it should not")
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    with place.open("xb") as file:
        while block := content.read(BLOCK):
            digest.update(block)
            size += len(block)
            file.write(block)
    place.chmod(0o600)
    return {"size": size, "sha256": digest.hexdigest()}
