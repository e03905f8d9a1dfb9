"""Real answers of every kind carry the strict content policy."""

from typing import Any

import pytest
from django.test import Client

from tests.cast import Cast, county, signed_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast(db: None) -> Cast:
    return county()


def strict(answer: Any) -> bool:
    policy = dict(part.strip().split(" ", 1) for part in answer.headers["Content-Security-Policy"].split(";"))
    assert policy["script-src"] == policy["style-src"] == policy["default-src"] == "'self'"
    assert policy["object-src"] == policy["frame-ancestors"] == "'none'"
    return "unsafe" not in str(policy) and "http" not in str(policy)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/", 200),
        ("/account/login/", 200),
        ("/account/signup/", 200),
        ("/account/password/reset/", 200),
        ("/account/password/reset/key/1z-abc/", 200),
        ("/seats/invitation/unknown/", 410),
        ("/admin/", 302),
        ("/nowhere/", 404),
        ("/api/v1/needs/", 403),
    ],
)
def test_stranger(path: str, status: int):
    answer = Client().get(path)

    assert answer.status_code == status
    assert strict(answer)


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/households/household/", "/account/2fa/", "/account/email/", "/admin/nowhere/"]
)
def test_worker(path: str, cast: Cast):
    assert strict(signed_in(cast.worker).get(path))


def test_refused_forgery_and_broken_page(cast: Cast, monkeypatch: pytest.MonkeyPatch):
    forged = Client(enforce_csrf_checks=True).post("/account/login/", {"login": "x", "password": "y"})
    assert forged.status_code == 403
    assert strict(forged)

    def broken(*_: Any, **__: Any) -> None:
        raise RuntimeError("broken")

    monkeypatch.setattr("accounts.sign_in.SignInForm.__init__", broken)
    client = Client(raise_request_exception=False)
    answer = client.get("/account/login/")
    assert answer.status_code == 500
    assert strict(answer)
