"""Filing for somebody else: a delegate on the web, a village worker in the village, the desk."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from accounts.models import Involvement, User
from common import clock
from common.actors import CodeHolder
from files.models import Attachment
from households import services
from households.models import Application, Delegation, Household
from tests import cast as people
from tests.cast import AT, Cast
from tests.households import walking
from tests.households.walking import DELEGATE, SELF

pytestmark = pytest.mark.django_db
OTHER: dict[str, dict[str, Any]] = {**SELF, **DELEGATE}
PRESENT: dict[str, dict[str, Any]] = {"present": {"present": "yes"}}


@pytest.fixture(autouse=True)
def monday() -> Iterator[None]:
    with clock.fixed(AT):
        yield


@pytest.fixture
def cast(db: None) -> Cast:
    return people.county()


def photo() -> SimpleUploadedFile:
    content = BytesIO()
    Image.new("RGB", (40, 30), "white").save(content, "JPEG")
    return SimpleUploadedFile("form.jpg", content.getvalue(), "image/jpeg")


def read_page(client: Client, check: str) -> str:
    """Continue from the page to check to the one that is read aloud."""
    response = client.post(check, {"_key": walking.key()})
    return str(response.url)  # type: ignore[attr-defined]


def test_delegate_files_and_is_recorded_with_scope_and_evidence(client: Client) -> None:
    check = walking.walk(client, walking.begin(client, "delegate"), OTHER)
    read = read_page(client, check)
    assert "王秀兰" in walking.text(client.get(read))
    seen = walking.draft_of(read).saved_at.isoformat()

    response = client.post(read, {"seen": seen, "read_back": "on", "_key": walking.key()})

    assert response.status_code == 302
    delegation = Delegation.objects.get()
    application = Application.objects.get()
    assert (delegation.name, delegation.relation, delegation.witness) == ("陈志强", "kin", "孙桂英")
    assert set(application.household.consents.values_list("method", flat=True)) == {"witness"}
    assert "receive_money" not in delegation.scope
    assert delegation.valid_to == date(2027, 6, 1)
    assert (application.channel, application.read_back_at) == ("delegate", AT)


def test_money_is_off_until_somebody_ticks_it(client: Client) -> None:
    url = walking.walk(client, walking.begin(client, "delegate"), OTHER, until="powers")

    shown = walking.text(client.get(url))

    boxes = [line for line in shown.splitlines() if 'name="scope"' in line]
    assert ["checked" in line for line in boxes] == [True, True, True, True, False]


def test_delegate_without_reading_back_is_refused(client: Client) -> None:
    check = walking.walk(client, walking.begin(client, "delegate"), OTHER)
    read = read_page(client, check)
    seen = walking.draft_of(read).saved_at.isoformat()

    response = client.post(read, {"seen": seen, "_key": walking.key()})

    assert response.status_code == 422
    assert walking.errors(response)
    assert not Application.objects.exists()
    assert walking.draft_of(read).used_at is None


def test_sending_from_the_check_page_does_not_pass_by_the_reading(client: Client) -> None:
    check = walking.walk(client, walking.begin(client, "delegate"), OTHER)
    seen = walking.draft_of(check).saved_at.isoformat()

    response = client.post(check, {"seen": seen, "read_back": "on", "_key": walking.key()})

    assert response.url == check.replace("/check/", "/read/")  # type: ignore[attr-defined]
    assert not Application.objects.exists()


def test_evidence_photo_is_kept_and_stays_when_the_page_is_answered_again(client: Client) -> None:
    answers: dict[str, dict[str, Any]] = {
        **OTHER,
        "evidence": {"evidence_kind": "signed_form", "photo": photo()},
    }
    check = walking.walk(client, walking.begin(client, "delegate"), answers)
    again = {"evidence_kind": "fingerprint"}
    walking.answer(client, check.replace("/check/", "/evidence/") + "?back", again)

    read = read_page(client, check)
    seen = walking.draft_of(read).saved_at.isoformat()
    client.post(read, {"seen": seen, "read_back": "on", "_key": walking.key()})

    assert Delegation.objects.get().evidence == Attachment.objects.get()
    assert {consent.method for consent in Household.objects.get().consents.all()} == {"fingerprint"}


@pytest.mark.parametrize(
    ("upload", "code"),
    [
        (SimpleUploadedFile("a.jpg", b"no picture", "image/jpeg"), 409),
        (SimpleUploadedFile("a.jpg", b"", "image/jpeg"), 422),
        (None, 422),
    ],
)
def test_unfit_evidence_is_asked_again(client: Client, upload: SimpleUploadedFile | None, code: int) -> None:
    url = walking.walk(client, walking.begin(client, "delegate"), OTHER, until="evidence")
    values: dict[str, Any] = {"evidence_kind": "signed_form"}

    response = walking.answer(client, url, {**values, **({"photo": upload} if upload else {})})

    assert response.status_code == code
    assert walking.errors(response)
    assert not Attachment.objects.exists()


def test_village_worker_files_with_the_family_present(cast: Cast) -> None:
    client = people.signed_in(cast.village_worker)
    url = client.post("/help/assisted/", {"_key": walking.key()}).url  # type: ignore[attr-defined]
    check = walking.walk(client, url, {**OTHER, **PRESENT})
    read = read_page(client, check)
    seen = walking.draft_of(read).saved_at.isoformat()

    response = client.post(read, {"seen": seen, "read_back": "on", "_key": walking.key()})

    assert response.status_code == 302, walking.errors(response)
    application = Application.objects.get()
    assert (application.channel, application.delegation) == ("village_worker", None)
    assert application.household.filed_by == cast.village_worker
    assert Involvement.objects.get(user=cast.village_worker).duty == "delegate"


def test_village_worker_is_not_asked_for_the_own_village(cast: Cast) -> None:
    client = people.signed_in(cast.village_worker)
    url = client.post("/help/assisted/", {"_key": walking.key()}).url  # type: ignore[attr-defined]

    village = walking.walk(client, url, {**OTHER, **PRESENT}, until="village")

    assert "place" not in walking.draft_of(village).answers
    elsewhere = walking.answer(client, village, {"village": people.OTHER_VILLAGE})
    assert elsewhere.status_code == 422


def test_village_worker_without_the_family_needs_its_word(cast: Cast) -> None:
    client = people.signed_in(cast.village_worker)
    url = client.post("/help/assisted/", {"_key": walking.key()}).url  # type: ignore[attr-defined]
    check = walking.walk(client, url, {**OTHER, "present": {"present": "no"}})
    read = read_page(client, check)
    seen = walking.draft_of(read).saved_at.isoformat()

    client.post(read, {"seen": seen, "read_back": "on", "_key": walking.key()})

    delegation = Delegation.objects.get()
    assert (delegation.user, delegation.name) == (cast.village_worker, "孙桂英")
    assert delegation.relation == "village_cadre"


def test_drafts_of_a_worker_are_closed_to_others(cast: Cast) -> None:
    client = people.signed_in(cast.village_worker)
    url = client.post("/help/assisted/", {"_key": walking.key()}).url  # type: ignore[attr-defined]

    assert people.signed_in(cast.worker).get(url).status_code == 404
    assert Client().get(url).status_code == 404


def test_desk_files_for_the_own_county(cast: Cast) -> None:
    client = people.signed_in(cast.worker)
    url = client.post("/help/assisted/", {"_key": walking.key()}).url  # type: ignore[attr-defined]
    check = walking.walk(client, url, {**OTHER, **PRESENT, "place": {"place": "清河镇"}})
    read = read_page(client, check)
    seen = walking.draft_of(read).saved_at.isoformat()

    client.post(read, {"seen": seen, "read_back": "on", "_key": walking.key()})

    assert Application.objects.get().channel == "desk"


def test_donor_and_stranger_do_not_file_assisted(cast: Cast) -> None:
    assert "/account/login/" in Client().get("/help/assisted/").url  # type: ignore[attr-defined]
    administrator = User.objects.get(pk=cast.administrator.pk)
    assert people.signed_in(administrator).get("/help/assisted/").status_code == 404


def test_filings_are_listed_with_a_constant_number_of_queries(
    cast: Cast, django_assert_max_num_queries: Any
) -> None:
    client = people.signed_in(cast.village_worker)
    client.get("/help/village/")  # the first request of a session settles its seat
    counts = []
    for number in (1, 2, 3):
        people.applies(
            people.clean_answers(number, read_back=True), by=cast.village_worker, channel="village_worker"
        )
        if number != 2:
            with django_assert_max_num_queries(20) as queries:
                assert client.get("/help/village/").status_code == 200
            counts.append(len(queries))
    assert counts[0] == counts[1]


def test_filing_is_shown_to_its_filer_alone(cast: Cast) -> None:
    application = people.applies(
        people.clean_answers(1, read_back=True), by=cast.village_worker, channel="village_worker"
    )
    other = people.widow_applies()
    client = people.signed_in(cast.village_worker)

    assert client.get(f"/help/village/{application.public_id}/").status_code == 200
    assert client.get(f"/help/village/{other.public_id}/").status_code == 404
    assert people.signed_in(cast.worker).get(f"/help/village/{application.public_id}/").status_code == 404


def test_village_worker_brings_what_was_missing(cast: Cast) -> None:
    application = people.applies(
        people.clean_answers(1, read_back=True), by=cast.village_worker, channel="village_worker"
    )
    services.return_application(application=application, missing=["残疾证照片"], by=cast.worker, at=AT)
    client = people.signed_in(cast.village_worker)
    address = f"/help/village/{application.public_id}/"
    assert "残疾证照片" in walking.text(client.get(address))

    client.post(f"{address}missing/", {"note": "照片已拍", "photo": photo(), "_key": walking.key()})

    application.refresh_from_db()
    assert (application.state, application.missing) == ("submitted", [])
    assert Attachment.objects.get().owner_ref == application.public_id


def test_objections_of_the_family_are_not_shown_to_its_filer(cast: Cast) -> None:
    application = people.applies(
        people.clean_answers(1, read_back=True), by=cast.village_worker, channel="village_worker"
    )
    address = f"/help/village/{application.public_id}/"
    client = people.signed_in(cast.village_worker)
    before = walking.text(client.get(address)).count('class="what"')
    services.file_objection(
        household=application.household,
        subject="conduct",
        about=("households.household", application.household.public_id),
        text="他没有念给我听。",
        channel="web",
        by=CodeHolder(application.public_id),
        at=AT,
    )

    assert walking.text(client.get(address)).count('class="what"') == before
