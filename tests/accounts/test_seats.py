"""Seats: who may offer, take, switch and end them; each refusal leaves everything as it was."""

from collections.abc import Callable
from datetime import datetime
from functools import partial

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from accounts import services
from accounts.enums import MembershipState, OrganisationKind, Role
from accounts.models import Membership, Organisation, User
from common.actors import SYSTEM
from common.exceptions import Refused
from common.identity import uscc_check_character
from journal.models import Entry
from matching.models import Run
from tests.accounts.conftest import COUNTY, PASSWORD, seat_of, sign_in

pytestmark = pytest.mark.django_db


def counts() -> tuple[int, int, int]:
    return User.objects.count(), Membership.objects.count(), Entry.objects.count()


def refused(code: str, act: Callable[[], object]) -> None:
    before = counts()
    with pytest.raises(Refused) as caught:
        act()
    assert caught.value.code == code
    assert counts() == before


def test_invitation_becomes_a_seat_when_accepted(administrator: User, station: Organisation, at: datetime):
    seat = services.invite_member(
        username="ann",
        name="安",
        role=Role.SOCIAL_WORKER,
        prefix=COUNTY,
        organisation=station,
        by=administrator,
        at=at,
    )
    assert seat.state == MembershipState.INVITED
    assert seat.user.seat is None
    assert not seat.user.has_usable_password()

    services.accept_invitation(membership=seat, password=PASSWORD, by=seat.user, at=at)

    ann = User.objects.get(username="ann")
    assert ann.seat == seat
    assert ann.check_password(PASSWORD)
    assert Entry.objects.filter(action="accounts.membership.active", object_ref=seat.public_id).count() == 1


def test_invitation_is_used_once(administrator: User, worker: User, at: datetime):
    seat = seat_of(worker)

    refused(
        "invitation_used",
        lambda: services.accept_invitation(membership=seat, password="Other-Word-77", by=worker, at=at),
    )
    worker.refresh_from_db()
    assert worker.check_password(PASSWORD)


def test_invitation_of_somebody_else_is_refused(
    administrator: User, station: Organisation, worker: User, at: datetime
):
    seat = services.invite_member(
        username="ann",
        name="安",
        role=Role.SOCIAL_WORKER,
        prefix=COUNTY,
        organisation=station,
        by=administrator,
        at=at,
    )
    refused("not_yours", lambda: services.accept_invitation(membership=seat, by=worker, at=at))


def test_weak_password_is_refused(administrator: User, station: Organisation, at: datetime):
    seat = services.invite_member(
        username="ann",
        name="安",
        role=Role.SOCIAL_WORKER,
        prefix=COUNTY,
        organisation=station,
        by=administrator,
        at=at,
    )
    refused(
        "password_weak",
        lambda: services.accept_invitation(membership=seat, password="onlysmallletters", by=seat.user, at=at),
    )
    seat.user.refresh_from_db()
    assert not seat.user.has_usable_password()


@pytest.mark.parametrize(
    ("given", "code"),
    [
        ({"prefix": ""}, "area_missing"),
        ({"prefix": "99010"}, "area_unreadable"),
        ({"prefix": "999999"}, "area_unknown"),
        ({"prefix": "00"}, "area_too_wide"),
        ({"organisation": None}, "employer_missing"),
        ({"role": Role.AGENCY}, "role_unfit"),
        ({"username": "two words"}, "username_unreadable"),
        ({"name": " "}, "name_missing"),
    ],
)
def test_unfit_invitation_is_refused(
    administrator: User, station: Organisation, at: datetime, given: dict[str, object], code: str
):
    whole = {
        "username": "ann",
        "name": "安",
        "role": Role.SOCIAL_WORKER,
        "prefix": COUNTY,
        "organisation": station,
    }
    refused(code, lambda: services.invite_member(**{**whole, **given}, by=administrator, at=at))  # type: ignore[arg-type]


def test_workers_invite_nobody(worker: User, station: Organisation, at: datetime):
    refused(
        "not_yours_to_give",
        lambda: services.invite_member(
            username="bo",
            name="波",
            role=Role.SOCIAL_WORKER,
            prefix=COUNTY,
            organisation=station,
            by=worker,
            at=at,
        ),
    )


def test_same_seat_is_offered_once(administrator: User, worker: User, station: Organisation, at: datetime):
    refused(
        "seat_known",
        lambda: services.invite_member(
            username="worker",
            name="x",
            role=Role.SOCIAL_WORKER,
            prefix=COUNTY,
            organisation=station,
            by=administrator,
            at=at,
        ),
    )


def test_nobody_offers_a_seat_to_oneself(administrator: User, station: Organisation, at: datetime):
    refused(
        "own_invitation",
        lambda: services.invite_member(
            username="root",
            name="x",
            role=Role.SUPERVISOR,
            prefix=COUNTY,
            organisation=station,
            by=administrator,
            at=at,
        ),
    )


@pytest.mark.parametrize(
    ("held", "offered"),
    [
        (Role.AUDITOR, Role.SYSTEM_ADMIN),
        (Role.AUDITOR, Role.SECURITY_ADMIN),
        (Role.SECURITY_ADMIN, Role.SYSTEM_ADMIN),
        (Role.SECURITY_ADMIN, Role.AUDITOR),
        (Role.SYSTEM_ADMIN, Role.AUDITOR),
    ],
)
def test_separated_administrations_never_meet(
    administrator: User, hire: Callable[..., User], at: datetime, held: str, offered: str
):
    hire("ann", held, prefix="", organisation=None)

    refused(
        "separated_roles",
        lambda: services.invite_member(username="ann", name="x", role=offered, by=administrator, at=at),
    )


def test_manager_invites_into_the_own_organisation_and_role(donor: User, mill: Organisation, at: datetime):
    seat = services.invite_member(
        username="clerk", name="吴会计", role=Role.DONOR, organisation=mill, by=donor, at=at
    )
    assert seat.organisation == mill
    assert not seat.manages


def test_manager_cannot_invite_elsewhere(
    donor: User, mill: Organisation, station: Organisation, at: datetime
):
    foundation = services.create_organisation(
        name="清河慈善会", kind=OrganisationKind.ASSOCIATION, by=SYSTEM, at=at
    )
    elsewhere: list[tuple[Role, Organisation | None]] = [
        (Role.DONOR, foundation),
        (Role.EVALUATOR, mill),
        (Role.SOCIAL_WORKER, station),
        (Role.DONOR, None),
    ]
    for role, organisation in elsewhere:
        given = {"username": "clerk", "name": "x", "role": role, "organisation": organisation}
        refused("not_yours_to_give", partial(services.invite_member, **given, by=donor, at=at))  # type: ignore[arg-type]


def test_manager_reaches_a_known_account_by_name_and_mail_only(
    donor: User, worker: User, mill: Organisation, at: datetime
):
    refused(
        "account_known",
        lambda: services.invite_member(
            username="WORKER", name="x", role=Role.DONOR, organisation=mill, by=donor, at=at
        ),
    )


def test_invited_colleague_does_not_manage(donor: User, mill: Organisation, at: datetime):
    seat = services.invite_member(
        username="clerk", name="吴会计", role=Role.DONOR, organisation=mill, by=donor, at=at
    )
    services.accept_invitation(membership=seat, password=PASSWORD, by=seat.user, at=at)
    clerk = User.objects.get(username="clerk")

    refused(
        "not_yours_to_give",
        lambda: services.invite_member(
            username="third", name="x", role=Role.DONOR, organisation=mill, by=clerk, at=at
        ),
    )


def test_own_seat_only_in_an_organisation_without_people(donor: User, mill: Organisation, at: datetime):
    stranger = User.objects.create_user(username="eve", name="伊")

    refused(
        "invitation_needed",
        lambda: services.open_own_seat(user=stranger, role=Role.DONOR, organisation=mill, by=stranger, at=at),
    )
    assert stranger.seat is None


def test_own_seat_never_for_workers(station: Organisation, at: datetime):
    eve = User.objects.create_user(username="eve", name="伊")

    refused(
        "invitation_needed",
        lambda: services.open_own_seat(user=eve, role=Role.SUPERVISOR, organisation=station, by=eve, at=at),
    )


def test_first_administrator_is_created_once(administrator: User, at: datetime):
    refused(
        "not_the_first",
        lambda: services.create_first_administrator(username="second", name="二", at=at),
    )


def test_last_administrator_stays(administrator: User, at: datetime):
    seat = seat_of(administrator)

    refused(
        "last_administrator",
        lambda: services.end_membership(membership=seat, reason="left", by=administrator, at=at),
    )
    assert seat_of(administrator) == seat


def test_colleagues_without_charge_end_no_seat(worker: User, hire: Callable[..., User], at: datetime):
    other = hire("other")

    refused(
        "not_yours_to_end",
        lambda: services.end_membership(membership=seat_of(other), reason="left", by=worker, at=at),
    )


def test_ended_seat_opens_nothing(administrator: User, worker: User, worker_client: Client, at: datetime):
    assert worker_client.get("/admin/").status_code == 200

    services.end_membership(membership=seat_of(worker), reason="left", by=administrator, at=at)

    assert worker_client.get("/admin/").status_code in {302, 404}
    assert User.objects.get(pk=worker.pk).seat is None


def test_switch_changes_the_seat_of_the_session(
    administrator: User, donor: User, mill: Organisation, at: datetime
):
    foundation = services.create_organisation(
        name="清河慈善会", kind=OrganisationKind.ASSOCIATION, by=SYSTEM, at=at
    )
    second = services.open_own_seat(user=donor, role=Role.DONOR, organisation=foundation, by=donor, at=at)
    client = sign_in(donor)

    assert client.get("/seats/").context["seat"].organisation == mill
    assert client.post("/seats/switch/", {"seat": second.public_id}).status_code == 302
    assert client.get("/seats/").context["seat"] == second


def test_switch_to_another_persons_seat_is_not_found(donor: User, worker: User, at: datetime):
    client = sign_in(donor)

    assert client.post("/seats/switch/", {"seat": seat_of(worker).public_id}).status_code == 404
    refused("not_your_seat", lambda: services.switch_seat(membership=seat_of(worker), by=donor, at=at))


def test_organisation_is_registered_once_per_credit_code(administrator: User, at: datetime):
    given = {"name": "甲", "kind": OrganisationKind.ENTERPRISE, "uscc": "91350100M000100Y43"}
    services.create_organisation(**given, by=administrator, at=at)
    before = Organisation.objects.count()

    refused("organisation_known", lambda: services.create_organisation(**given, by=administrator, at=at))
    assert Organisation.objects.count() == before


def test_closed_account_loses_its_sessions(
    administrator: User, worker: User, worker_client: Client, at: datetime
):
    services.close_account(user=worker, reason="left", by=administrator, at=at)

    assert "/account/login/" in worker_client.get("/seats/").headers["Location"]
    services.reopen_account(user=worker, by=administrator, at=at)
    assert "/account/login/" in worker_client.get("/seats/").headers["Location"]


def test_ended_sessions_ask_to_sign_in_again(
    administrator: User, worker: User, worker_client: Client, at: datetime
):
    services.end_sessions(user=worker, by=administrator, at=at)

    assert "/account/login/" in worker_client.get("/seats/").headers["Location"]


def test_only_administrators_close_accounts(worker: User, donor: User, at: datetime):
    refused(
        "administrators_only", lambda: services.close_account(user=donor, reason="left", by=worker, at=at)
    )
    donor.refresh_from_db()
    assert donor.is_active


@pytest.mark.parametrize("role", [Role.SUPERVISOR, Role.OFFICER, Role.VIEWER])
def test_head_office_sees_the_whole_country(
    hire: Callable[..., User], administrator: User, at: datetime, role: str
):
    """A seat for 00 covers every area; the gate shows its rows wherever they are, and its role's alone."""
    office = services.create_organisation(
        name="部", kind=OrganisationKind.GOVERNMENT, by=administrator, at=at
    )
    more = {} if role == Role.SUPERVISOR else {"organisation": office}

    person = hire("head", role, prefix="00", **more)

    seat = seat_of(person)
    assert (seat.prefix, seat.covers("990101"), seat.covers("610000")) == ("", True, True)
    here, there = (
        Run.objects.create(
            prefix=prefix, on=at.date(), started_by="x", created_at=at, state="queued", state_since=at
        )
        for prefix in ("990101", "610102")
    )
    seen = set(Run.objects.visible_to(person))
    assert seen == ({here, there} if role == Role.SUPERVISOR else set())


def test_worker_of_one_county_sees_no_other(worker: User, at: datetime):
    Run.objects.create(
        prefix="610102", on=at.date(), started_by="x", created_at=at, state="queued", state_since=at
    )

    assert not Run.objects.all().visible_to(worker).exists()


@pytest.mark.parametrize("role", [Role.SOCIAL_WORKER, Role.VILLAGE_WORKER])
def test_database_keeps_field_workers_in_an_area(worker: User, role: str):
    with pytest.raises(IntegrityError), transaction.atomic():
        Membership.objects.filter(user=worker).update(role=role, prefix="")

    assert seat_of(worker).prefix == COUNTY


def credit_code(body: str = "91990101MA0000077") -> str:
    return body + uscc_check_character(body)


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"name": " "}, "name_missing"),
        ({"kind": "club"}, "kind_unknown"),
        ({"kind": OrganisationKind.PLATFORM_STATION}, "kind_unfit"),
        ({"uscc": "91990101MA00000770"}, "uscc_check_character"),
        ({"uscc": credit_code()}, "reason_missing"),
        ({"area": "12345"}, "area_unreadable"),
    ],
)
def test_unfit_correction_is_refused(
    administrator: User, donor: User, mill: Organisation, at: datetime, changes: dict[str, str], code: str
):
    refused(
        code,
        lambda: services.edit_organisation(organisation=mill, version=1, by=administrator, at=at, **changes),
    )

    mill.refresh_from_db()
    assert (mill.name, mill.kind, mill.uscc, mill.version) == ("清河面粉厂", "enterprise", None, 1)
    assert not Entry.objects.filter(action__startswith="organisation.edited").exists()


def test_credit_code_changes_with_a_reason_and_never_to_somebody_elses(
    administrator: User, station: Organisation, mill: Organisation, at: datetime
):
    services.edit_organisation(
        organisation=mill, version=1, uscc=credit_code(), reason="added", by=administrator, at=at
    )

    mill.refresh_from_db()
    assert mill.uscc == credit_code()
    entry = Entry.objects.get(action="organisation.code_changed", object_ref=mill.public_id)
    assert entry.parameters == {"reason": "added"}
    refused(
        "organisation_known",
        lambda: services.edit_organisation(
            organisation=station, version=1, uscc=credit_code(), reason="added", by=administrator, at=at
        ),
    )
    station.refresh_from_db()
    assert (station.uscc, station.version) == (None, 1)


def test_manager_cannot_rename_the_organisation(donor: User, mill: Organisation, at: datetime):
    refused(
        "not_yours_to_change",
        lambda: services.edit_organisation(organisation=mill, version=1, name="别的", by=donor, at=at),
    )

    mill.refresh_from_db()
    assert mill.name == "清河面粉厂"
