"""Signing in: names and mails, lock-out by account and address, the second factor before anything else."""

from collections.abc import Callable
from datetime import datetime

import pytest
from allauth.mfa.models import Authenticator
from django.test import Client

from accounts import services
from accounts.enums import Role
from accounts.models import User
from journal.models import Entry
from tests.accounts.conftest import (
    PASSWORD,
    SECRET,
    change_session,
    give_totp,
    present_code,
    seat_of,
    sign_in,
)

pytestmark = pytest.mark.django_db


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def try_wrong(client: Client, login: str, times: int, address: str = "10.0.0.1") -> int:
    for _ in range(times):
        answer = client.post(
            "/account/login/", {"login": login, "password": "Wrong-Word-1"}, REMOTE_ADDR=address
        )
    return answer.status_code


@pytest.mark.parametrize("login", ["miller", "MILLER", "mill@example.org"])
def test_name_or_mail_signs_in(donor: User, login: str):
    client = Client()
    client.post("/account/login/", {"login": login, "password": PASSWORD})

    assert signed_in(client)
    assert Entry.objects.filter(action="session.opened", actor_ref=donor.public_id).count() == 1


def test_five_wrong_passwords_lock_account_and_address(donor: User, administrator: User):
    give_totp(administrator)
    client = Client()
    try_wrong(client, "miller", 5)

    answer = client.post("/account/login/", {"login": "miller", "password": PASSWORD}, REMOTE_ADDR="10.0.0.1")

    assert answer.status_code == 429
    assert not signed_in(client)
    assert Entry.objects.filter(action="session.locked_out", object_ref=donor.public_id).exists()


def test_name_and_mail_share_one_count(donor: User):
    client = Client()
    try_wrong(client, "miller", 3)
    try_wrong(client, "mill@example.org", 2)

    client.post("/account/login/", {"login": "miller", "password": PASSWORD}, REMOTE_ADDR="10.0.0.1")

    assert not signed_in(client)


def test_neighbour_behind_the_same_address_still_signs_in(donor: User):
    User.objects.create_user(username="neighbour", name="邻", password=PASSWORD)
    try_wrong(Client(), "miller", 6)

    client = Client()
    client.post("/account/login/", {"login": "neighbour", "password": PASSWORD}, REMOTE_ADDR="10.0.0.1")

    assert signed_in(client)


def test_same_account_from_another_address_still_signs_in(donor: User):
    try_wrong(Client(), "miller", 5)

    client = Client()
    client.post("/account/login/", {"login": "miller", "password": PASSWORD}, REMOTE_ADDR="10.0.0.2")

    assert signed_in(client)


def test_lock_out_counts_the_address_our_proxy_saw(donor: User, settings: object):
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1  # type: ignore[attr-defined]
    client = Client()
    for number in range(6):  # the visitor invents an address, the proxy appends the true one
        given = {"login": "miller", "password": "Wrong-Word-1"}
        seen = {"x-forwarded-for": f"10.9.9.{number}, 203.0.113.7"}
        answer = client.post("/account/login/", given, headers=seen)

    assert answer.status_code == 429
    right = {"login": "miller", "password": PASSWORD}
    client.post("/account/login/", right, headers={"x-forwarded-for": "203.0.113.8"})
    assert signed_in(client)


def test_sign_in_without_an_address_is_possible_inside_the_process(donor: User):
    client = Client()
    client.force_login(donor)

    assert signed_in(client)


def test_guesses_spread_over_addresses_are_bounded(donor: User):
    for number in range(10):
        try_wrong(Client(), "miller", 1, address=f"10.0.1.{number}")

    client = Client()
    client.post("/account/login/", {"login": "miller", "password": PASSWORD}, REMOTE_ADDR="10.0.2.1")

    assert not signed_in(client)


def test_address_of_a_whole_village_is_never_locked(donor: User):
    for number in range(40):
        try_wrong(Client(), f"villager{number}", 1)

    client = Client()
    answer = client.post("/account/login/", {"login": "miller", "password": PASSWORD}, REMOTE_ADDR="10.0.0.1")

    assert answer.status_code == 302
    assert signed_in(client)


def test_village_may_ask_for_new_passwords_and_sign_up_behind_one_address(db: None):
    asked = [
        Client().post("/account/password/reset/", {"email": f"villager{number}@example.org"})
        for number in range(25)
    ]
    signed_up = [Client().post("/account/signup/", {"username": f"villager{number}"}) for number in range(25)]

    assert {answer.status_code for answer in asked} == {302}
    assert 429 not in {answer.status_code for answer in signed_up}


def test_new_password_for_one_account_is_asked_five_times_a_minute(donor: User):
    codes = [
        Client().post("/account/password/reset/", {"email": "mill@example.org"}).status_code for _ in range(6)
    ]

    assert codes == [302] * 5 + [429]


def test_unknown_and_known_names_get_the_same_answer(donor: User):
    answers = [
        Client().post("/account/login/", {"login": login, "password": "Wrong-Word-1"})
        for login in ("miller", "nobody")
    ]

    assert answers[0].status_code == answers[1].status_code
    errors = [list(answer.context["form"].errors.values()) for answer in answers]
    assert errors[0] == errors[1]


@pytest.mark.parametrize(
    "role", [Role.SOCIAL_WORKER, Role.SUPERVISOR, Role.VILLAGE_WORKER, Role.AUDITOR, Role.SECURITY_ADMIN]
)
def test_roles_with_personal_data_set_up_the_second_step_first(hire: Callable[..., User], role: str):
    client = sign_in(hire("ann", role))

    for page in ("/seats/", "/admin/", "/seats/members/", "/", "/seats/account/", "/account/email/"):
        answer = client.get(page)
        assert (answer.status_code, answer.headers["Location"]) == (302, "/account/2fa/totp/activate/")


def test_password_of_the_sign_in_is_not_asked_twice_in_five_minutes(worker: User):
    client = sign_in(worker)

    assert client.get("/account/2fa/totp/activate/").status_code == 200

    proofs = client.session["account_authentication_methods"]
    change_session(client, account_authentication_methods=[{**one, "at": one["at"] - 301} for one in proofs])
    answer = client.get("/account/2fa/totp/activate/")
    assert answer.status_code == 302
    assert "reauthenticate" in answer.headers["Location"]


@pytest.mark.django_db(transaction=True)
def test_setting_up_the_second_step_opens_the_desk(worker: User):
    client = sign_in(worker)
    change_session(client, **{"mfa.totp.secret": SECRET})

    client.post("/account/2fa/totp/activate/", {"code": present_code()})

    assert Authenticator.objects.filter(user=worker, type="totp").exists()
    assert client.get("/seats/").status_code == 200
    assert Entry.objects.filter(action="account.second_factor_set").count() == 1


def test_secret_of_the_second_step_is_encrypted(worker: User):
    give_totp(worker)

    stored = Authenticator.objects.get(user=worker).data["secret"]

    assert SECRET not in stored
    assert Authenticator.objects.get(user=worker).wrap().validate_code(present_code())


def test_wrong_code_does_not_sign_in(worker: User):
    give_totp(worker)
    client = Client()
    client.post("/account/login/", {"login": "worker", "password": PASSWORD})

    client.post("/account/2fa/authenticate/", {"code": "000000"})

    assert not signed_in(client)


def test_right_code_signs_in(worker_client: Client):
    assert worker_client.get("/seats/").status_code == 200


def test_session_without_proof_is_asked_for_the_code(worker: User):
    client = sign_in(worker)
    give_totp(worker)

    answer = client.get("/seats/")

    assert answer.headers["Location"].startswith("/seats/confirm/?next=")
    answer = client.post("/seats/confirm/?next=/seats/", {"code": present_code()})
    assert answer.headers["Location"] == "/seats/"
    assert client.get("/seats/").status_code == 200


def test_second_step_cannot_be_switched_off_by_a_worker(worker: User, worker_client: Client):
    worker_client.post("/account/2fa/reauthenticate/", {"code": present_code()})

    worker_client.post("/account/2fa/totp/deactivate/")

    assert Authenticator.objects.filter(user=worker).exists()


def test_reset_second_step_ends_sessions_and_asks_to_set_up(
    administrator: User, worker: User, worker_client: Client, at: datetime
):
    services.reset_second_factor(user=worker, reason="lost_phone", by=administrator, at=at)

    assert "/account/login/" in worker_client.get("/seats/").headers["Location"]
    assert sign_in(worker).get("/seats/").headers["Location"] == "/account/2fa/totp/activate/"


def test_donor_needs_no_second_step(donor: User):
    assert sign_in(donor).get("/seats/").status_code == 200


def test_own_registration_asks_the_name(db: None):
    given = {"username": "newmill", "email": "n@example.org", "password1": PASSWORD, "password2": PASSWORD}

    assert Client().post("/account/signup/", given).status_code == 422
    assert not User.objects.filter(username="newmill").exists()

    Client().post("/account/signup/", {**given, "name": "新磨坊"})
    user = User.objects.get(username="newmill")
    assert user.name == "新磨坊"
    assert Entry.objects.filter(
        action="account.created", object_ref=user.public_id, actor_ref=user.public_id
    ).exists()


def test_what_sign_up_does_not_take_is_said_in_chinese_with_what_to_do(donor: User):
    short = {"username": donor.username, "email": "n@example.org", "name": "新磨坊"}

    page = Client().post("/account/signup/", {**short, "password1": "12345", "password2": "54321"})

    said = page.content.decode()
    assert page.status_code == 422
    for words in ("密码太短，至少要 10 个字符。", "这个用户名已有人用，换一个。"):
        assert words in said
    assert User.objects.filter(name="新磨坊").count() == 0
    assert Client().post("/account/login/", {"login": "nobody", "password": "x"}).status_code == 422


def test_fresh_registration_sets_up_the_second_step_without_a_second_password(db: None):
    given = {"username": "newmill", "email": "n@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client = Client()
    client.post("/account/signup/", {**given, "name": "新磨坊"})

    page = client.get("/account/2fa/totp/activate/")

    assert page.status_code == 200
    assert "您的账号会更安全" in page.content.decode()


def test_registration_counts_for_five_minutes_and_for_this_session_alone(db: None):
    given = {"username": "newmill", "email": "n@example.org", "password1": PASSWORD, "password2": PASSWORD}
    client = Client()
    client.post("/account/signup/", {**given, "name": "新磨坊"})
    proofs = client.session["account_authentication_methods"]
    change_session(client, account_authentication_methods=[{**one, "at": one["at"] - 301} for one in proofs])
    other = Client()
    other.force_login(User.objects.get(username="newmill"))

    for browser in (client, other):
        answer = browser.get("/account/2fa/totp/activate/")
        assert answer.status_code == 302
        assert "reauthenticate" in answer.headers["Location"]


@pytest.mark.parametrize("password", ["Short-1", "alllowercaseletters", "ALLCAPITALS", "1234567890123"])
def test_weak_passwords_are_refused_at_registration(db: None, password: str):
    given = {"username": "newmill", "name": "新", "email": "n@example.org"}

    Client().post("/account/signup/", {**given, "password1": password, "password2": password})

    assert not User.objects.filter(username="newmill").exists()


def test_chinese_unless_chosen_otherwise(donor: User):
    client = Client(headers={"accept-language": "en"})
    assert client.get("/account/login/").headers["Content-Language"] == "zh-hans"

    answer = client.post("/language/", {"language": "en", "next": "/account/login/?next=/seats/"})

    assert answer.headers["Location"] == "/account/login/?next=/seats/"
    assert client.get("/account/login/").headers["Content-Language"] == "en"


def test_desk_sends_strangers_to_sign_in_and_donors_nowhere(donor: User):
    assert Client().get("/admin/").headers["Location"].startswith("/")
    answer = Client().get("/admin/", follow=True)
    assert answer.redirect_chain[-1][0].startswith("/account/login/")

    assert sign_in(donor).get("/admin/", follow=True).status_code == 404


def test_invitation_link_sets_the_password_and_leads_to_the_second_step(
    administrator: User, worker: User, at: datetime
):
    give_totp(administrator)
    admin = sign_in(administrator)
    given = {"role": "auditor", "name": "钱审计", "username": "auditor", "_key": "k1"}

    answer = admin.post("/admin/accounts/membership/invite/", given)
    page = admin.get(answer.headers["Location"])
    link = page.context["link"].removeprefix("http://testserver")
    client = Client()
    assert client.get(link).status_code == 200
    wrong = client.post(link, {"password": PASSWORD, "repeated": "Different-99", "_key": "k2"})
    assert wrong.status_code == 422

    answer = client.post(link, {"password": PASSWORD, "repeated": PASSWORD, "_key": "k3"})

    assert answer.headers["Location"] == "/seats/"
    assert client.get("/seats/").headers["Location"] == "/account/2fa/totp/activate/"
    page = client.get("/account/2fa/totp/activate/")
    assert page.status_code == 200
    assert "接触个人信息" in page.content.decode()
    assert seat_of(User.objects.get(username="auditor")).role == Role.AUDITOR
    assert Client().get(link).status_code == 410


def test_changed_invitation_link_opens_nothing(db: None):
    assert Client().get("/seats/invitation/abc:def:ghi/").status_code == 410
