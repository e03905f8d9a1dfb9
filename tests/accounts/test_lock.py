"""The idle lock, the absolute limit, and a fresh second factor: what was typed comes back."""

import time
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from django.conf import settings as site_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import resolve_url
from django.test import Client
from django.urls import include, path

from accounts import second_factor
from accounts.models import User
from common.pages import signed_in_page
from tests.accounts.conftest import PASSWORD, change_session, present_code, sign_in

pytestmark = pytest.mark.django_db
SENT: list[tuple[str, dict[str, list[str]]]] = []


@signed_in_page
def notebook(request: HttpRequest) -> HttpResponse:
    if request.method == "POST":
        SENT.append((request.path, dict(request.POST.lists())))
    return HttpResponse("notebook")


@signed_in_page
@second_factor.require_recent
def export(request: HttpRequest) -> HttpResponse:
    return notebook(request)


class Urls:
    """The site's addresses and two pages of this test."""

    urlpatterns = [
        path("notebook/", notebook),
        path("export/", export),
        path("", include(site_settings.ROOT_URLCONF)),
    ]


@pytest.fixture(autouse=True)
def pages(settings: object) -> Iterator[None]:
    settings.ROOT_URLCONF = Urls  # type: ignore[attr-defined]
    SENT.clear()
    yield
    SENT.clear()


@pytest.fixture
def client(donor: User) -> Client:
    client = sign_in(donor)
    client.get("/seats/")
    return client


def leave_for(client: Client, minutes: float) -> None:
    change_session(client, last_seen=time.time() - minutes * 60)


def test_short_pause_changes_nothing(client: Client):
    leave_for(client, 14)

    assert client.get("/notebook/").status_code == 200
    assert time.time() - client.session["last_seen"] < 60


def test_long_pause_asks_the_password_and_returns(client: Client):
    leave_for(client, 16)

    answer = client.get("/notebook/?page=2")
    assert answer.headers["Location"] == "/seats/unlock/?next=%2Fnotebook%2F%3Fpage%3D2"
    assert client.get("/seats/").status_code == 302

    wrong = client.post(answer.headers["Location"], {"password": "Wrong-Word-1"})
    assert wrong.status_code == 409
    assert client.get("/notebook/").status_code == 302

    right = client.post(answer.headers["Location"], {"password": PASSWORD})
    assert right.headers["Location"] == "/notebook/?page=2"
    assert client.get("/notebook/").status_code == 200


def test_locked_form_is_kept_encrypted_and_sent_again_in_one_click(client: Client):
    leave_for(client, 16)
    typed = {"story": ["屋顶漏雨"], "tick": ["a", "b"], "_key": ["key-1"]}

    client.post("/notebook/?x=1", {**typed, "csrfmiddlewaretoken": "old", "password": "no"})

    assert SENT == []
    assert "屋顶漏雨" not in str(dict(client.session))
    assert client.post("/seats/unlock/", {"password": PASSWORD}).headers["Location"] == "/seats/again/"
    page = client.get("/seats/again/")
    assert page.context["kept"].path == "/notebook/?x=1"
    assert page.content.decode().count('name="_key" value="key-1"') == 1
    fields: dict[str, list[str]] = {}
    for name, value in page.context["kept"].fields:
        fields.setdefault(name, []).append(value)
    assert fields == typed

    client.post(page.context["kept"].path, fields)

    assert [("/notebook/", typed)] == SENT
    assert client.get("/seats/again/").status_code == 302


def test_files_of_a_locked_form_are_said_to_be_lost(client: Client):
    leave_for(client, 16)
    client.post("/notebook/", {"story": "x", "photo": SimpleUploadedFile("a.jpg", b"x")})
    client.post("/seats/unlock/", {"password": PASSWORD})

    page = client.get("/seats/again/")

    assert page.context["kept"].had_files
    assert [name for name, _ in page.context["kept"].fields] == ["story"]


def test_too_long_text_is_not_kept_and_said_so(client: Client):
    leave_for(client, 16)
    client.post("/notebook/", {"story": "x" * 300_000})
    client.post("/seats/unlock/", {"password": PASSWORD})

    assert client.get("/seats/again/").context["kept"].fields == []


def test_kept_form_can_be_dropped(client: Client):
    leave_for(client, 16)
    client.post("/notebook/", {"story": "x"})
    client.post("/seats/unlock/", {"password": PASSWORD})

    assert client.post("/seats/again/").headers["Location"] == "/notebook/"
    assert "kept_form" not in client.session
    assert SENT == []


def test_forged_form_is_not_kept(client: Client):
    forging = Client(enforce_csrf_checks=True)
    forging.cookies = client.cookies
    leave_for(client, 16)

    assert forging.post("/notebook/", {"story": "forged"}).status_code == 403
    assert "kept_form" not in client.session


def test_guessing_at_the_lock_ends_in_the_lock_out(client: Client):
    leave_for(client, 16)
    client.get("/notebook/")
    for _ in range(5):
        client.post("/seats/unlock/", {"password": "Wrong-Word-1"})

    assert client.post("/seats/unlock/", {"password": PASSWORD}).status_code == 429
    assert client.get("/notebook/").status_code == 302


def test_locked_page_still_lets_out_and_changes_language(client: Client):
    leave_for(client, 16)
    client.get("/notebook/")

    assert client.post("/language/", {"language": "en", "next": "/seats/unlock/"}).status_code == 302
    client.post("/account/logout/")
    assert "_auth_user_id" not in client.session


def test_pages_that_refresh_themselves_do_not_keep_the_desk_open(client: Client):
    leave_for(client, 10)
    before = client.session["last_seen"]

    client.get("/notebook/", headers={"sec-fetch-mode": "cors"})

    assert client.session["last_seen"] == before


def test_session_ends_after_twelve_hours(client: Client):
    change_session(client, signed_in_since=time.time() - 12 * 3600 - 1)

    assert "/account/login/" in client.get("/notebook/").headers["Location"]
    assert "_auth_user_id" not in client.session


def test_fresh_code_is_asked_after_five_minutes_and_the_form_returns(worker: User, worker_client: Client):
    assert worker_client.get("/export/").status_code == 200
    records = worker_client.session["account_authentication_methods"]
    change_session(
        worker_client, account_authentication_methods=[{**r, "at": r["at"] - 301} for r in records]
    )

    answer = worker_client.post("/export/", {"reason": "年度核对", "_key": "k"})
    assert answer.headers["Location"] == "/seats/confirm/?next=%2Fexport%2F"
    assert SENT == []
    assert worker_client.post(answer.headers["Location"], {"code": "000000"}).status_code == 409
    assert worker_client.get("/export/").status_code == 302

    done = worker_client.post(answer.headers["Location"], {"code": present_code()})

    assert done.headers["Location"] == "/seats/again/"
    assert worker_client.get("/seats/again/").context["kept"].fields == [
        ("reason", "年度核对"),
        ("_key", "k"),
    ]
    assert worker_client.post("/export/", {"reason": "年度核对", "_key": "k"}).status_code == 200
    assert len(SENT) == 1


def test_password_is_no_fresh_code_for_a_worker(worker: User, worker_client: Client):
    records = worker_client.session["account_authentication_methods"]
    change_session(
        worker_client, account_authentication_methods=[{**r, "at": r["at"] - 301} for r in records]
    )

    worker_client.post("/account/reauthenticate/", {"password": PASSWORD})

    assert worker_client.get("/export/").status_code == 302


def test_confirm_never_leads_to_another_host(client: Client):
    answer = client.post("/seats/confirm/?next=https://elsewhere.example/", {"password": PASSWORD})

    assert answer.headers["Location"] == resolve_url(site_settings.LOGIN_REDIRECT_URL)


def test_who_needs_a_code_and_has_none_is_led_to_set_it_up(worker: User, worker_client: Client):
    Authenticator.objects.filter(user=worker).delete()
    records = worker_client.session["account_authentication_methods"]
    change_session(
        worker_client, account_authentication_methods=[{**r, "at": r["at"] - 301} for r in records]
    )
    asked = worker_client.get("/export/").headers["Location"]

    for answer in (worker_client.get(asked), worker_client.post(asked, {"password": PASSWORD})):
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/2fa/totp/activate/")
    assert worker_client.get("/export/").status_code == 302
    assert SENT == []
