"""Field encryption and blind indexes.

AES-256-GCM with versioned data keys; the associated data is the field's constant label and the row's public_id, so a
ciphertext moved to another row or column does not open. A blind index is a keyed HMAC separated by kind of value.
While two index keys are live (`manage.py rotate_keys`), equal values may carry either version: look them up with
`blind_indexes` and `index_forms`.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
from collections.abc import Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings
from django.db import IntegrityError, models

from common.identity import holder_of

if TYPE_CHECKING:
    TextField = models.TextField[Any, Any]
    CharField = models.CharField[Any, Any]
else:
    TextField = models.TextField
    CharField = models.CharField


class Unreadable(Exception):
    """A ciphertext does not open with the keys at hand: wrong key, moved value or tampering."""


class Ciphertext(str):
    """A value as it stands in the database; opened only through its own row."""

    __slots__ = ()

    def __repr__(self) -> str:
        return "<ciphertext>"


def _key(version: str) -> bytes:
    try:
        return base64.b64decode(settings.FIELD_KEYS[version])
    except KeyError:
        raise Unreadable(f"no field key of version {version}") from None


@lru_cache(maxsize=16)
def _cipher(key: bytes) -> AESGCM:
    return AESGCM(key)


def seal_bytes(plain: bytes, *, context: str) -> bytes:
    """Encrypt bytes for one context: `version 0x00 nonce ciphertext`."""
    version = next(iter(settings.FIELD_KEYS))
    nonce = os.urandom(12)
    sealed = _cipher(_key(version)).encrypt(nonce, plain, context.encode())
    return version.encode() + b"\x00" + nonce + sealed


def open_bytes(sealed: bytes, *, context: str) -> bytes:
    """Decrypt what `seal_bytes` made for the same context, or raise Unreadable."""
    version, _, rest = sealed.partition(b"\x00")
    try:
        return _cipher(_key(version.decode())).decrypt(rest[:12], rest[12:], context.encode())
    except (InvalidTag, ValueError, UnicodeDecodeError) as error:
        raise Unreadable(context) from error


def seal_text(plain: str, *, context: str) -> Ciphertext:
    """Encrypt text for one context, as base64."""
    return Ciphertext(base64.b64encode(seal_bytes(plain.encode(), context=context)).decode())


def open_text(sealed: str, *, context: str) -> str:
    """Decrypt what `seal_text` made for the same context."""
    try:
        packed = base64.b64decode(sealed)
    except ValueError as error:
        raise Unreadable(context) from error
    return open_bytes(packed, context=context).decode()


def version_of(sealed: bytes | str) -> str:
    """The version of the key a value was sealed with."""
    try:
        start = sealed[:64] if isinstance(sealed, bytes) else base64.b64decode(sealed[:64])
        version, mark, _ = start.partition(b"\x00")
        if not mark:
            raise Unreadable("no key version")
        return version.decode("ascii")
    except ValueError as error:
        raise Unreadable("no key version") from error


def blind_indexes(kind: str, value: str) -> list[str]:
    """The fingerprints of one value under every live index key, the newest first: what a look-up asks for.

    Documents of one person have the same one (domain §2.9 ID-02).
    """
    message = f"{kind}\x00{holder_of(value) if kind == 'resident_id' else value}".encode()
    return [
        f"{version}:{hmac.new(base64.b64decode(key), message, hashlib.sha256).hexdigest()}"
        for version, key in settings.INDEX_KEYS.items()
    ]


def blind_index(kind: str, value: str) -> str:
    """The keyed fingerprint that is stored: equal values of one kind are equal, whatever party holds them."""
    return blind_indexes(kind, value)[0]


def index_forms(obj: models.Model, name: str) -> list[str]:
    """What other rows with the same value as this one's may carry in a blind index of the same kind."""
    stored = getattr(obj, name)
    if not stored or len(settings.INDEX_KEYS) == 1:
        return [stored] if stored else []
    field: Any = obj._meta.get_field(name)
    return blind_indexes(field.kind, getattr(obj, field.source)) or [stored]


def key_checks(keys: dict[str, str]) -> dict[str, str]:
    """A fingerprint per key version that tells one key from another and nothing about it."""
    return {
        version: hmac.new(base64.b64decode(key), b"bangfu key check", hashlib.sha256).hexdigest()[:16]
        for version, key in keys.items()
    }


class _Opener:
    """Reads plain text on the instance; keeps ciphertext until someone asks."""

    def __init__(self, field: EncryptedTextField) -> None:
        self.field = field

    def __get__(self, instance: Any, owner: type | None = None) -> Any:
        if instance is None:
            return self
        value = instance.__dict__.get(self.field.attname)
        if value is None and self.field.attname not in instance.__dict__:
            instance.refresh_from_db(fields=[self.field.attname])
            value = instance.__dict__[self.field.attname]
        if isinstance(value, Ciphertext):
            return self.field.read(open_text(value, context=self.field.context(instance)))
        return self.field.empty() if value == "" else value

    def __set__(self, instance: Any, value: Any) -> None:
        instance.__dict__[self.field.attname] = value


class EncryptedTextField(TextField):
    """Text encrypted for its own row; empty stays empty. Never filterable: put a BlindIndexField beside it."""

    empty: Callable[[], Any] = str
    read: Callable[[str], Any] = str
    write: Callable[[Any], str] = str

    def __init__(self, *args: Any, label: str = "", **kwargs: Any) -> None:
        self.label = label
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        return name, path, args, {**kwargs, "label": self.label}

    def contribute_to_class(self, cls: Any, name: str, private_only: bool = False) -> None:
        super().contribute_to_class(cls, name, private_only)
        setattr(cls, name, _Opener(self))

    def context(self, instance: Any) -> str:
        return f"{self.label}:{instance.public_id}"

    def from_db_value(self, value: str | None, *_: Any) -> str | None:
        return Ciphertext(value) if value else value

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        value = model_instance.__dict__.get(self.attname)
        if value is None or isinstance(value, Ciphertext):
            return value
        return seal_text(self.write(value), context=self.context(model_instance)) if value else ""

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        if value and not isinstance(value, Ciphertext):
            raise TypeError(f"{self.label}: an encrypted field is written through its row, not by update()")
        return value if value is None else str(value or "")

    def get_lookup(self, lookup_name: str) -> Any:
        if lookup_name not in {"isnull", "exact"}:
            return None
        return super().get_lookup(lookup_name)


class EncryptedJSONField(EncryptedTextField):
    """A list or mapping of answers, encrypted like text; `default` names what an empty one reads as.

    What is read is a copy: assign a changed one, do not change it in place.
    """

    def __init__(self, *args: Any, default: Callable[[], Any], label: str = "", **kwargs: Any) -> None:
        super().__init__(*args, default=default, label=label, **kwargs)
        self.empty = default

    def read(self, text: str) -> Any:
        return json.loads(text)

    def write(self, value: Any) -> str:
        return json.dumps(value, ensure_ascii=False)


class BlindIndexField(CharField):
    """The blind index of another field of the row, kept in step when that field is written; null when it is empty."""

    def __init__(self, *args: Any, kind: str = "", source: str = "", **kwargs: Any) -> None:
        self.kind = kind
        self.source = source
        kwargs.update(max_length=80, null=True, blank=True, editable=False)
        super().__init__(*args, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        for derived in ("max_length", "null", "blank", "editable"):
            kwargs.pop(derived, None)
        return name, path, args, {**kwargs, "kind": self.kind, "source": self.source}

    def pre_save(self, model_instance: Any, add: bool) -> Any:
        plain = model_instance.__dict__.get(self.source)
        if plain is None or plain == "":
            value = None
        elif isinstance(plain, Ciphertext):
            return getattr(model_instance, self.attname)
        else:
            value, *older = blind_indexes(self.kind, plain)
            if older:
                self._refuse_twins(model_instance, value, older)
        setattr(model_instance, self.attname, value)
        return value

    def _refuse_twins(self, instance: Any, value: str, older: list[str]) -> None:
        """What a unique constraint cannot see while keys are rotated: the same value under an older key."""
        for constraint in self.model._meta.constraints:
            if not isinstance(constraint, models.UniqueConstraint) or self.name not in constraint.fields:
                continue
            own = {name: getattr(instance, name) for name in constraint.fields if name != self.name}
            condition = constraint.condition or models.Q()
            looked_at = {name: getattr(instance, name) for name in condition.referenced_base_fields}
            if not condition.check({**looked_at, self.name: value}):
                continue
            rows = self.model._base_manager.filter(condition, **own, **{f"{self.name}__in": older})
            if rows.exclude(pk=instance.pk).exists():
                raise IntegrityError(f"{constraint.name}: the value is there under an older index key")
