"""Pages of accounts: my account, my colleagues, the administrators' desk, the first administrator's command."""

from collections.abc import Callable
from datetime import datetime
from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts import services
from accounts.enums import MembershipState, Role
from accounts.models import Membership, Organisation, User
from journal.models import Entry
from tests.accounts.conftest import AT, COUNTY, PASSWORD, give_totp, seat_of, sign_in

pytestmark = pytest.mark.django_db


@pytest.fixture
def admin(administrator: User) -> Client:
    give_totp(administrator)
    return sign_in(administrator)


def test_account_page_keeps_the_phone_unless_a_new_one_is_written(donor: User, at: datetime):
    services.edit_account(user=donor, name="孙厂长", phone="13800138000", by=donor, at=at)
    client = sign_in(donor)
    page = client.get("/seats/account/").content.decode()
    assert "13800138000" not in page
    assert "138****8000" in page

    client.post("/seats/account/", {"name": "孙大厂长", "phone": "", "_key": "1"})
    donor = User.objects.get(pk=donor.pk)
    assert (donor.name, donor.phone) == ("孙大厂长", "13800138000")

    client.post("/seats/account/", {"name": "孙大厂长", "forget_phone": "on", "_key": "2"})
    donor = User.objects.get(pk=donor.pk)
    assert (donor.phone, donor.phone_index) == ("", None)


def test_unreadable_phone_changes_nothing(donor: User):
    answer = sign_in(donor).post("/seats/account/", {"name": "别名", "phone": "12345", "_key": "1"})

    assert answer.status_code == 409
    assert User.objects.get(pk=donor.pk).name == "孙厂长"


def test_other_sessions_end_and_this_one_stays(donor: User):
    here, there = sign_in(donor), sign_in(donor)

    here.post("/seats/account/leave/", {"_key": "1"})

    assert here.get("/seats/").status_code == 200
    assert there.get("/seats/").status_code == 302


def test_manager_invites_a_colleague_in_pages(donor: User):
    client = sign_in(donor)

    answer = client.post(
        "/seats/members/invite/", {"name": "吴会计", "username": "clerk", "manages": "on", "_key": "1"}
    )

    seat = Membership.objects.get(user__username="clerk")
    assert answer.headers["Location"] == f"/seats/members/{seat.public_id}/"
    assert "/seats/invitation/" in client.get(answer.headers["Location"]).context["link"]
    assert "吴会计" in client.get("/seats/members/").content.decode()


def test_double_click_invites_once(donor: User):
    client = sign_in(donor)
    given = {"name": "吴会计", "username": "clerk", "_key": "same"}

    answers = [client.post("/seats/members/invite/", given).headers["Location"] for _ in range(2)]

    assert answers[0] == answers[1]
    assert Membership.objects.filter(user__username="clerk").count() == 1


def test_members_of_another_organisation_are_not_found(donor: User, worker: User):
    client = sign_in(donor)
    other = seat_of(worker).public_id

    assert client.get(f"/seats/members/{other}/").status_code == 404
    assert client.post(f"/seats/members/{other}/end/", {"reason": "left", "_key": "1"}).status_code == 404
    assert seat_of(worker).state == MembershipState.ACTIVE


def test_colleague_sees_no_invitation_link(
    administrator: User, hire: Callable[..., User], worker: User, worker_client: Client, station: Organisation
):
    offered = services.invite_member(
        username="new",
        name="新",
        role=Role.SOCIAL_WORKER,
        prefix="990101",
        organisation=station,
        by=administrator,
        at=AT,
    )

    assert worker_client.get(f"/seats/members/{offered.public_id}/").status_code == 404


def test_administrator_ends_a_seat_in_pages(admin: Client, worker: User):
    seat = seat_of(worker)

    answer = admin.post(f"/seats/members/{seat.public_id}/end/", {"reason": "left", "_key": "1"})

    assert answer.headers["Location"] == "/admin/accounts/membership/"
    seat.refresh_from_db()
    assert seat.state == MembershipState.ENDED


@pytest.mark.parametrize(
    "page",
    [
        "/admin/",
        "/admin/accounts/",
        "/admin/accounts/user/",
        "/admin/accounts/organisation/",
        "/admin/accounts/organisation/register/",
        "/admin/accounts/membership/",
        "/admin/accounts/membership/invite/",
        "/admin/accounts/dutyconflict/",
    ],
)
def test_desk_pages_open_for_the_administrator_and_not_for_workers(
    admin: Client, worker_client: Client, duties: int, page: str
):
    assert admin.get(page).status_code == 200
    if page.count("/") > 3:
        assert worker_client.get(page).status_code in {403, 404}


def test_desk_refuses_unclear_organisations(admin: Client, worker: User):
    before = Membership.objects.count()
    given = {
        "role": "social_worker",
        "name": "x",
        "username": "xx",
        "prefix": "990101",
        "organisation": "?",
        "_key": "1",
    }

    answer = admin.post("/admin/accounts/membership/invite/", given)

    assert answer.status_code == 422
    assert Membership.objects.count() == before


def test_desk_looks_after_an_account(admin: Client, worker: User):
    page = f"/admin/accounts/user/{worker.public_id}/look-after/"
    assert admin.get(page).status_code == 200

    assert admin.post(page, {"act": "close", "reason": "left", "_key": "1"}).status_code == 302
    assert not User.objects.get(pk=worker.pk).is_active
    assert admin.post(page, {"act": "close", "reason": "left", "_key": "2"}).status_code == 409
    admin.post(page, {"act": "reopen", "reason": "mistake", "_key": "3"})
    assert User.objects.get(pk=worker.pk).is_active


def test_password_link_lets_its_holder_choose_a_password(admin: Client, worker: User):
    page = f"/admin/accounts/user/{worker.public_id}/look-after/"
    link = admin.post(page, {"act": "password_link", "reason": "forgotten", "_key": "1"}).context["link"]
    client = Client()

    form = client.get(link.removeprefix("http://testserver"), follow=True)
    address = form.redirect_chain[-1][0]
    client.post(address, {"password1": "Other-River-2027", "password2": "Other-River-2027"})

    assert User.objects.get(pk=worker.pk).check_password("Other-River-2027")


def test_step_the_page_does_not_have_is_refused(admin: Client, worker: User):
    page = f"/admin/accounts/user/{worker.public_id}/look-after/"

    assert admin.post(page, {"act": "make_auditor", "reason": "试试", "_key": "1"}).status_code == 400
    worker.refresh_from_db()
    assert worker.is_active


def test_admin_never_edits_or_deletes(admin: Client, worker: User):
    seat = seat_of(worker)

    assert admin.get(f"/admin/accounts/membership/{seat.public_id}/change/").status_code == 200
    assert (
        admin.post(f"/admin/accounts/membership/{seat.public_id}/change/", {"role": "donor"}).status_code
        == 403
    )
    assert (
        admin.post(f"/admin/accounts/membership/{seat.public_id}/delete/", {"post": "yes"}).status_code == 403
    )
    assert seat_of(worker).role == Role.SOCIAL_WORKER


def test_first_administrator_by_command_gets_a_link_that_works(db: None):
    out = StringIO()
    call_command("create_first_administrator", username="root", name="林系统", link=True, stdout=out)
    link = next(word for word in out.getvalue().split() if word.startswith("/seats/invitation/"))

    client = Client()
    client.post(link, {"password": PASSWORD, "repeated": PASSWORD, "_key": "1"})

    assert seat_of(User.objects.get(username="root")).role == Role.SYSTEM_ADMIN
    with pytest.raises(CommandError) as caught:
        call_command("create_first_administrator", username="second", name="二", link=True)
    assert caught.value.returncode == 2
    assert not User.objects.filter(username="second").exists()


def test_lists_cost_the_same_with_more_rows(admin: Client, donor: User, mill: Organisation, at: datetime):
    client = sign_in(donor)

    def cost() -> list[int]:
        found = []
        for who, page in [(client, "/seats/members/"), (admin, "/admin/accounts/membership/")]:
            with CaptureQueriesContext(connection) as queries:
                assert who.get(page).status_code == 200
            found.append(len(queries))
        return found

    cost()  # the first request of a session also writes the session
    before = cost()
    for number in range(3):
        services.invite_member(
            username=f"clerk{number}", name="x", role=Role.DONOR, organisation=mill, by=donor, at=at
        )

    assert cost() == before
    assert max(before) <= 9  # session, user, seats, the list, and what panels of other apps add


def test_administrator_corrects_an_organisation(admin: Client, mill: Organisation, administrator: User):
    page = f"/admin/accounts/organisation/{mill.public_id}/edit/"
    assert mill.name in admin.get(page).content.decode()
    given = {
        "name": "清河磨坊",
        "kind": "enterprise",
        "uscc": "",
        "reason": "",
        "area": COUNTY,
        "phone": "0914-1",
    }

    assert admin.post(page, {**given, "version": "1", "_key": "1"}).status_code == 302

    mill.refresh_from_db()
    assert (mill.name, mill.area, mill.phone, mill.version) == ("清河磨坊", COUNTY, "0914-1", 2)
    entry = Entry.objects.get(action="organisation.edited", object_ref=mill.public_id)
    assert entry.parameters["fields"] == ["area", "name", "phone"]


def test_stale_correction_shows_both_versions_field_by_field(admin: Client, mill: Organisation):
    page = f"/admin/accounts/organisation/{mill.public_id}/edit/"
    given = {"kind": "enterprise", "uscc": "", "reason": "", "area": "", "phone": ""}
    admin.post(page, {**given, "name": "清河磨坊", "version": "1", "_key": "1"})

    answer = admin.post(page, {**given, "name": "清河面坊", "version": "1", "_key": "2"})

    assert answer.status_code == 409
    text = answer.content.decode()
    assert "清河磨坊" in text
    assert "清河面坊" in text
    mill.refresh_from_db()
    assert (mill.name, mill.version) == ("清河磨坊", 2)


def test_manager_changes_only_how_the_office_is_reached(donor: User, mill: Organisation):
    client = sign_in(donor)
    given = {"phone": "0914-8888", "name": "别的名字", "version": "1", "_key": "1"}

    assert client.post("/seats/members/office/", given).status_code == 302

    mill.refresh_from_db()
    assert (mill.name, mill.phone) == ("清河面粉厂", "0914-8888")


def test_office_page_is_for_managers(worker_client: Client):
    assert worker_client.get("/seats/members/office/").status_code == 404
