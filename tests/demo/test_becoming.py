"""One click in the demonstration: whom one can be, going on after a pause, and the way back."""

from __future__ import annotations

import pytest
from django.test import Client

from accounts.enums import Role
from accounts.models import User
from tests import cast as people

pytestmark = pytest.mark.django_db


@pytest.fixture
def cast() -> people.Cast:
    return people.county()


@pytest.fixture
def zhoumin(cast: people.Cast) -> User:
    """The demonstration's social worker; nobody gave her a telephone for codes."""
    return people.hire(
        "zhoumin",
        "周敏",
        Role.SUPERVISOR,
        organisation=cast.station,
        prefix=people.COUNTY,
        by=cast.administrator,
    )


@pytest.fixture
def browser(zhoumin: User) -> Client:
    browser = Client()
    assert browser.post("/demo/as/zhoumin/").status_code == 302
    return browser


def change(browser: Client, **values: object) -> None:
    session = browser.session
    session.update(values)
    session.save()


def let_five_minutes_pass(browser: Client) -> None:
    proofs = browser.session["account_authentication_methods"]
    change(browser, account_authentication_methods=[{**one, "at": one["at"] - 301} for one in proofs])


def test_after_five_minutes_one_click_leads_back(browser: Client) -> None:
    assert browser.get("/reports/ask/").status_code == 200
    let_five_minutes_pass(browser)

    asked = browser.get("/reports/ask/").headers["Location"]
    page = browser.get(asked).content.decode()
    assert 'action="/demo/as/zhoumin/"' in page
    assert 'name="next" value="/reports/ask/"' in page
    assert "password" not in page
    done = browser.post("/demo/as/zhoumin/", {"next": "/reports/ask/"})

    assert done.headers["Location"] == "/reports/ask/"
    assert browser.get("/reports/ask/").status_code == 200


def test_what_was_typed_comes_back_after_the_click(browser: Client) -> None:
    let_five_minutes_pass(browser)
    browser.post("/reports/ask/", {"reason": "季度汇总", "_key": "k"})

    done = browser.post("/demo/as/zhoumin/", {"next": "/reports/ask/"})

    assert done.headers["Location"] == "/seats/again/"
    assert ("reason", "季度汇总") in browser.get("/seats/again/").context["kept"].fields


def test_locked_page_opens_at_a_click(browser: Client) -> None:
    change(browser, locked=True)
    asked = browser.get("/reports/").headers["Location"]
    assert 'action="/demo/as/zhoumin/"' in browser.get(asked).content.decode()
    assert browser.get("/demo/").status_code == 200

    browser.post("/demo/as/zhoumin/", {"next": "/reports/"})

    assert browser.get("/reports/").status_code == 200


def test_the_click_never_leads_to_another_host(browser: Client) -> None:
    for url in ("/demo/as/zhoumin/", "/demo/a-day-later/"):
        assert (
            "elsewhere" not in browser.post(url, {"next": "https://elsewhere.example/"}).headers["Location"]
        )


def test_somebody_real_is_not_offered_the_click(cast: people.Cast) -> None:
    browser = people.signed_in(cast.supervisor)
    let_five_minutes_pass(browser)

    page = browser.get(browser.get("/reports/ask/").headers["Location"]).content.decode()

    assert "/demo/as/" not in page
    assert 'name="code"' in page


def test_front_page_offers_every_role_and_a_day_later(zhoumin: User) -> None:
    page = Client().get("/").content.decode()

    for username in ("zhoumin", "lidu", "sunguiying", "shanhe", "yimin", "cishan", "panyu", "qinju", "taoke",
                     "geshen", "root", "muan"):  # fmt: skip
        assert f'action="/demo/as/{username}/"' in page
    assert 'action="/demo/a-day-later/"' in page


def test_front_page_of_an_empty_place_offers_nobody(db: None) -> None:
    assert "/demo/as/" not in Client().get("/").content.decode()


def test_page_of_people_tells_the_password(zhoumin: User) -> None:
    page = Client().get("/demo/").content.decode()

    for words in ("Qinghe-Demo-2026", "wuping", "hejing", "fangke"):
        assert words in page
