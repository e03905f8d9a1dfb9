"""What an administrator does not do to an account, and what the lock says to a wrong word."""

from __future__ import annotations

import time
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import services
from accounts.enums import Role
from accounts.models import Organisation, User
from tests.accounts.conftest import PASSWORD, change_session, give_totp, sign_in
from tests.refusing import everything, refuses

pytestmark = pytest.mark.django_db


def test_administrator_does_not_act_on_the_own_account(administrator: User, at: datetime) -> None:
    give_totp(administrator)

    with refuses("own_account"):
        services.close_account(user=administrator, reason="left", by=administrator, at=at)
    with refuses("own_account"):
        services.reset_second_factor(user=administrator, reason="lost_phone", by=administrator, at=at)

    assert Authenticator.objects.filter(user=administrator).exists()


def test_account_is_closed_once_and_opened_once(administrator: User, worker: User, at: datetime) -> None:
    with refuses("already_open"):
        services.reopen_account(user=worker, by=administrator, at=at)
    services.close_account(user=worker, reason="left", by=administrator, at=at)

    with refuses("already_closed"):
        services.close_account(user=worker, reason="left", by=administrator, at=at)


def test_second_step_that_was_never_set_up_is_not_reset(
    administrator: User, worker: User, at: datetime
) -> None:
    with refuses("no_second_factor"):
        services.reset_second_factor(user=worker, reason="lost_phone", by=administrator, at=at)


def test_two_accounts_do_not_share_an_e_mail(
    administrator: User, donor: User, station: Organisation, at: datetime
) -> None:
    with refuses("email_known"):
        services.invite_member(
            username="ann", name="安", email=donor.email.upper(), role=Role.AUDITOR, by=administrator, at=at
        )

    assert not User.objects.filter(username="ann").exists()


def test_own_telephone_has_eleven_digits(worker: User, at: datetime) -> None:
    with refuses("phone_unreadable"):
        services.edit_account(user=worker, name="周敏", phone="1380000123", by=worker, at=at)


@pytest.fixture
def locked(donor: User) -> Client:
    """A desk left alone for a quarter of an hour."""
    client = sign_in(donor)
    client.get("/seats/")
    change_session(client, last_seen=time.time() - 16 * 60)
    client.get("/seats/")
    return client


def said(response: object) -> list[tuple[str, str]]:
    """Field and code of each error of the form shown."""
    errors = response.context["form"].errors.as_data()  # type: ignore[attr-defined]
    return [(name, fault.code) for name, faults in errors.items() for fault in faults]


def test_wrong_password_opens_no_lock(locked: Client) -> None:
    before = everything()

    response = locked.post("/seats/unlock/", {"password": "Wrong-Word-1"})

    assert (response.status_code, said(response)) == (409, [("password", "password_wrong")])
    assert everything() == before
    assert locked.get("/seats/").headers["Location"].startswith("/seats/unlock/")


def test_guesses_spread_over_addresses_end_at_the_account(locked: Client) -> None:
    """Ten in five minutes, whatever the address; then the right word is not looked at either."""
    for number in range(10):
        locked.post("/seats/unlock/", {"password": "Wrong-Word-1"}, REMOTE_ADDR=f"10.0.0.{number}")

    response = locked.post("/seats/unlock/", {"password": PASSWORD}, REMOTE_ADDR="10.0.0.99")

    assert (response.status_code, said(response)) == (409, [("password", "too_many_tries")])
    assert locked.get("/seats/").headers["Location"].startswith("/seats/unlock/")


def test_wrong_code_does_not_count_as_a_fresh_one(worker: User, worker_client: Client) -> None:
    before = everything()

    response = worker_client.post("/seats/confirm/", {"code": "000000"})

    assert (response.status_code, said(response)) == (409, [("code", "code_wrong")])
    assert everything() == before
