"""Questionnaires are loaded as data; what was asked in a version is never altered (domain §4.3)."""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256
from pathlib import Path

from django.db import transaction
from django.utils.translation import gettext as _

from common.actors import Actor
from common.exceptions import Refused
from common.recording import record
from households.measures.scale_files import Unreadable, read_scale
from households.models import Instrument

SHIPPED = Path(__file__).parent.parent / "instrument_data"


@transaction.atomic
def load_instruments(*, files: Iterable[Path] = (), by: Actor, at: datetime) -> dict[str, list[str]]:
    """What the product ships, or these files: a new version retires the one before it, a repeat changes nothing.

    A version that is loaded is never altered: answers were given to its very words.
    """
    done: dict[str, list[str]] = {"loaded": [], "unchanged": []}
    for path in list(files) or sorted(SHIPPED.glob("*.toml")):
        try:
            raw = path.read_bytes()
            content = tomllib.loads(raw.decode())
            scale = read_scale(content)
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError, Unreadable) as error:
            raise Refused(
                "instrument_unreadable", _("%(file)s: %(why)s") % {"file": path.name, "why": error}
            ) from error
        digest = sha256(raw).hexdigest()
        name = f"{scale.code} {scale.version}"
        known = Instrument.objects.filter(code=scale.code, version=scale.version).first()
        if known is not None and known.digest != digest:
            raise Refused(
                "instrument_altered",
                _("%(name)s is loaded with other words already. Give what has changed a new version.")
                % {"name": name},
            )
        if known is None:
            _retire_current(scale.code, by, at)
            fresh = Instrument.objects.create(
                code=scale.code, version=scale.version, content=content, digest=digest, loaded_at=at
            )
            record("instrument.loaded", fresh, by=by, at=at, code=scale.code, version=scale.version)
        done["loaded" if known is None else "unchanged"].append(name)
    return done


def _retire_current(code: str, by: Actor, at: datetime) -> None:
    for before in Instrument.objects.current().filter(code=code):
        before.retired_at = at
        before.save(update_fields=["retired_at"])
        record("instrument.retired", before, by=by, at=at, code=code, version=before.version)
