"""The one door: rights, headers, and the journal of who opened what."""

from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from common import clock
from common.actors import SYSTEM, CodeHolder
from files import gates
from files.models import Attachment
from files.services import erase, keep, keep_content
from jobs import worker
from jobs.models import Job
from jobs.services import enqueue
from journal.models import Entry
from tests.files.samples import AUDIO, pdf, photo, upload

pytestmark = pytest.mark.django_db
OWNER = ("tests.owner", "abcdefghjkmn")


@pytest.fixture(autouse=True)
def own_gates(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gates, "_gates", dict(gates._gates))
    monkeypatch.setattr(gates, "_request_gates", {})


def person(name: str) -> User:
    return User.objects.create_user(username=name, name=name, password="Quiet-River-2026")


def signed_in(user: User) -> Client:
    client = Client()
    client.force_login(user)
    return client


def kept(purpose: str = "voucher", content: bytes = b"", by: Any = SYSTEM) -> Attachment:
    return keep(upload=upload(content or photo()), purpose=purpose, owner=OWNER, by=by, at=clock.now())


def address(attachment: Attachment) -> str:
    return f"/files/{attachment.public_id}/"


def test_strangers_and_other_people_learn_nothing():
    attachment = kept()

    for client in (Client(), signed_in(person("other"))):
        assert client.get(address(attachment)).status_code == 404
        assert client.get("/files/zzzzzzzzzzzz/").status_code == 404


def test_owners_gate_lets_in_and_keeps_out():
    attachment = kept()
    friend, other = person("friend"), person("other")
    gates.allow("tests.owner", lambda user, ref: user == friend and ref == OWNER[1])

    assert signed_in(friend).get(address(attachment)).status_code == 200
    assert signed_in(other).get(address(attachment)).status_code == 404


def test_photo_is_shown_and_everything_else_downloaded_under_strict_headers():
    user = person("uploader")
    for content, purpose, shown in ((photo(), "voucher", "inline"), (pdf(), "voucher", "attachment")):
        attachment = kept(purpose, content, by=user)

        answer = signed_in(user).get(address(attachment))

        assert answer.status_code == 200
        assert answer.headers["Content-Disposition"].startswith(shown)
        assert attachment.public_id in answer.headers["Content-Disposition"]
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store, private"
        assert answer.headers["Content-Security-Policy"] == "sandbox; default-src 'none'"


def test_opening_identity_and_health_files_is_journaled_and_ordinary_ones_are_not():
    reader = person("reader")
    gates.allow("tests.owner", lambda user, ref: user == reader)
    for purpose in ("voucher", "identity_document", "medical"):
        signed_in(reader).get(address(kept(purpose)))

    opened = Entry.objects.filter(action="file.opened", actor_ref=reader.public_id)
    assert sorted(entry.parameters["data_class"] for entry in opened) == ["health", "identity"]


def test_household_with_its_code_opens_its_own_file_and_is_journaled():
    attachment = kept("story", AUDIO["audio/amr"], by=CodeHolder(OWNER[1]))
    assert Client().get(address(attachment)).status_code == 404
    gates.allow_request("tests.owner", lambda request, ref: request.COOKIES.get("code") == ref)
    client = Client()
    client.cookies["code"] = OWNER[1]

    assert client.get(address(attachment)).status_code == 200
    assert Entry.objects.get(action="file.opened").actor_kind == "household"


def test_uploader_without_a_seat_no_longer_opens_other_peoples_identity():
    user = person("left")
    assert user.seat is None

    assert signed_in(user).get(address(kept("voucher", by=user))).status_code == 200
    assert signed_in(user).get(address(kept("identity_document", by=user))).status_code == 404


def test_erased_file_is_gone():
    user = person("uploader")
    attachment = kept(by=user)
    erase(attachment=attachment, by=user, at=clock.now())

    assert signed_in(user).get(address(attachment)).status_code == 404


def test_nothing_is_changed_through_the_door():
    assert Client().post(address(kept())).status_code == 405


def test_what_a_job_made_is_offered_to_whoever_asked_for_it():
    asker = person("asker")
    job = enqueue("jobs.tidy", key="t", by=asker, at=clock.now())
    made = keep_content(
        content=b"a,b", content_type="text/csv", purpose="report", owner=job, by=SYSTEM, at=clock.now(),
        data_class="ordinary",
    )  # fmt: skip
    worker.perform(job.pk)
    Job.objects.update(output_ref=made.public_id)
    client = signed_in(asker)

    assert f'href="{address(made)}"' in client.get(f"/jobs/{job.public_id}/").content.decode()
    assert client.get(address(made)).content == b"a,b"
    assert signed_in(person("other")).get(address(made)).status_code == 404
