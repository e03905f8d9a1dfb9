"""The drill of key rotation: new keys under a lived-in site, the old ones removed, and nothing is lost or doubled."""

import base64
import json
from io import StringIO
from typing import Any

import pytest
from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from django.core.management import call_command
from django.db import IntegrityError, transaction

from accounts.models import User
from common.actors import SYSTEM
from common.crypto import blind_index, version_of
from common.exceptions import Refused
from donors.services import register_donor
from files import storage
from files.models import Attachment
from files.services import content_of, keep_content
from households.models import Application, Household, Member
from households.quality import find_questions
from households.queries import holder_by_code
from households.services import submit_application
from journal.models import Entry
from matching.related import donors_related_to
from tests.cast import AT, SECRET, WIDOW_ID, WIDOW_PHONE, clean_answers, widow_answers

pytestmark = pytest.mark.django_db
FIELD = {"2": base64.b64encode(b"f" * 32).decode()}
INDEX = {"7": base64.b64encode(b"x" * 32).decode()}
CONTENT = b"what the family showed"


@pytest.fixture
def site(db: None) -> dict[str, Any]:
    """A household with a code, a file, a person with a second factor and recovery codes: all under the first keys."""
    application, code = submit_application(answers=widow_answers(), channel="self", by=SYSTEM, at=AT)
    file = keep_content(
        content=CONTENT, content_type="text/plain", purpose="report", owner=("tests.owner", "abcdefghjkmn"),
        by=SYSTEM, at=AT, data_class="ordinary",
    )  # fmt: skip
    user = User.objects.create(username="miller", name="Miller", phone="13800009999")
    Authenticator.objects.create(user=user, type="totp", data={"secret": get_adapter().encrypt(SECRET)})
    codes = RecoveryCodes.activate(user).generate_codes()
    return {"application": application, "code": code, "file": file, "user": user, "codes": codes}


@pytest.fixture
def new_keys(site: dict[str, Any], settings: Any) -> Any:
    """The new versions first, the old ones kept."""
    settings.FIELD_KEYS = {**FIELD, **settings.FIELD_KEYS}
    settings.INDEX_KEYS = {**INDEX, **settings.INDEX_KEYS}
    return settings


def rotate(**options: Any) -> tuple[int, dict[str, Any]]:
    out, code = StringIO(), 0
    try:
        call_command("rotate_keys", json=True, stdout=out, stderr=StringIO(), **options)
    except SystemExit as stop:
        code = int(str(stop.code))
    return code, json.loads(out.getvalue())


def everything_reads(site: dict[str, Any]) -> None:
    household = Household.objects.get()
    assert household.phone == WIDOW_PHONE
    assert WIDOW_ID in {member.id_number for member in Member.objects.all()}
    assert Application.objects.get().query_code == site["application"].query_code
    assert content_of(Attachment.objects.get(pk=site["file"].pk)) == CONTENT
    secret = Authenticator.objects.get(type="totp").data["secret"]
    assert get_adapter().decrypt(secret) == SECRET
    kept = Authenticator.objects.get(type="recovery_codes")
    assert RecoveryCodes(kept).generate_codes() == site["codes"]


def people_are_still_told_apart(site: dict[str, Any]) -> None:
    """The same person is not taken in twice, by the rule or past it; code and telephone find their rows."""
    count = Member.objects.count()
    with pytest.raises(Refused) as refusal, transaction.atomic():
        submit_application(answers=widow_answers(), channel="self", by=SYSTEM, at=AT)
    assert refusal.value.code == "id_known"
    household = Household.objects.get()
    with pytest.raises(IntegrityError), transaction.atomic():
        Member.objects.create(
            household=household, name="Twin", id_number=WIDOW_ID, relation="other", birth_precision="day"
        )
    assert Member.objects.count() == count
    found = holder_by_code(site["code"], WIDOW_PHONE[-4:], on=AT.date())
    assert found is not None
    assert found.application == site["application"]


def test_before_during_and_after_nothing_is_lost_and_nobody_is_doubled(site, new_keys):
    everything_reads(site)
    people_are_still_told_apart(site)

    code, report = rotate()

    assert (code, report["finished"], report["failed"]) == (0, True, [])
    assert (report["field_key"], report["index_key"]) == ("2", "7")
    assert {"households.household", "households.member", "files", "second_factors"} <= set(report["renewed"])
    everything_reads(site)
    people_are_still_told_apart(site)
    new_keys.FIELD_KEYS, new_keys.INDEX_KEYS = FIELD, INDEX
    everything_reads(site)
    people_are_still_told_apart(site)
    assert storage.version(site["file"].public_id) == "2"
    assert Member.objects.get(id_index=blind_index("resident_id", WIDOW_ID)).id_number == WIDOW_ID


def test_interrupted_rotation_goes_on_where_it_stood(site, new_keys, monkeypatch):
    from common import rotation

    monkeypatch.setattr(rotation, "CHUNK", 1)
    chunks = rotation.renew_all(write=True)
    next(chunk for chunk in chunks if chunk.renewed)
    del chunks
    people_are_still_told_apart(site)
    left = rotate(check=True)[1]["old"]
    assert left

    assert rotate()[1]["renewed"] == left
    assert rotate()[1]["renewed"] == {}


def test_check_counts_and_changes_nothing(site, new_keys):
    before = list(Member.objects.order_by("pk").values("id_number", "id_index"))

    code, report = rotate(check=True)

    assert (code, report["finished"]) == (1, False)
    assert report["old"]["files"] == 1
    assert list(Member.objects.order_by("pk").values("id_number", "id_index")) == before
    assert not Entry.objects.filter(action__startswith="keys.").exists()


def test_rotation_is_journaled_with_versions_and_counts(site, new_keys):
    _code, report = rotate()

    begun, done = Entry.objects.filter(object_label="common.keys").order_by("pk")
    assert (begun.action, done.action) == ("keys.rotation_begun", "keys.rotated")
    assert done.parameters == {
        "field_key": "2", "index_key": "7", "failed": 0, "renewed": sum(report["renewed"].values())
    }  # fmt: skip


def test_value_that_does_not_open_is_named_and_the_rest_is_renewed(site, new_keys):
    household = Household.objects.get()
    foreign = User.objects.values_list("phone", flat=True).get()
    Household.objects.filter(pk=household.pk).update(address=foreign)

    code, report = rotate()

    assert (code, report["finished"]) == (1, False)
    assert report["failed"] == [f"households.household {household.public_id}: does not open"]
    assert Household.objects.values_list("address", flat=True).get() == foreign
    assert version_of(User.objects.values_list("phone", flat=True).get()) == "2"


def test_key_removed_too_early_is_said(site, new_keys):
    new_keys.FIELD_KEYS = FIELD

    code, report = rotate()

    assert code == 1
    assert any(line.startswith("files.attachment") for line in report["failed"])


def test_person_whom_a_process_with_old_settings_took_in_twice_is_named(site, new_keys):
    both = new_keys.INDEX_KEYS
    new_keys.INDEX_KEYS = INDEX  # as if each process knew one key alone
    twin = Member.objects.create(
        household=Household.objects.get(), name="Twin", id_number=WIDOW_ID, relation="other"
    )
    new_keys.INDEX_KEYS = both

    code, report = rotate()

    widow = Member.objects.exclude(pk=twin.pk).get(name="王秀兰")
    assert code == 1
    assert report["failed"] == [f"households.member {widow.public_id}: same value twice"]


def test_without_keys_it_says_so_and_writes_nothing(settings):
    settings.FIELD_KEYS = {}
    err = StringIO()

    with pytest.raises(SystemExit) as stop:
        call_command("rotate_keys", stderr=err)

    assert stop.value.code == 2
    assert "BANGFU_FIELD_KEYS" in err.getvalue()
    assert not Entry.objects.exists()


def test_shared_telephones_and_ties_are_seen_across_versions(site, new_keys):
    giver = User.objects.create(username="giver", name="Giver", phone=WIDOW_PHONE)  # under the new key
    donor = register_donor(user=giver, kind="individual", by=giver, at=AT)
    others = [
        submit_application(answers=clean_answers(number, phone=WIDOW_PHONE), channel="self", by=SYSTEM, at=AT)
        for number in range(4)
    ]
    household = Household.objects.order_by("pk").first()

    assert household is not None
    assert len(others) == 4
    assert giver.phone_index != household.phone_index
    asked = {question.rule for question in find_questions(household, on=AT.date())}
    assert "TEL-01" in asked
    assert donors_related_to([household.pk]) == {household.pk: frozenset({donor.pk})}
