"""Sealed values open for their own row and column alone, with the key they name."""

import base64

import pytest
from django.db import transaction

from accounts.models import User
from common.crypto import (
    Ciphertext,
    Unreadable,
    blind_index,
    blind_indexes,
    index_forms,
    key_checks,
    open_bytes,
    open_text,
    seal_bytes,
    seal_text,
    version_of,
)

SECOND = base64.b64encode(b"s" * 32).decode()


@pytest.mark.parametrize("plain", ["13800001234", "王秀兰", ""])
def test_sealed_text_opens_in_its_context(plain: str):
    sealed = seal_text(plain, context="household.phone:abc")

    assert open_text(sealed, context="household.phone:abc") == plain
    assert repr(sealed) == "<ciphertext>"
    if plain:
        assert plain not in base64.b64decode(sealed).decode("latin-1")


def test_equal_texts_never_look_equal():
    assert seal_text("13800001234", context="a") != seal_text("13800001234", context="a")


@pytest.mark.parametrize("context", ["household.phone:abd", "user.phone:abc", "household.phone", ""])
def test_moved_ciphertext_is_refused(context: str):
    sealed = seal_text("13800001234", context="household.phone:abc")

    with pytest.raises(Unreadable):
        open_text(sealed, context=context)


@pytest.mark.parametrize("place", [0, 1, 2, 14, -1])
def test_one_changed_byte_is_refused(place: int):
    sealed = bytearray(seal_bytes(b"content", context="a"))
    sealed[place] ^= 1

    with pytest.raises(Unreadable):
        open_bytes(bytes(sealed), context="a")


@pytest.mark.parametrize("broken", [b"", b"1\x00", b"no mark at all", b"\xff\x00" + bytes(40)])
def test_damaged_content_is_refused(broken: bytes):
    with pytest.raises(Unreadable):
        open_bytes(broken, context="a")


@pytest.mark.parametrize("broken", ["a", "***", "MQ"])
def test_damaged_text_is_refused(broken: str):
    with pytest.raises(Unreadable):
        open_text(broken, context="a")


def test_unknown_version_names_the_version_and_not_the_value(settings):
    sealed = seal_text("13800001234", context="a")
    settings.FIELD_KEYS = {"2": SECOND}

    with pytest.raises(Unreadable, match="no field key of version 1"):
        open_text(sealed, context="a")


def test_wrong_key_under_the_right_version_is_refused(settings):
    sealed = seal_text("13800001234", context="a")
    settings.FIELD_KEYS = {"1": SECOND}

    with pytest.raises(Unreadable):
        open_text(sealed, context="a")


def test_first_key_seals_and_every_key_opens(settings):
    old = seal_text("13800001234", context="a")
    settings.FIELD_KEYS = {"2": SECOND, **settings.FIELD_KEYS}
    new = seal_text("13800001234", context="a")

    assert (version_of(old), version_of(new)) == ("1", "2")
    assert open_text(old, context="a") == open_text(new, context="a") == "13800001234"


def test_blind_indexes_differ_by_kind_value_and_key(settings):
    one = blind_index("phone", "13800001234")

    assert one == blind_index("phone", "13800001234")
    assert one.startswith("1:")
    assert len({one, blind_index("resident_id", "13800001234"), blind_index("phone", "13800001235")}) == 3
    settings.INDEX_KEYS = {"2": SECOND, **settings.INDEX_KEYS}
    assert blind_indexes("phone", "13800001234")[1] == one
    assert blind_index("phone", "13800001234").startswith("2:")


@pytest.mark.django_db
def test_row_knows_every_form_its_value_may_have_elsewhere(settings):
    user = User.objects.create(username="miller", name="Miller", phone="13800001234")
    silent = User.objects.create_user(username="silent", name="Silent")
    assert index_forms(user, "phone_index") == [user.phone_index]

    settings.INDEX_KEYS = {"2": SECOND, **settings.INDEX_KEYS}

    user.refresh_from_db()
    assert index_forms(user, "phone_index") == blind_indexes("phone", "13800001234")
    assert index_forms(silent, "phone_index") == []


@pytest.mark.django_db
def test_field_reads_plain_and_lies_sealed():
    User.objects.create(username="miller", name="Miller", phone="13800001234")

    stored = User.objects.values_list("phone", flat=True).get()
    assert isinstance(stored, Ciphertext)
    assert User.objects.get().phone == "13800001234"


@pytest.mark.django_db
def test_field_refuses_to_be_written_past_its_row():
    user = User.objects.create(username="miller", name="Miller", phone="13800001234")

    with pytest.raises(TypeError, match=r"user\.phone"), transaction.atomic():
        User.objects.filter(pk=user.pk).update(phone="13900001234")
    assert User.objects.get().phone == "13800001234"


@pytest.mark.django_db
def test_value_copied_into_another_row_does_not_open():
    one = User.objects.create(username="one", name="One", phone="13800001234")
    other = User.objects.create_user(username="other", name="Other")
    User.objects.filter(pk=other.pk).update(phone=User.objects.values_list("phone", flat=True).get(pk=one.pk))

    with pytest.raises(Unreadable):
        _ = User.objects.get(pk=other.pk).phone


def test_key_checks_tell_keys_apart_and_nothing_else(settings):
    checks = key_checks({"1": settings.FIELD_KEYS["1"], "2": SECOND})

    assert checks["1"] != checks["2"]
    assert key_checks({"9": SECOND})["9"] == checks["2"]
    assert SECOND[:8] not in str(checks)
